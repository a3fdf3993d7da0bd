"""The alert's contract: what leaves is what the schema says, and the predecessor's seven fields stay as they were."""

import json
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from hookline_core.alerting.events import Event
from hookline_core.contracts import Action, Alert, AlertType, LevelName

from tests.builders import an_event

ROOT = Path(__file__).parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "schemas" / "alert.v1.json").read_text())
ALERT: dict[str, Any] = SCHEMA["$defs"]["alert"]
PREDECESSOR = [
    "alert_type",
    "phone_number",
    "risk_score",
    "risk_level",
    "threat_category",
    "primary_reason",
    "action",
]


def _body(**changes: Any) -> Any:
    return json.loads(an_event(**changes).body())


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"phone_number": None},
        {"reasons": []},
        {"action": "already_blacklisted"},
        {"primary_reason": "<script>\u202e\x00\U0001f600"},
    ],
)
def test_what_leaves_is_what_the_schema_says(changes: dict[str, Any]) -> None:
    jsonschema.validate(_body(**changes), SCHEMA)


def test_the_schema_and_the_contract_name_the_same_fields() -> None:
    assert list(ALERT["properties"]) == list(Alert.model_fields)
    assert ALERT["required"] == list(Alert.model_fields)
    assert ALERT["properties"]["alert_type"]["enum"] == list(get_args(AlertType))
    assert ALERT["properties"]["action"]["enum"] == list(get_args(Action))
    assert ALERT["properties"]["risk_level"]["enum"] == list(get_args(LevelName))


def test_the_predecessors_fields_come_first_and_unchanged() -> None:
    assert list(_body()["data"])[:7] == PREDECESSOR
    assert _body()["data"]["alert_type"] == "critical_message"


@pytest.mark.parametrize("field", list(Alert.model_fields))
def test_no_field_may_be_missing(field: str) -> None:
    body = _body()
    del body["data"][field]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body, SCHEMA)


def test_an_alert_carries_no_message_text() -> None:
    assert "message_content" not in _body()["data"]
    assert "account suspended" not in json.dumps(_body(primary_reason="a reason"))


def test_reasons_come_by_weight() -> None:
    assert _body()["data"]["reasons"] == ["URL_BRAND_SUB", "MODEL_TERM"]


@pytest.mark.parametrize("level", get_args(LevelName))
def test_each_level_has_its_type(level: str) -> None:
    body = _body(risk_level=level)
    jsonschema.validate(body, SCHEMA)
    assert body["type"] == f"analysis.{level.lower()}"
    assert body["data"]["alert_type"] == f"{level.lower()}_message"


def test_the_queues_sample_is_an_event() -> None:
    (record,) = json.loads((ROOT / "events" / "alerts-queue.json").read_text())["Records"]
    jsonschema.validate(json.loads(Event.model_validate_json(record["body"]).body()), SCHEMA)


def test_a_newer_field_in_the_queue_does_not_stop_an_older_function() -> None:
    newer = json.dumps({**an_event().model_dump(), "campaign": "c1"})
    assert Event.model_validate_json(newer).level == "Critical"
