"""The whole function on moto: from the stream to the counters and the topic, with everything failing in turn."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from broadcast import app, bootstrap
from hookline_core.alerting.events import Event
from hookline_core.alerting.policy import Policy
from hookline_core.clock import utc_now
from hookline_core.contracts import Alert
from hookline_core.identity import Identity, Role
from hookline_core.sockets import management_client
from hookline_core.stores.aws import client
from hookline_core.stores.connections import ConnectionStore
from hookline_core.stores.counters import CounterStore
from hookline_core.stores.endpoints import EndpointStore

from tests.builders import DASHBOARD, NOW, Context, a_harmless_message, a_message, queue_record, stream_record
from tests.unit.broadcast.fakes import drain
from tests.unit.faults import fault

ENDPOINT = "https://ws1.execute-api.us-east-1.amazonaws.com/v1"
BUCKET = "labels-of-the-tests"
STEPS = {"alert": ("sns", "Publish"), "count": ("dynamodb", "TransactWriteItems"), "live": ("dynamodb", "Query")}


@dataclass
class World:
    """What can be seen from outside the function."""

    environment: dict[str, str]
    alerts_url: str
    posts: list[tuple[str, Any]]

    def alerts(self) -> list[Any]:
        """Return what the events say that came out of the topic."""
        return [Event.model_validate_json(body).data for body in drain(self.alerts_url)]

    def retries(self) -> list[dict[str, Any]]:
        """Return the messages in the retry queue, as Lambda hands them over."""
        bodies = drain(self.environment["RETRY_QUEUE_URL"])
        return [queue_record(body, number=number) for number, body in enumerate(bodies)]

    def counted(self) -> int:
        """Return how many messages were counted."""
        store = CounterStore(client("dynamodb"), self.environment["TABLE_COUNTERS"])
        return sum(hour.counts["messages"] for hour in store.hours(NOW - timedelta(hours=1), NOW + timedelta(hours=1)))


@pytest.fixture
def world(tables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Build everything that the function touches, with one console that is connected."""
    sqs, sns = boto3.client("sqs"), boto3.client("sns")
    alerts, retries, timers = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("alerts", "retries", "timers"))
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=sqs.get_queue_attributes(QueueUrl=alerts, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"],
        Attributes={"RawMessageDelivery": "true"},
    )
    environment = {
        **tables,
        "ALERT_TOPIC_ARN": topic,
        "RETRY_QUEUE_URL": retries,
        "TIMER_QUEUE_URL": timers,
        "WS_ENDPOINT": ENDPOINT,
        "DASHBOARD_URL": DASHBOARD,
        "MODEL_BUCKET": BUCKET,
    }
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("broadcast.retries._DELAY_SECONDS", 0)
    # Every message is told here; what is told together has tests of its own.
    EndpointStore(client("dynamodb"), tables["TABLE_ENDPOINTS"]).set_policy(Policy(cooldown_minutes=0))
    found = World(environment, alerts, [])
    management = management_client(ENDPOINT)

    def post(params: dict[str, Any], **_: Any) -> None:
        found.posts.append((params["ConnectionId"], json.loads(params["Data"])))

    def take(**_: Any) -> tuple[Any, dict[str, Any]]:
        return SimpleNamespace(status_code=200), {}

    management.meta.events.register("provide-client-params.apigatewaymanagementapi.PostToConnection", post)
    management.meta.events.register("before-call.apigatewaymanagementapi.PostToConnection", take)
    ConnectionStore(client("dynamodb"), tables["TABLE_CONNECTIONS"]).add(
        "c1", Identity("abc", Role.ANALYST), moment=utc_now()
    )
    bootstrap.broadcast.cache_clear()
    yield found
    bootstrap.broadcast.cache_clear()


def _run(*records: dict[str, Any]) -> list[str]:
    answer = app.handler({"Records": list(records)}, Context())
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


def test_a_critical_message_is_told_counted_and_alerted(world: World) -> None:
    message = a_message()
    assert _run(stream_record(message)) == []
    ((connection_id, update),) = world.posts
    assert connection_id == "c1"
    assert [item["message_id"] for item in update["items"]] == [message.message_id]
    assert world.counted() == 1
    assert world.alerts() == [Alert.of(message, dashboard_url=DASHBOARD).model_dump()]
    assert world.retries() == []


def test_a_harmless_message_raises_no_alert(world: World) -> None:
    assert _run(stream_record(a_harmless_message())) == []
    assert world.counted() == 1
    assert world.alerts() == []


def test_a_repeated_record_counts_and_alerts_once(world: World) -> None:
    record = stream_record(a_message())
    for _ in range(3):
        assert _run(record, record) == []
        for retry in world.retries():
            assert _run(retry) == []
    assert world.counted() == 1
    assert len(world.alerts()) == 1


def test_a_batch_costs_a_console_one_message(world: World) -> None:
    assert _run(*(stream_record(a_harmless_message(), number) for number in range(20))) == []
    ((_, update),) = world.posts
    assert len(update["items"]) == 20
    assert world.counted() == 20


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_once_is_done_later_and_nothing_twice(world: World, step: str) -> None:
    message = a_message()
    service, operation = STEPS[step]
    with fault(client(service), operation) as calls:  # type: ignore[call-overload]  # one of the three above
        assert _run(stream_record(message)) == []
    assert calls
    (retry,) = world.retries()
    # Alerts are counted in a transaction too.
    assert json.loads(retry["body"])["steps"] == (["alert", "count"] if step == "count" else [step])
    assert _run(retry) == []
    assert world.counted() == 1
    assert len(world.alerts()) == 1
    assert len(world.posts) == 1
    assert world.retries() == []


def test_a_step_that_keeps_failing_stays_in_the_queue_until_the_dead_letters(world: World) -> None:
    with fault(client("sns"), "Publish"):
        _run(stream_record(a_message()))
        (retry,) = world.retries()
        for _ in range(3):
            assert _run(retry) == [retry["messageId"]]
            assert world.retries() == []
    assert world.counted() == 1
    assert len(world.posts) == 1


def test_with_every_part_down_the_stream_keeps_the_records(world: World) -> None:
    records = [stream_record(a_message(), number) for number in range(1, 6)]
    with (
        fault(client("sns"), "Publish"),
        fault(client("dynamodb"), "TransactWriteItems"),
        fault(client("dynamodb"), "PutItem"),
        fault(client("dynamodb"), "Query"),
        fault(client("sqs"), "SendMessage") as sends,
    ):
        assert _run(*records) == [record["dynamodb"]["SequenceNumber"] for record in records]
    assert len(sends) == 1
    assert _run(*records) == []
    assert world.counted() == 5
    assert len(world.alerts()) == 5


def test_one_damaged_record_does_not_hold_up_the_others(world: World) -> None:
    damaged = stream_record(a_message(), 1)
    damaged["dynamodb"]["NewImage"]["body"] = {"S": '{"message_content": "secret text"}'}
    assert _run(damaged, stream_record(a_harmless_message(), 2)) == []
    assert world.counted() == 1
    (retry,) = world.retries()
    assert _run(retry) == [retry["messageId"]]


def test_with_no_time_left_the_records_go_to_the_retry_queue(world: World) -> None:
    answer = app.handler({"Records": [stream_record(a_message())]}, Context(remaining_ms=20_000))
    assert answer == {"batchItemFailures": []}
    assert world.counted() == 0
    (retry,) = world.retries()
    assert _run(retry) == []
    assert world.counted() == len(world.alerts()) == 1


def test_a_gone_console_is_forgotten(world: World) -> None:
    store = ConnectionStore(client("dynamodb"), world.environment["TABLE_CONNECTIONS"])
    store.add("old", Identity("abc", Role.ANALYST), moment=utc_now() - timedelta(minutes=1))
    with fault(management_client(ENDPOINT), "PostToConnection", code="GoneException", status=410):
        assert _run(stream_record(a_harmless_message())) == []
    # The other console connected only now: the gateway calls it gone until its opening has ended.
    assert list(store.ids(moment=utc_now())) == ["c1"]
    assert world.retries() == []


def test_without_a_websocket_api_the_rest_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WS_ENDPOINT", "")
    bootstrap.broadcast.cache_clear()
    assert _run(stream_record(a_message())) == []
    assert world.posts == []
    assert world.counted() == len(world.alerts()) == 1


def test_logs_hold_neither_text_nor_number(world: World, logs: Callable[[], str]) -> None:
    message = a_message()
    with fault(client("sns"), "Publish"), fault(client("dynamodb"), "TransactWriteItems"):
        _run(stream_record(message))
    out = logs()
    assert "records followed" in out
    assert message.message_id in out
    for secret in (message.message_content, "account suspended", "15551234567"):
        assert secret not in out


def test_an_alert_is_marked_with_an_end(world: World) -> None:
    message = a_message()
    _run(stream_record(message))
    row = boto3.client("dynamodb").get_item(
        TableName=world.environment["TABLE_IDEMPOTENCY"], Key={"id": {"S": f"grouped#{message.message_id}"}}
    )["Item"]
    assert datetime.fromtimestamp(int(row["expires_at"]["N"]), tz=NOW.tzinfo) > utc_now() + timedelta(days=6)


def test_counting_at_the_same_time_as_somebody_else_is_tried_again_at_once(world: World) -> None:
    conflict = {"CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]}
    with fault(
        client("dynamodb"), "TransactWriteItems", code="TransactionCanceledException", status=400, times=2, **conflict
    ) as calls:
        assert _run(stream_record(a_harmless_message())) == []
    assert len(calls) == 2
    assert world.counted() == 1
    assert world.retries() == []
