"""Every function runs as built, under the real Lambda runtime client, with every event that it is triggered by.

The functions' own parts are real as well: their settings are the deployed functions', and they call the stack under
test. Nothing but Lambda's own packages is importable beside the artefact and its layers.
"""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from standardwebhooks import Webhook

from stack.artefacts import ARTEFACTS
from stack.places import BUILT, ROOT
from tests.component.receivers import Receiver, listening
from tests.component.runtime import Function, FunctionError, furnish, running
from tests.integration.support import Api, Stack, deployed

EVENTS = ROOT / "events"
LOGICAL = {
    "analyze": "AnalyzeFunction",
    "retrain": "RetrainFunction",
    "authorizer": "AuthorizerFunction",
    "ws_connect": "WsConnectFunction",
    "broadcast": "BroadcastFunction",
    "alerts": "AlertsFunction",
}

Start = Callable[[str], Function]


def event(name: str) -> dict[str, Any]:
    """Return an event of the folder ``events``."""
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return found


@pytest.fixture(scope="module")
def stack() -> Stack:
    """Return the stack under test."""
    found = deployed()
    if not found.local:
        pytest.skip("SKIPPED LOUDLY: built functions run on this machine only beside a local stack")
    return found


@pytest.fixture(scope="module")
def settings(stack: Stack) -> Callable[[str], dict[str, str]]:
    """Return what the deployed functions find in their environment."""
    functions = boto3.client("lambda", endpoint_url=stack.endpoint_url, region_name=stack.region)

    def read(name: str) -> dict[str, str]:
        deployed_name = stack.outputs[f"{LOGICAL[name]}Name"]
        found = functions.get_function_configuration(FunctionName=deployed_name)
        return dict(found["Environment"]["Variables"])

    return read


@pytest.fixture(scope="module")
def start(
    stack: Stack, settings: Callable[[str], dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Start]:
    """Start functions, each once."""
    runtime = tmp_path_factory.mktemp("runtime")
    logs = tmp_path_factory.mktemp("logs")
    furnish(runtime)
    started: dict[str, Function] = {}
    with ExitStack() as exits:

        def function(name: str) -> Function:
            if name not in started:
                artefact = ARTEFACTS[LOGICAL[name]]
                started[name] = exits.enter_context(
                    running(
                        f"{name}.app.handler",
                        artefact=BUILT / artefact.logical_id,
                        layers=[BUILT / layer for layer in artefact.layers],
                        runtime=runtime,
                        environment={
                            **settings(name),
                            "AWS_ENDPOINT_URL": str(stack.endpoint_url),
                            "AWS_ACCESS_KEY_ID": "test",
                            "AWS_SECRET_ACCESS_KEY": "test",
                            "AWS_DEFAULT_REGION": stack.region,
                            "AWS_REGION": stack.region,
                        },
                        log=logs / f"{name}.log",
                    )
                )
            return started[name]

        yield function


@pytest.fixture
def receiver(settings: Callable[[str], dict[str, str]]) -> Iterator[Receiver]:
    """Listen where the stack sends its webhooks."""
    url = urlsplit(settings("alerts").get("WEBHOOK_URL", ""))
    if url.hostname != "127.0.0.1" or url.port is None:
        pytest.skip("SKIPPED LOUDLY: this stack does not send its webhooks to this machine (parameter WebhookUrl)")
    with listening(Receiver(port=url.port)) as found:
        yield found


def _effect(policy: dict[str, Any]) -> str:
    (statement,) = policy["policyDocument"]["Statement"]
    return str(statement["Effect"])


def _json_of(answer: dict[str, Any]) -> Any:
    body = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"]
    return json.loads(body)


def test_every_function_has_events_and_every_event_has_a_function() -> None:
    names = {path.stem.split("-")[0] for path in EVENTS.glob("*.json")}
    assert names == set(LOGICAL)
    assert set(LOGICAL.values()) == {name for name, artefact in ARTEFACTS.items() if not artefact.is_layer}


def test_analyze(start: Start) -> None:
    answer = start("analyze")(event("analyze-rest"))
    assert answer["statusCode"] == 200, answer
    verdict = _json_of(answer)
    assert verdict["risk_level"] in {"High", "Critical"}
    assert verdict["sender"]["phone_number"] == "+12025550143"
    assert abs(sum(reason["points"] for reason in verdict["reasons"]) - verdict["risk_score"]) <= 1


def test_analyze_refuses_what_is_no_json(start: Start) -> None:
    broken = event("analyze-rest") | {"body": base64.b64encode(b"\xff{").decode()}
    answer = start("analyze")(broken)
    assert answer["statusCode"] == 400
    assert _json_of(answer)["code"] == "malformed_body"


def test_retrain(start: Start) -> None:
    answer = start("retrain")(event("retrain-rest"))
    assert answer["statusCode"] == 200, answer
    result = _json_of(answer)
    assert result["new_training_samples"] == 4
    assert (result["scam_samples"], result["legitimate_samples"]) == (2, 2)
    assert result["status"] == ("success" if result["promoted"] else "refused")


def test_retrain_is_for_admins(start: Start) -> None:
    request = event("retrain-rest")
    request["requestContext"]["authorizer"]["role"] = "analyst"
    answer = start("retrain")(request)
    assert answer["statusCode"] == 403
    assert _json_of(answer)["code"] == "role_forbidden"


def test_retrain_reports_a_job_that_it_does_not_know(start: Start) -> None:
    request = event("retrain-queue")
    failed = [{"itemIdentifier": request["Records"][0]["messageId"]}]
    assert start("retrain")(request) == {"batchItemFailures": failed}


def test_authorizer_turns_strangers_away(start: Start) -> None:
    for name in ("authorizer-rest", "authorizer-websocket"):
        assert _effect(start("authorizer")(event(name))) == "Deny"


@pytest.mark.parametrize("role", ["client", "analyst", "admin"])
def test_authorizer_lets_keys_in(start: Start, stack: Stack, role: str) -> None:
    request = event("authorizer-rest")
    request["headers"]["X-API-KEY"] = stack.keys[role]
    policy = start("authorizer")(request)
    assert _effect(policy) == "Allow"
    assert policy["context"]["role"] == role


def test_authorizer_lets_a_ticket_in_once(start: Start, stack: Stack) -> None:
    ticket = Api(stack.api_url, stack.keys["analyst"]).ok("POST", "/dashboard/ticket")["ticket"]
    request = event("authorizer-websocket")
    request["queryStringParameters"] = {"ticket": ticket}
    assert _effect(start("authorizer")(request)) == "Allow"
    assert _effect(start("authorizer")(request)) == "Deny"


def test_ws_connect(start: Start, settings: Callable[[str], dict[str, str]], stack: Stack) -> None:
    dynamodb = boto3.client("dynamodb", endpoint_url=stack.endpoint_url, region_name=stack.region)
    connected = event("ws_connect-connect")["requestContext"]["connectionId"]
    row = partial(
        dynamodb.get_item,
        TableName=settings("ws_connect")["TABLE_CONNECTIONS"],
        Key={"hub": {"S": "console"}, "connection_id": {"S": connected}},
    )
    for name, there in (("connect", True), ("disconnect", False), ("connect", True)):
        assert start("ws_connect")(event(f"ws_connect-{name}")) == {"statusCode": 200}
        assert ("Item" in row()) is there
    # Nobody is behind this connection, and the gateway says so when it is answered.
    assert start("ws_connect")(event("ws_connect-default")) == {"statusCode": 200}
    assert "Item" not in row()


def test_ws_connect_is_for_staff(start: Start) -> None:
    request = event("ws_connect-connect")
    request["requestContext"]["authorizer"]["role"] = "client"
    assert start("ws_connect")(request) == {"statusCode": 403}


@pytest.mark.parametrize("name", ["broadcast-stream", "broadcast-retry"])
def test_broadcast(
    start: Start, settings: Callable[[str], dict[str, str]], stack: Stack, receiver: Receiver, name: str
) -> None:
    dynamodb = boto3.client("dynamodb", endpoint_url=stack.endpoint_url, region_name=stack.region)
    assert start("broadcast")(event(name)) == {"batchItemFailures": []}
    marker = {"id": {"S": "counted#01KAQXPB00EXAMP1ECR1T1CA1A"}}
    assert "Item" in dynamodb.get_item(TableName=settings("broadcast")["TABLE_IDEMPOTENCY"], Key=marker)


def test_broadcast_follows_feedback(start: Start, settings: Callable[[str], dict[str, str]], stack: Stack) -> None:
    assert start("broadcast")(event("broadcast-feedback")) == {"batchItemFailures": []}
    s3 = boto3.client("s3", endpoint_url=stack.endpoint_url, region_name=stack.region)
    kept = "labels/feedback/01KAQXPB00EXAMP1ECR1T1CA1A/000001.jsonl"
    line = json.loads(s3.get_object(Bucket=settings("broadcast")["MODEL_BUCKET"], Key=kept)["Body"].read())
    assert (line["label"], line["message_id"]) == ("legitimate", "01KAQXPB00EXAMP1ECR1T1CA1A")


def test_broadcast_reports_what_is_no_task(start: Start) -> None:
    request = event("broadcast-retry")
    request["Records"][0]["body"] = "{}"
    failed = [{"itemIdentifier": request["Records"][0]["messageId"]}]
    assert start("broadcast")(request) == {"batchItemFailures": failed}


def test_alerts(
    start: Start,
    settings: Callable[[str], dict[str, str]],
    stack: Stack,
    receiver: Receiver,
    request: pytest.FixtureRequest,
) -> None:
    assert start("alerts")(event("alerts-queue")) == {"batchItemFailures": []}
    message_id = f"component-{id(request)}"
    fresh = _job(message_id)
    for _ in range(2):
        assert start("alerts")(fresh) == {"batchItemFailures": []}
    ((line, headers, body),) = [found for found in receiver.requests if message_id.encode() in found[2]]
    assert line.startswith("POST /")
    secret = boto3.client("secretsmanager", endpoint_url=stack.endpoint_url, region_name=stack.region).get_secret_value(
        SecretId=settings("alerts")["WEBHOOK_SECRET_ARN"]
    )["SecretString"]
    assert Webhook(f"whsec_{secret}").verify(body, headers)["data"]["message_id"] == message_id


def _job(message_id: str) -> dict[str, Any]:
    """Return a job that delivers the sample's event, as if it were about another message."""
    found = event("alerts-queue")
    (record,) = found["Records"]
    sample = json.loads(record["body"])
    about = {"id": f"evt_{message_id}", "data": sample["data"] | {"message_id": message_id}}
    record["body"] = json.dumps({"endpoint_id": "ep_template", "event": sample | about})
    return found


def test_alerts_reports_what_was_not_delivered(start: Start, receiver: Receiver) -> None:
    receiver.answer = lambda connection, _over: connection.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
    failing = _job(f"component-{id(receiver)}")
    (record,) = failing["Records"]
    assert start("alerts")(failing) == {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}


def test_an_error_is_an_error_and_not_an_answer(start: Start) -> None:
    with pytest.raises(FunctionError, match="KeyError"):
        start("ws_connect")({})
    assert start("ws_connect")(event("ws_connect-disconnect")) == {"statusCode": 200}


def test_functions_find_only_what_their_artefacts_bring(tmp_path: Path) -> None:
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    furnish(runtime)
    with (
        running(
            "analyze.app.handler",
            artefact=BUILT / "AnalyzeFunction",
            layers=[],
            runtime=runtime,
            environment={},
            log=tmp_path / "log",
        ) as function,
        pytest.raises(FunctionError, match=r"hookline_core|aws_lambda_powertools"),
    ):
        function(event("analyze-rest"))
