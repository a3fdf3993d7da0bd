"""``/alerts``: analysts see what was raised and take care of it, admins set the policy and deliver again."""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from hookline_core.alerting.endpoints import Endpoint, EndpointType
from hookline_core.alerting.events import Event
from hookline_core.alerting.topic import AlertTopic
from hookline_core.clock import isoformat, utc_now
from hookline_core.identity import Role
from hookline_core.stores.alerts import AlertStore, Group
from hookline_core.stores.aws import client
from hookline_core.stores.deliveries import Attempt, DeliveryStore, Status
from hookline_core.stores.endpoints import EndpointStore
from hookline_core.stores.jobs import Job

from tests.builders import a_message, an_event
from tests.unit.analyze.conftest import Api

POLICY = {
    "min_level": "High",
    "group_by": "sender",
    "cooldown_minutes": 30,
    "quiet_hours": {"from": "22:00", "to": "07:00", "zone": "Europe/Vienna", "min_level": "Critical"},
    "digest_minutes": 60,
}


def an_alert_row(environment: dict[str, str], name: str = "campaign:1") -> str:
    """Raise an alert and return its id."""
    group = Group(name)
    AlertStore(client("dynamodb"), environment["TABLE_ALERTS"]).count(
        a_message(),
        group,
        marker_table=environment["TABLE_IDEMPOTENCY"],
        cooldown=timedelta(minutes=10),
        moment=utc_now(),
    )
    return group.alert_id


def test_alerts_are_listed_counted_and_acknowledged(api: Api, environment: dict[str, str]) -> None:
    ids = {an_alert_row(environment, f"campaign:{number}") for number in range(3)}
    assert api("GET", "/stats").json()["alerts"] == {"open": 3}
    first = api("GET", "/alerts", query={"limit": "2"}).json()
    rest = api("GET", "/alerts", query={"limit": "2", "cursor": first["next"]}).json()
    assert {item["alert_id"] for item in first["items"] + rest["items"]} == ids
    assert rest["next"] is None
    (item, *_) = first["items"]
    assert item["total_messages"] == 1
    assert (item["messages"], item["notified"], item["status"], item["category_code"], item["risk_level"]) == (
        1,
        0,
        "open",
        "bank_impersonation",
        "Critical",
    )
    done = api("POST", f"/alerts/{item['alert_id']}/acknowledge").json()
    assert (done["status"], done["acknowledged_by"]) == ("acknowledged", "0123456789ab")
    assert done["acknowledged_at"] >= done["first_at"]
    assert api("GET", "/stats").json()["alerts"] == {"open": 2}
    listed = api("GET", "/alerts", query={"status": "acknowledged"}).json()["items"]
    assert [entry["alert_id"] for entry in listed] == [item["alert_id"]]


def test_who_was_told_hears_once_who_takes_care(
    api: Api, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    untold, alert_id = an_alert_row(environment, "campaign:1"), an_alert_row(environment, "campaign:2")
    store = AlertStore(client("dynamodb"), environment["TABLE_ALERTS"])
    store.settle(store.get(alert_id), told=1, quiet_until=utc_now())
    told: list[Event] = []
    monkeypatch.setattr(AlertTopic, "publish", lambda _topic, event: told.append(event))
    for name in (untold, alert_id, alert_id):
        assert api("POST", f"/alerts/{name}/acknowledge").status == 200
    first, again = told
    assert first == again
    assert (first.type, first.incident) == ("alert.acknowledged", store.get(alert_id).incident)
    assert first.data["acknowledged_by"] == "0123456789ab"


def test_what_is_not_there_cannot_be_acknowledged(api: Api) -> None:
    assert api("POST", "/alerts/al_none/acknowledge").status == 404
    assert api("GET", "/alerts", query={"cursor": "nonsense"}).json()["code"] == "cursor_invalid"


def test_the_policy_is_read_by_analysts_and_set_by_admins(api: Api) -> None:
    usual = api("GET", "/alerts/policy").json()
    assert usual == {
        "min_level": "Critical",
        "group_by": "campaign",
        "cooldown_minutes": 10,
        "quiet_hours": None,
        "digest_minutes": None,
    }
    assert api("PUT", "/alerts/policy", body=POLICY).json()["code"] == "role_forbidden"
    assert api("PUT", "/alerts/policy", body=POLICY, role=Role.ADMIN).json() == POLICY
    assert api("GET", "/alerts/policy").json() == POLICY


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"min_level": "Grave"}, "/body/min_level"),
        ({"group_by": "mood"}, "/body/group_by"),
        ({"cooldown_minutes": -1}, "/body/cooldown_minutes"),
        ({"digest_minutes": 1}, "/body/digest_minutes"),
        ({"quiet_hours": {"from": "25:00", "to": "07:00", "zone": "UTC"}}, "/body/quiet_hours/from"),
        ({"quiet_hours": {"from": "22:00", "to": "07:00", "zone": "Mars/Base"}}, "/body/quiet_hours/zone"),
        ({"quiet_hours": {"from": "22:00", "to": "07:00", "zone": "../etc"}}, "/body/quiet_hours/zone"),
        ({"quiet_hours": {"from": "22:00", "to": "22:00", "zone": "UTC"}}, "/body/quiet_hours"),
        ({"colour": "red"}, "/body/colour"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(api: Api, changes: Any, pointer: str) -> None:
    answer = api("PUT", "/alerts/policy", body={**POLICY, **changes}, role=Role.ADMIN)
    assert answer.status == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def deliveries(environment: dict[str, str]) -> DeliveryStore:
    return DeliveryStore(client("dynamodb"), environment["TABLE_DELIVERIES"])


def a_delivery(environment: dict[str, str], status: Status, endpoint_id: str = "ep_1") -> Job:
    """Keep a delivery with one attempt."""
    store, event, moment = deliveries(environment), an_event(), utc_now()
    store.begin(event, endpoint_id, moment=moment)
    result = "200" if status is Status.DELIVERED else "timeout"
    attempt = Attempt(isoformat(moment), 1, status, result, 12, "ok")
    next_at = moment + timedelta(minutes=5) if status is Status.FAILED else None
    store.record(event.id, endpoint_id, attempt, status=status, next_at=next_at)
    return Job(endpoint_id=endpoint_id, event=event)


def an_endpoint(environment: dict[str, str], kind: EndpointType = "webhook") -> None:
    EndpointStore(client("dynamodb"), environment["TABLE_ENDPOINTS"]).add(
        Endpoint(endpoint_id="ep_1", name="One", type=kind, created_at="2026-11-23T00:00:00.000Z")
    )


def listed(api: Api, **query: str) -> list[Any]:
    answer = api("GET", "/alerts/deliveries", query=query, role=Role.ADMIN)
    assert answer.status == 200, answer.text
    return list(answer.json()["items"])


def queued(environment: dict[str, str]) -> list[Job]:
    answer = boto3.client("sqs").receive_message(QueueUrl=environment["ALERT_QUEUE_URL"], MaxNumberOfMessages=10)
    return [Job.model_validate_json(message["Body"]) for message in answer.get("Messages", [])]


def test_deliveries_are_listed_with_their_attempts_and_filtered(api: Api, environment: dict[str, str]) -> None:
    an_endpoint(environment)
    done, failed = a_delivery(environment, Status.DELIVERED), a_delivery(environment, Status.FAILED)
    other = a_delivery(environment, Status.DEAD, "ep_gone")
    assert len(listed(api)) == 3
    (found,) = listed(api, status="delivered")
    assert found == {
        "delivery_id": f"{done.event.id}.ep_1",
        "endpoint_id": "ep_1",
        "endpoint_name": "One",
        "event_id": done.event.id,
        "event_type": "analysis.critical",
        "message_id": done.event.message_id,
        "status": "delivered",
        "attempt": 1,
        "status_code": 200,
        "duration_ms": 12,
        "response_excerpt": "ok",
        "at": found["at"],
        "next_attempt_at": None,
        "attempts": [
            {
                "at": found["at"],
                "number": 1,
                "status": "delivered",
                "result": "200",
                "status_code": 200,
                "duration_ms": 12,
                "response_excerpt": "ok",
            }
        ],
    }
    (waits,) = listed(api, status="failed")
    assert (waits["event_id"], waits["status_code"]) == (failed.event.id, None)
    assert waits["next_attempt_at"] > waits["at"]
    assert [entry["event_id"] for entry in listed(api, endpoint="ep_gone")] == [other.event.id]
    assert listed(api, endpoint="ep_gone")[0]["endpoint_name"] is None
    assert [entry["event_id"] for entry in listed(api, message=done.event.message_id or "")] == [done.event.id]
    assert listed(api, endpoint="ep_1", status="dead") == []


def test_pages_of_deliveries_hold_each_once(api: Api, environment: dict[str, str]) -> None:
    ids = {a_delivery(environment, Status.DELIVERED).event.id for _ in range(5)}
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        page = api("GET", "/alerts/deliveries", query=query, role=Role.ADMIN).json()
        seen += [item["event_id"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert sorted(seen) == sorted(ids)


def test_only_an_admin_sees_deliveries_and_delivers_again(api: Api) -> None:
    for method, path in (
        ("GET", "/alerts/deliveries"),
        ("POST", "/alerts/deliveries/x.y/replay"),
        ("POST", "/alerts/dead-letters/redrive"),
    ):
        assert api(method, path).json()["code"] == "role_forbidden"


def test_a_replay_sends_the_same_event_again(api: Api, environment: dict[str, str]) -> None:
    an_endpoint(environment)
    job = a_delivery(environment, Status.DELIVERED)
    answer = api("POST", f"/alerts/deliveries/{job.event.id}.ep_1/replay", role=Role.ADMIN)
    assert answer.status == 202
    assert queued(environment) == [Job(endpoint_id="ep_1", event=job.event, replay=True)]
    assert listed(api)[0]["status"] == "waiting"


def test_what_the_topic_told_is_listed_and_cannot_be_replayed(api: Api, environment: dict[str, str]) -> None:
    an_endpoint(environment, "email")
    event = an_event()
    DeliveryStore(client("dynamodb"), environment["TABLE_DELIVERIES"]).close(
        event, "ep_1", Status.PUBLISHED, moment=utc_now()
    )
    (found,) = listed(api, status="published")
    assert (found["event_id"], found["attempt"], found["status_code"]) == (event.id, 0, None)
    assert api("POST", f"/alerts/deliveries/{event.id}.ep_1/replay", role=Role.ADMIN).status == 409
    assert queued(environment) == []
    assert listed(api)[0]["status"] == "published"


def test_what_is_not_there_cannot_be_replayed(api: Api, environment: dict[str, str]) -> None:
    gone = a_delivery(environment, Status.DEAD, "ep_gone")
    an_endpoint(environment)
    for delivery_id in (f"{gone.event.id}.ep_gone", "evt_none.ep_1", "nonsense"):
        assert api("POST", f"/alerts/deliveries/{delivery_id}/replay", role=Role.ADMIN).status == 404
    assert queued(environment) == []


def test_dead_letters_are_redriven_and_what_was_delivered_meanwhile_is_not_opened(
    api: Api, environment: dict[str, str]
) -> None:
    an_endpoint(environment)
    dead, done = a_delivery(environment, Status.DEAD), a_delivery(environment, Status.DELIVERED)
    event = an_event()
    sqs = boto3.client("sqs")
    bodies = [dead.model_dump_json(), done.model_dump_json(), event.model_dump_json(), "rubbish"]
    for body in bodies:
        sqs.send_message(QueueUrl=environment["ALERT_DEAD_LETTERS_URL"], MessageBody=body)
    answer = api("POST", "/alerts/dead-letters/redrive", role=Role.ADMIN)
    assert answer.json() == {"moved": 3, "left": 1}
    messages = sqs.receive_message(QueueUrl=environment["ALERT_QUEUE_URL"], MaxNumberOfMessages=10)["Messages"]
    assert sorted(message["Body"] for message in messages) == sorted(bodies[:3])
    statuses = {item["event_id"]: item["status"] for item in listed(api)}
    assert statuses == {dead.event.id: "waiting", done.event.id: "delivered"}
    assert api("POST", "/alerts/dead-letters/redrive", role=Role.ADMIN).json()["moved"] == 0


def test_a_delivery_shows_no_text_of_the_message(api: Api, environment: dict[str, str]) -> None:
    a_delivery(environment, Status.DELIVERED)
    assert "account suspended" not in json.dumps(listed(api))
