"""Every event that leaves is what its schema says, and each type has one."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from alerts.health import disabled
from analyze.acknowledging import of_acknowledged
from broadcast.events import of_digest, of_summary
from hookline_core.alerting.endpoints import Endpoint, EventType, Standing
from hookline_core.alerting.events import Event
from hookline_core.alerting.events import test_of as make_test
from hookline_core.alerting.policy import Policy
from hookline_core.stores.alerts import AlertRow

from tests.builders import DASHBOARD, NOW, an_event

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
MOMENT = "2026-11-23T06:00:00.000Z"
ROW = AlertRow(
    alert_id="al_0123456789abcdef0123",
    group="sender:+12025550143",
    status="open",
    title="Bank Impersonation: Claims to be a bank",
    level="Critical",
    category_code="bank_impersonation",
    threat_category="Bank Impersonation",
    phone_number="+12025550143",
    first_at=MOMENT,
    last_at=MOMENT,
    opened_by="01KAQXPB00EXAMP1ECR1T1CA1A",
    latest_message_id="01KAQXPB00EXAMP1ECR1T1CA1B",
    messages=18,
    total=18,
    unsent=17,
    notified=1,
    quiet_until=0,
    acknowledged_by="0123456789ab",
    acknowledged_at=MOMENT,
    telling=None,
    told=0,
)
ENDPOINT = Endpoint(endpoint_id="ep_1", name="One", type="webhook", created_at=MOMENT)
EVENTS = {
    "alert": an_event(),
    "summary": of_summary(ROW, Policy(), dashboard_url=DASHBOARD),
    "digest": of_digest(
        [replace(ROW, alert_id=f"al_{number}", phone_number=None) for number in range(60)],
        number=1,
        moment=NOW,
        dashboard_url=DASHBOARD,
    ),
    "acknowledged": of_acknowledged(ROW),
    "endpoint-test": make_test("ep_1", "One", event_id="evt_1", timestamp=MOMENT),
    "endpoint-disabled": disabled(
        ENDPOINT, "failing", Standing(failing_since=MOMENT), moment=datetime(2026, 11, 26, 6, tzinfo=UTC)
    ),
}


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{name}.v1.json").read_text())
    return schema


@pytest.mark.parametrize("name", EVENTS)
def test_what_leaves_is_what_the_schema_says(name: str) -> None:
    schema, event = _schema(name), EVENTS[name]
    jsonschema.Draft202012Validator.check_schema(schema)
    body = json.loads(event.body())
    jsonschema.validate(body, schema)
    described = schema["properties"]["data"].get("properties") or schema["$defs"]["alert"]["properties"]
    assert list(body["data"]) == list(described)
    assert len(event.body()) < 20_000


@pytest.mark.parametrize("name", EVENTS)
def test_a_body_that_lacks_a_field_is_refused(name: str) -> None:
    for field in EVENTS[name].data:
        body = json.loads(EVENTS[name].body())
        del body["data"][field]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(body, _schema(name))


def test_every_type_has_a_schema() -> None:
    files = {path.name.removesuffix(".v1.json") for path in SCHEMAS.glob("*.json")}
    assert files == set(EVENTS)
    types = [_schema(name)["properties"]["type"] for name in files]
    assert {found for kind in types for found in kind.get("enum", [kind.get("const")])} == set(get_args(EventType))


@pytest.mark.parametrize("name", EVENTS)
def test_an_id_is_one_that_webhooks_may_carry_and_that_names_a_delivery(name: str) -> None:
    assert "." not in EVENTS[name].id
    assert Event.model_validate_json(EVENTS[name].model_dump_json()) == EVENTS[name]
