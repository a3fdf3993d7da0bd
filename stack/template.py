"""Reads the template, with CloudFormation's short forms, and names the REST API's deployment after what it deploys."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import yaml

from stack.places import TEMPLATE

_DEPLOYED = frozenset(
    {
        "AWS::ApiGateway::Authorizer",
        "AWS::ApiGateway::GatewayResponse",
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Resource",
        "AWS::ApiGateway::RestApi",
    }
)
_DEPLOYMENT = re.compile(r"\bRestDeployment[0-9a-f]{8}\b")


class _Loader(yaml.SafeLoader):
    """Reads ``!Ref x`` and its like as ``{"Ref": x}``."""


def _short_form(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        raise TypeError(f"{tag} stands before {type(node).__name__}")
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _short_form)


def load(path: Path = TEMPLATE) -> dict[str, Any]:
    """Return the template with every function in its long form."""
    template: dict[str, Any] = yaml.load(path.read_text(), _Loader)  # noqa: S506  # a safe loader's child
    return template


def deployment_id(template: dict[str, Any]) -> str:
    """Return the logical id that the REST API's deployment must have.

    API Gateway serves what it last deployed, and CloudFormation deploys only a deployment it has not seen. So the
    deployment is named after the paths and answers it deploys.
    """
    deployed = {name: body for name, body in template["Resources"].items() if body["Type"] in _DEPLOYED}
    digest = hashlib.sha256(json.dumps(deployed, sort_keys=True).encode()).hexdigest()
    return f"RestDeployment{digest[:8]}"


def write_deployment_id(path: Path = TEMPLATE) -> str:
    """Give the REST API's deployment in the template its right name. Return it."""
    name = deployment_id(load(path))
    path.write_text(_DEPLOYMENT.sub(name, path.read_text()))
    return name


def tables_with_expiry(template: dict[str, Any]) -> dict[str, str]:
    """Return the attribute that holds the time of expiry, by the table's logical id."""
    return {
        name: body["Properties"]["TimeToLiveSpecification"]["AttributeName"]
        for name, body in template["Resources"].items()
        if body["Type"] == "AWS::DynamoDB::Table" and "TimeToLiveSpecification" in body["Properties"]
    }
