"""Creates the tables of the deployed template, so that tests and deployment cannot disagree about keys."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hookline_core.stores.aws import client

_TEMPLATE = Path(__file__).parents[1] / "infra" / "template.yaml"
_TABLE = "AWS::DynamoDB::Table"
_CREATED_WITH = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")


class _TemplateLoader(yaml.SafeLoader):
    """Reads a template; its functions (``!Ref`` and kin) become nothing, for no table's keys need them."""


_TemplateLoader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def create_tables() -> dict[str, str]:
    """Create the template's tables; return their names by the setting that names them: ``TABLE_MESSAGES`` …"""
    dynamodb = client("dynamodb")
    for table, properties in _tables().items():
        dynamodb.create_table(TableName=table, **properties)
    return {f"TABLE_{table.upper()}": table for table in _tables()}


@cache
def _tables() -> dict[str, dict[str, Any]]:
    """Return what each of the template's tables is created with. Read once: it takes longer than most tests."""
    resources = yaml.load(_TEMPLATE.read_text(), _TemplateLoader)["Resources"]  # noqa: S506  # a safe loader
    return {
        logical_id.removesuffix("Table").lower(): {
            name: value for name, value in resource["Properties"].items() if name in _CREATED_WITH
        }
        for logical_id, resource in resources.items()
        if resource["Type"] == _TABLE
    }
