"""The house rules of the template, as rules of cfn-lint: ``cfn-lint --append-rules infra/lint infra/template.yaml``.

They see the template after SAM's transformation, so a function is an ``AWS::Lambda::Function`` whoever wrote it.
"""

from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

_ONLY_EVERYTHING = frozenset({"xray:PutTelemetryRecords", "xray:PutTraceSegments"})
"""Actions for which AWS knows no resource but ``*``."""


class FunctionHasLogGroup(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint ships no types
    """A function writes to a log group of this template, and that group forgets."""

    id = "E9001"
    shortdesc = "Each function has a log group with retention"
    description = "Without one, Lambda makes a log group that keeps personal data for good."

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Return functions whose logs are kept for good."""
        groups = _properties(cfn, "AWS::Logs::LogGroup")
        matches = []
        for name, properties in _properties(cfn, "AWS::Lambda::Function").items():
            group = _target(properties.get("LoggingConfig", {}).get("LogGroup"))
            if "RetentionInDays" not in groups.get(group, {}):
                matches.append(RuleMatch(["Resources", name], f"{name} has no log group with RetentionInDays"))
        return matches


class EventSourceHasFailureDestination(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint ships no types
    """What a function cannot handle goes somewhere."""

    id = "E9002"
    shortdesc = "Each event source has a failure destination"
    description = "A stream needs OnFailure, a queue needs a redrive policy; else failed events vanish or block."

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Return event sources whose failures go nowhere."""
        queues = _properties(cfn, "AWS::SQS::Queue")
        matches = []
        for name, properties in _properties(cfn, "AWS::Lambda::EventSourceMapping").items():
            queue = queues.get(_target(properties.get("EventSourceArn")), {})
            if not (_on_failure(properties) or queue.get("RedrivePolicy")):
                matches.append(RuleMatch(["Resources", name], f"{name} has no failure destination"))
        return matches


class RoleNamesWhatItMay(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint ships no types
    """Roles name exact actions on exact resources."""

    id = "E9003"
    shortdesc = "No role may do everything, or with everything"
    description = "No * in an action, and no * as a resource unless AWS offers no other."

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Return statements that allow more than they name."""
        matches = []
        for name, document in _policies(cfn):
            for statement in _listed(document.get("Statement")):
                actions = _listed(statement.get("Action"))
                if any("*" in action for action in actions) or "NotAction" in statement:
                    matches.append(RuleMatch(["Resources", name], f"{name} allows actions that it does not name"))
                if "*" in _listed(statement.get("Resource")) and not _ONLY_EVERYTHING.issuperset(actions):
                    matches.append(RuleMatch(["Resources", name], f"{name} allows {', '.join(actions)} on everything"))
        return matches


class TemporaryRowsExpire(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint ships no types
    """A table's rows expire, or the template says that they stay."""

    id = "E9004"
    shortdesc = "Each table has a TTL, or says that its rows stay"
    description = "A table without TimeToLiveSpecification carries the metadata Rows: stay."

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Return tables that grow for ever without a word."""
        return [
            RuleMatch(["Resources", name], f"{name} has neither a TTL nor the metadata Rows: stay")
            for name, table in cfn.get_resources(["AWS::DynamoDB::Table"]).items()
            if table.get("Metadata", {}).get("Rows") != "stay"
            and not table["Properties"].get("TimeToLiveSpecification", {}).get("Enabled")
        ]


class DeadLettersRaiseAlarm(CloudFormationLintRule):  # type: ignore[misc]  # cfn-lint ships no types
    """Somebody hears of it when something ends in a dead-letter queue."""

    id = "E9005"
    shortdesc = "Each dead-letter queue has an alarm"
    description = "An alarm with an action watches ApproximateNumberOfMessagesVisible of the queue."

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Return dead-letter queues that nobody watches."""
        watched = {
            _target(dimension["Value"])
            for alarm in _properties(cfn, "AWS::CloudWatch::Alarm").values()
            if alarm.get("MetricName") == "ApproximateNumberOfMessagesVisible" and alarm.get("AlarmActions")
            for dimension in alarm.get("Dimensions", [])
        }
        return [
            RuleMatch(["Resources", name], f"{name} takes dead letters and has no alarm")
            for name in sorted(_dead_letter_queues(cfn) - watched)
        ]


def _properties(cfn: Template, kind: str) -> dict[str, Any]:
    return {name: body.get("Properties", {}) for name, body in cfn.get_resources([kind]).items()}


def _listed(value: Any) -> list[Any]:  # noqa: ANN401  # a template's value
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _target(value: Any) -> str:  # noqa: ANN401  # a template's value
    """Return the logical id that a Ref or GetAtt points at."""
    if not isinstance(value, dict):
        return ""
    pointed = value.get("Ref") or value.get("Fn::GetAtt") or ""
    return str(pointed[0] if isinstance(pointed, list) else pointed).partition(".")[0]


def _on_failure(properties: dict[str, Any]) -> str:
    return _target(properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"))


def _policies(cfn: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, properties in _properties(cfn, "AWS::IAM::Role").items():
        for policy in properties.get("Policies", []):
            yield name, policy["PolicyDocument"]
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for name, properties in _properties(cfn, kind).items():
            yield name, properties["PolicyDocument"]


def _dead_letter_queues(cfn: Template) -> set[str]:
    redriven = [
        body.get("RedrivePolicy", {}).get("deadLetterTargetArn")
        for kind in ("AWS::SQS::Queue", "AWS::SNS::Subscription")
        for body in _properties(cfn, kind).values()
    ]
    failed = {_on_failure(body) for body in _properties(cfn, "AWS::Lambda::EventSourceMapping").values()}
    return ({_target(value) for value in redriven} | failed) - {""}
