"""Each house rule lets the good template pass and catches the fault it is there for."""

import copy
from typing import Any

import pytest
from cfnlint.template import Template

from infra.lint.house_rules import (
    DeadLettersRaiseAlarm,
    EventSourceHasFailureDestination,
    FunctionHasLogGroup,
    RoleNamesWhatItMay,
    TemporaryRowsExpire,
)

GOOD: dict[str, Any] = {
    "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 30}},
    "Function": {"Type": "AWS::Lambda::Function", "Properties": {"LoggingConfig": {"LogGroup": {"Ref": "Logs"}}}},
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "Policies": [
                {
                    "PolicyDocument": {
                        "Statement": [
                            {"Action": ["xray:PutTraceSegments"], "Resource": "*"},
                            {"Action": "dynamodb:GetItem", "Resource": {"Fn::GetAtt": ["Table", "Arn"]}},
                        ]
                    }
                }
            ]
        },
    },
    "Table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {"TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True}},
    },
    "Lasting": {"Type": "AWS::DynamoDB::Table", "Metadata": {"Rows": "stay"}, "Properties": {}},
    "Queue": {
        "Type": "AWS::SQS::Queue",
        "Properties": {"RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}}},
    },
    "Dead": {"Type": "AWS::SQS::Queue", "Properties": {}},
    "FromQueue": {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {"EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}},
    },
    "FromStream": {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "EventSourceArn": {"Fn::GetAtt": "Table.StreamArn"},
            "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": "Dead.Arn"}}},
        },
    },
    "Alarm": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Dimensions": [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["Dead", "QueueName"]}}],
            "AlarmActions": [{"Ref": "Topic"}],
        },
    },
}

RULES = (
    DeadLettersRaiseAlarm,
    EventSourceHasFailureDestination,
    FunctionHasLogGroup,
    RoleNamesWhatItMay,
    TemporaryRowsExpire,
)


def template(**changes: Any) -> Template:
    """Return the good template with some resources' properties replaced; None takes the resource away."""
    resources = copy.deepcopy(GOOD)
    for name, properties in changes.items():
        if properties is None:
            del resources[name]
        else:
            resources[name]["Properties"] = properties
    return Template("template.yaml", {"Resources": resources}, ["us-east-1"])


def statement(action: object, resource: object) -> dict[str, Any]:
    document = {"Statement": {"Effect": "Allow", "Action": action, "Resource": resource}}
    return {"Policies": [{"PolicyDocument": document}]}


@pytest.mark.parametrize("rule", RULES)
def test_good_template_passes(rule: Any) -> None:
    assert rule().match(template()) == []


@pytest.mark.parametrize(
    ("rule", "changes", "found"),
    [
        (FunctionHasLogGroup, {"Function": {}}, "Function"),
        (FunctionHasLogGroup, {"Logs": None}, "Function"),
        (FunctionHasLogGroup, {"Logs": {"LogGroupName": "x"}}, "Function"),
        (EventSourceHasFailureDestination, {"Queue": {}}, "FromQueue"),
        (EventSourceHasFailureDestination, {"FromStream": GOOD["FromQueue"]["Properties"], "Queue": {}}, "FromStream"),
        (RoleNamesWhatItMay, {"Role": statement("dynamodb:*", {"Fn::GetAtt": ["Table", "Arn"]})}, "Role"),
        (RoleNamesWhatItMay, {"Role": statement(["dynamodb:GetItem"], "*")}, "Role"),
        (RoleNamesWhatItMay, {"Role": statement(["xray:PutTraceSegments", "s3:GetObject"], ["*"])}, "Role"),
        (TemporaryRowsExpire, {"Table": {}}, "Table"),
        (TemporaryRowsExpire, {"Table": {"TimeToLiveSpecification": {"Enabled": False}}}, "Table"),
        (DeadLettersRaiseAlarm, {"Alarm": None}, "Dead"),
        (DeadLettersRaiseAlarm, {"Alarm": {**GOOD["Alarm"]["Properties"], "AlarmActions": []}}, "Dead"),
    ],
)
def test_fault_is_found(rule: Any, changes: dict[str, Any], found: str) -> None:
    assert found in {match.path[1] for match in rule().match(template(**changes))}


def test_dead_letters_of_a_stream_count_too() -> None:
    matches = DeadLettersRaiseAlarm().match(template(Queue={}, Alarm=None))
    assert [match.path[1] for match in matches] == ["Dead"]


def test_policy_apart_from_a_role_is_read_too() -> None:
    apart = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": [{"Action": "*"}]}}}
    bad = Template("template.yaml", {"Resources": {"Apart": apart}}, ["us-east-1"])
    assert [match.path[1] for match in RoleNamesWhatItMay().match(bad)] == ["Apart"]
