"""Creates the tables of the deployed template, so that tests and deployment cannot disagree about keys."""

from pathlib import Path

import boto3
import yaml

_TEMPLATE = Path(__file__).parents[1] / "infra" / "template.yaml"
_TABLE = "AWS::DynamoDB::Table"
_CREATED_WITH = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")


class _TemplateLoader(yaml.SafeLoader):
    """Reads a template; its functions (``!Ref`` and kin) become nothing, for no table's keys need them."""


_TemplateLoader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def create_tables() -> dict[str, str]:
    """Create the template's tables; return their names by the setting that names them: ``TABLE_MESSAGES`` …"""
    resources = yaml.load(_TEMPLATE.read_text(), _TemplateLoader)["Resources"]  # noqa: S506  # a safe loader
    dynamodb = boto3.client("dynamodb")
    names: dict[str, str] = {}
    for logical_id, resource in resources.items():
        if resource["Type"] == _TABLE:
            properties = resource["Properties"]
            table = logical_id.removesuffix("Table").lower()
            dynamodb.create_table(
                TableName=table, **{name: properties[name] for name in _CREATED_WITH if name in properties}
            )
            names[f"TABLE_{table.upper()}"] = table
    return names
