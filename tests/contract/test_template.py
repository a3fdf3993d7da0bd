"""The template keeps its promises to the functions, the callers and the people who run it."""

import importlib
import json
import pkgutil
import re
import string
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alerts.settings import AlertsSettings
from hookline_core.settings import Settings

from stack.artefacts import ARTEFACTS
from stack.places import ROOT, TEMPLATE
from stack.template import deployment_id, load

GLOBAL_VARIABLES = {"POWERTOOLS_METRICS_NAMESPACE", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME"}
OPEN_PATHS = {
    ("GET", "/health"),
    ("GET", "/docs"),
    ("GET", "/redoc"),
    ("GET", "/openapi.json"),
    ("GET", "/dashboard"),
    ("GET", "/dashboard/{proxy+}"),
}
CLOSED_PATHS = {
    ("POST", "/dashboard/ticket"): "AnalyzeFunction",
    ("ANY", "/{proxy+}"): "AnalyzeFunction",
    ("ANY", "/retrain"): "RetrainFunction",
    ("ANY", "/retrain/{proxy+}"): "RetrainFunction",
    ("ANY", "/models"): "RetrainFunction",
    ("ANY", "/models/{proxy+}"): "RetrainFunction",
}
RESPONSE_TYPES = {
    *("ACCESS_DENIED", "API_CONFIGURATION_ERROR", "AUTHORIZER_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE"),
    *("BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS", "DEFAULT_4XX", "DEFAULT_5XX", "EXPIRED_TOKEN"),
    *("INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT", "INVALID_API_KEY", "INVALID_SIGNATURE"),
    *("MISSING_AUTHENTICATION_TOKEN", "QUOTA_EXCEEDED", "REQUEST_TOO_LARGE", "RESOURCE_NOT_FOUND", "THROTTLED"),
    *("UNAUTHORIZED", "UNSUPPORTED_MEDIA_TYPE", "WAF_FILTERED"),
}
PERSONAL = {
    *("MessagesTable", "FeedbackTable", "LabelsTable", "SendersTable", "ModelsTable", "KeysTable"),
    "EndpointsTable",
}


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return load(TEMPLATE)


def of_type(template: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: body for name, body in template["Resources"].items() if body["Type"] == kind}


def properties(template: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: body["Properties"] for name, body in of_type(template, kind).items()}


def path_of(template: dict[str, Any], reference: dict[str, Any]) -> str:
    if "Ref" not in reference:
        return ""  # the root
    resource = template["Resources"][reference["Ref"]]["Properties"]
    return f"{path_of(template, resource['ParentId'])}/{resource['PathPart']}"


def methods(template: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    found = properties(template, "AWS::ApiGateway::Method").values()
    return {(method["HttpMethod"], path_of(template, method["ResourceId"])): method for method in found}


def test_template_is_clean() -> None:
    lint = [Path(sys.executable).parent / "cfn-lint", "--append-rules", "infra/lint", "--", "infra/template.yaml"]
    done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_artefacts_are_those_of_the_template(template: dict[str, Any]) -> None:
    functions = properties(template, "AWS::Serverless::Function")
    layers = properties(template, "AWS::Serverless::LayerVersion")
    assert set(ARTEFACTS) == set(functions) | set(layers)
    for name, function in functions.items():
        artefact = ARTEFACTS[name]
        assert function["Handler"] == f"{artefact.package.name}.app.handler"
        assert [layer["Ref"] for layer in function["Layers"]] == list(artefact.layers)


def test_each_function_has_a_role_of_its_own(template: dict[str, Any]) -> None:
    functions = properties(template, "AWS::Serverless::Function").values()
    roles = [function["Role"]["Fn::GetAtt"][0] for function in functions]
    assert len(set(roles)) == len(roles)


def settings_of(package: str) -> list[type[Settings]]:
    """Return the settings that a function's package defines."""
    module = importlib.import_module(package)
    modules = [importlib.import_module(f"{package}.{found.name}") for found in pkgutil.iter_modules(module.__path__)]
    return [
        thing
        for part in modules
        for thing in vars(part).values()
        if isinstance(thing, type) and issubclass(thing, Settings) and thing.__module__ == part.__name__
    ]


@pytest.mark.parametrize(
    "logical_id", [name for name, artefact in ARTEFACTS.items() if not artefact.is_layer and name.endswith("Function")]
)
def test_function_gets_the_settings_it_reads_and_no_more(template: dict[str, Any], logical_id: str) -> None:
    given = template["Resources"][logical_id]["Properties"]["Environment"]["Variables"]
    read = settings_of(ARTEFACTS[logical_id].package.name)
    required = {name.upper() for kind in read for name, field in kind.model_fields.items() if field.is_required()}
    known = {name.upper() for kind in read for name in kind.model_fields}
    assert required <= set(given)
    assert set(given) - GLOBAL_VARIABLES <= known


def test_open_paths_are_these_and_no_others(template: dict[str, Any]) -> None:
    found = methods(template)
    assert {where for where, method in found.items() if method["AuthorizationType"] == "NONE"} == OPEN_PATHS
    assert set(found) == OPEN_PATHS | set(CLOSED_PATHS)


def test_closed_paths_need_a_key_and_a_role(template: dict[str, Any]) -> None:
    found = methods(template)
    for where, function in CLOSED_PATHS.items():
        assert found[where]["ApiKeyRequired"] is True
        assert found[where]["AuthorizationType"] == "CUSTOM"
        assert f"${{{function}.Arn}}" in found[where]["Integration"]["Uri"]["Fn::Sub"]


def test_deployment_is_up_to_date_and_waits_for_all_it_deploys(template: dict[str, Any]) -> None:
    name = deployment_id(template)
    assert name in template["Resources"], "run: make revision"
    deployed = {
        *of_type(template, "AWS::ApiGateway::Method"),
        *of_type(template, "AWS::ApiGateway::GatewayResponse"),
    }
    assert set(template["Resources"][name]["DependsOn"]) == deployed


def test_the_gateways_own_answers_are_problems(template: dict[str, Any]) -> None:
    responses = properties(template, "AWS::ApiGateway::GatewayResponse").values()
    assert {response["ResponseType"] for response in responses} == RESPONSE_TYPES
    for response in responses:
        problem = json.loads(response["ResponseTemplates"]["application/json"])
        headers = response["ResponseParameters"]
        assert set(problem) == {"type", "title", "status", "detail", "code", "request_id"}
        assert str(problem["status"]) == response["StatusCode"]
        assert re.fullmatch(r"[a-z_]+", problem["code"])
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
        assert ("gatewayresponse.header.Retry-After" in headers) == (problem["status"] == 429)


def test_what_cannot_be_made_again_is_kept(template: dict[str, Any]) -> None:
    kept = {name for name, body in template["Resources"].items() if body.get("DeletionPolicy") == "Retain"}
    assert kept == PERSONAL | {"ModelBucket", "SigningKey"}
    for name in PERSONAL:
        recovery = template["Resources"][name]["Properties"]["PointInTimeRecoverySpecification"]
        assert recovery == {"PointInTimeRecoveryEnabled": {"Fn::If": ["IsAws", True, False]}}


def test_everything_at_rest_is_encrypted(template: dict[str, Any]) -> None:
    assert all(
        table["SSESpecification"]["SSEEnabled"] for table in properties(template, "AWS::DynamoDB::Table").values()
    )
    assert all(queue["SqsManagedSseEnabled"] for queue in properties(template, "AWS::SQS::Queue").values())
    bucket = template["Resources"]["ModelBucket"]["Properties"]
    assert bucket["BucketEncryption"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}


def test_only_retraining_signs_models(template: dict[str, Any]) -> None:
    def actions(role: str) -> set[str]:
        policies = template["Resources"][role]["Properties"]["Policies"]
        statements = [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
        return {action for statement in statements for action in statement["Action"]}

    signing = {role for role in of_type(template, "AWS::IAM::Role") if "kms:GenerateMac" in actions(role)}
    assert signing == {"RetrainRole"}
    assert "kms:VerifyMac" in actions("AnalyzeRole")


def test_function_errors_and_throttles_raise_alarms(template: dict[str, Any]) -> None:
    watched = {
        (alarm["MetricName"], dimension["Value"]["Ref"])
        for alarm in properties(template, "AWS::CloudWatch::Alarm").values()
        for dimension in alarm["Dimensions"]
        if dimension["Name"] == "FunctionName" and alarm["AlarmActions"] == [{"Ref": "OperationsTopic"}]
    }
    functions = of_type(template, "AWS::Serverless::Function")
    assert {(metric, name) for metric in ("Errors", "Throttles") for name in functions} <= watched


def test_what_fails_in_silence_raises_an_alarm(template: dict[str, Any]) -> None:
    alarms = properties(template, "AWS::CloudWatch::Alarm").values()
    own = {alarm["MetricName"]: alarm["Dimensions"] for alarm in alarms if alarm["Namespace"] == "Hookline"}
    analyze = [{"Name": "service", "Value": "analyze"}]
    assert own == {"ModelArtefactRejected": analyze, "ChallengerFailed": analyze}


def test_the_dead_letters_of_a_queue_are_counted_once(template: dict[str, Any]) -> None:
    variables = properties(template, "AWS::Serverless::Function")["AnalyzeFunction"]["Environment"]["Variables"]
    dead = [queue.get("dead") for queue in json.loads(variables["QUEUES"]["Fn::Sub"])]
    queues = of_type(template, "AWS::SQS::Queue")
    assert sorted(filter(None, dead)) == sorted(f"${{{name}}}" for name in queues if name.endswith("DeadLetters"))


def test_parameters_and_outputs_are_described(template: dict[str, Any]) -> None:
    for part in ("Parameters", "Outputs"):
        assert all(body.get("Description") for body in template[part].values()), part


def test_webhook_secret_is_valid_base64(template: dict[str, Any]) -> None:
    made = template["Resources"]["WebhookSecret"]["Properties"]["GenerateSecretString"]
    assert set(string.punctuation) <= set(made["ExcludeCharacters"])
    assert made["PasswordLength"] % 4 == 0
    assert 24 <= made["PasswordLength"] * 3 // 4 <= 64  # bytes that Standard Webhooks wants


def test_no_secret_stands_in_the_template(template: dict[str, Any]) -> None:
    assert not of_type(template, "AWS::ApiGateway::ApiKey")
    assert "SecretString" not in template["Resources"]["WebhookSecret"]["Properties"]


def test_the_waits_are_those_of_the_function_and_end_before_the_queue_forgets(template: dict[str, Any]) -> None:
    waits = tuple(map(int, template["Parameters"]["WebhookRetrySeconds"]["Default"].split(",")))
    assert waits == AlertsSettings.model_fields["webhook_retry_seconds"].default
    queue = template["Resources"]["AlertQueue"]["Properties"]
    assert sum(waits) * 1.1 < queue["MessageRetentionPeriod"]
    # Each half a day of waiting is one receipt more; the queue's own count must never be first to give up.
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 1000
