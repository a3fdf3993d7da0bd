"""The whole function on moto: alerts from the queue become signed webhooks, once each, whatever fails."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from alerts import app, bootstrap
from alerts.deliver import Deliver
from alerts.queue import AlertQueue
from alerts.schedule import Schedule
from alerts.secret import OVERLAP, WebhookSecret
from alerts.sender import Answer, DeliveryTimeoutError
from alerts.webhook import Webhook
from hookline_core.clock import utc_now
from hookline_core.stores.aws import client
from hookline_core.stores.deliveries import LEASE, DeliveryStore
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from tests.builders import Context, an_alert, queue_record
from tests.unit.alerts.fakes import Receiver
from tests.unit.faults import fault

URL = "https://hooks.example.test/in?token=url-secret"
SECRET = "abcdefghijklmnopqrstuvwxyz012345"


class Killed(BaseException):
    """The function dies."""


@dataclass
class World:
    """The function, with a receiver that answers as it is told and a clock that can be moved."""

    receiver: Receiver
    queue_url: str
    table: str
    moment: datetime = field(default_factory=utc_now)

    def put(self, body: str) -> None:
        """Put an alert into the queue."""
        boto3.client("sqs").send_message(QueueUrl=self.queue_url, MessageBody=body)

    def run(self, *, remaining_ms: int = 60_000) -> int:
        """Let the function take what is in the queue, as Lambda does; return how many stay."""
        sqs = boto3.client("sqs")
        messages = sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, AttributeNames=["ApproximateReceiveCount"]
        ).get("Messages", [])
        records = [
            queue_record(
                message["Body"],
                number=number,
                receives=int(message["Attributes"]["ApproximateReceiveCount"]),
                receipt=message["ReceiptHandle"],
            )
            for number, message in enumerate(messages)
        ]
        answer = app.handler({"Records": records}, Context(remaining_ms=remaining_ms))
        failed = {item["itemIdentifier"] for item in answer["batchItemFailures"]}
        for record in records:
            if record["messageId"] not in failed:
                sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=record["receiptHandle"])
        return len(failed)

    def row(self, event_id: str) -> dict[str, Any]:
        """Return the delivery of an event."""
        return boto3.client("dynamodb").query(
            TableName=self.table,
            KeyConditionExpression="event_id = :id",
            ExpressionAttributeValues={":id": {"S": event_id}},
        )["Items"][0]

    def attempts(self, event_id: str) -> list[tuple[str, str]]:
        """Return the status and result of each attempt."""
        return [
            (attempt["M"]["status"]["S"], attempt["M"]["result"]["S"])
            for attempt in self.row(event_id).get("attempts", {"L": []})["L"]
        ]


@pytest.fixture
def world(tables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> World:
    """Build everything that the function touches; messages may come again at once."""
    queue_url = boto3.client("sqs").create_queue(QueueName="alerts")["QueueUrl"]
    arn = boto3.client("secretsmanager").create_secret(Name="webhook", SecretString=SECRET)["ARN"]
    found = World(Receiver(), queue_url, tables["TABLE_DELIVERIES"])

    def clock() -> datetime:
        return found.moment

    parts = bootstrap.Alerts(
        Deliver(
            DeliveryStore(client("dynamodb"), found.table),
            Schedule((0,)),
            clock,
            stopwatch=lambda: 0.0,
        ),
        Webhook(URL, secret=WebhookSecret(client("secretsmanager"), arn), sender=found.receiver, clock=clock),
        AlertQueue(client("sqs"), queue_url),
    )
    monkeypatch.setattr(app, "alerts", lambda: parts)
    return found


def _verify(request: Any, secret: str = SECRET) -> Any:
    return Verifier(f"whsec_{secret}").verify(request.body, dict(request.headers))


def test_an_alert_becomes_a_signed_webhook(world: World) -> None:
    alert = an_alert()
    world.put(alert.model_dump_json())
    assert world.run() == 0
    (request,) = world.receiver.requests
    assert request.url == URL
    assert request.headers["webhook-id"] == f"evt_{alert.message_id}"
    assert _verify(request) == {
        "type": "analysis.critical",
        "timestamp": alert.analyzed_at,
        "data": alert.model_dump(),
    }
    assert world.attempts(f"evt_{alert.message_id}") == [("delivered", "200")]


def test_a_changed_body_or_another_secret_does_not_verify(world: World) -> None:
    world.put(an_alert().model_dump_json())
    world.run()
    (request,) = world.receiver.requests
    with pytest.raises(WebhookVerificationError):
        Verifier(f"whsec_{SECRET}").verify(request.body.replace(b"95", b"05"), dict(request.headers))
    with pytest.raises(WebhookVerificationError):
        _verify(request, SECRET[::-1])


def test_an_alert_that_comes_twice_is_delivered_once(world: World) -> None:
    body = an_alert().model_dump_json()
    for _ in range(3):
        world.put(body)
    assert world.run() == 0
    world.put(body)
    assert world.run() == 0
    assert len(world.receiver.requests) == 1


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (Answer(500, None), "500"),
        (Answer(301, None), "301"),
        (Answer(404, None), "404"),
        (Answer(103, None), "103"),
        (DeliveryTimeoutError("late"), "timeout"),
    ],
)
def test_whatever_is_not_2xx_is_tried_again_with_the_same_id_and_body(world: World, answer: Any, result: str) -> None:
    alert = an_alert()
    world.put(alert.model_dump_json())
    world.receiver.answers = [answer, answer, Answer(204, None)]
    assert [world.run() for _ in range(3)] == [1, 1, 0]
    requests = world.receiver.requests
    assert len(requests) == 3
    assert len({(request.headers["webhook-id"], request.body) for request in requests}) == 1
    assert world.attempts(f"evt_{alert.message_id}") == [("failed", result)] * 2 + [("delivered", "204")]
    for request in requests:
        _verify(request)


def test_a_gone_endpoint_is_not_asked_again_until_the_alert_is_put_in_anew(world: World) -> None:
    alert = an_alert()
    world.put(alert.model_dump_json())
    world.receiver.answers = [Answer(410, None)]
    assert [world.run() for _ in range(4)] == [1] * 4
    assert len(world.receiver.requests) == 1
    assert world.attempts(f"evt_{alert.message_id}") == [("gone", "410")]
    boto3.client("sqs").purge_queue(QueueUrl=world.queue_url)
    world.receiver.answers = [Answer(200, None)]
    world.put(alert.model_dump_json())
    assert world.run() == 0
    assert len(world.receiver.requests) == 2


def test_the_function_dies_between_sending_and_writing_it_down(world: World) -> None:
    alert = an_alert()
    world.put(alert.model_dump_json())
    world.receiver.answers = [Killed(), Answer(200, None)]
    with pytest.raises(Killed):
        world.run()
    (message,) = [alert.model_dump_json()]
    world.put(message)
    # Whoever held the delivery may still be at work, so it is not sent yet.
    assert world.run() == 1
    assert len(world.receiver.requests) == 1
    world.moment += LEASE
    world.put(message)
    assert world.run() == 0
    first, second = world.receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_without_the_log_nothing_is_sent(world: World) -> None:
    world.put(an_alert().model_dump_json())
    with fault(client("dynamodb"), "UpdateItem"):
        assert world.run() == 1
    assert world.receiver.requests == []
    assert world.run() == 0
    assert len(world.receiver.requests) == 1


def test_what_was_delivered_is_not_sent_again_because_that_could_not_be_written_down(world: World) -> None:
    world.put(an_alert().model_dump_json())
    broken = fault(client("dynamodb"), "UpdateItem")
    post = world.receiver.post

    def post_and_break(*args: Any, **options: Any) -> Answer:
        answer = post(*args, **options)
        broken.__enter__()
        return answer

    world.receiver.post = post_and_break  # type: ignore[method-assign]  # the table breaks after sending
    try:
        assert world.run() == 0
    finally:
        broken.__exit__(None, None, None)
    assert len(world.receiver.requests) == 1


def test_without_the_secret_nothing_is_sent(world: World) -> None:
    alert = an_alert()
    world.put(alert.model_dump_json())
    with fault(client("secretsmanager"), "GetSecretValue"):
        assert world.run() == 1
    assert world.receiver.requests == []
    assert world.run() == 0
    assert world.attempts(f"evt_{alert.message_id}") == [("failed", "unavailable"), ("delivered", "200")]


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"message_id": 5}'])
def test_what_is_no_alert_stays_for_the_dead_letters_and_the_others_go(world: World, body: str) -> None:
    world.put(body or " ")
    world.put(an_alert().model_dump_json())
    assert world.run() == 1
    assert len(world.receiver.requests) == 1


def test_with_no_time_left_alerts_stay(world: World) -> None:
    world.put(an_alert().model_dump_json())
    assert world.run(remaining_ms=20_000) == 1
    assert world.receiver.requests == []


def test_without_an_endpoint_there_is_nothing_to_do(
    world: World, tables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {**tables, "ALERT_QUEUE_URL": world.queue_url, "WEBHOOK_SECRET_ARN": "arn", "WEBHOOK_URL": ""}
    monkeypatch.setattr(app, "alerts", lambda: bootstrap.bootstrap(environment=environment))
    world.put(an_alert().model_dump_json())
    assert world.run() == 0


def test_the_wait_before_the_next_try_is_set_on_the_message(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[int] = []
    monkeypatch.setattr(app.alerts().queue, "hide", lambda _receipt, *, seconds: waits.append(seconds))
    world.receiver.answers = [Answer(429, "120")]
    world.put(an_alert().model_dump_json())
    assert world.run() == 1
    assert waits == [120]


def test_a_queue_that_does_not_take_the_wait_changes_nothing_else(world: World) -> None:
    world.receiver.answers = [Answer(500, None)]
    world.put(an_alert().model_dump_json())
    with fault(client("sqs"), "ChangeMessageVisibility") as calls:
        assert world.run() == 1
    assert len(calls) == 1


def test_a_rotated_secret_signs_beside_the_new_one_for_a_day(world: World) -> None:
    new = SECRET[::-1]
    boto3.client("secretsmanager").put_secret_value(SecretId="webhook", SecretString=new)
    world.put(an_alert().model_dump_json())
    world.run()
    world.moment += OVERLAP + timedelta(minutes=1)
    world.put(an_alert().model_dump_json())
    world.run()
    during, after = world.receiver.requests
    assert _verify(during, new)
    assert _verify(during, SECRET)
    assert len(during.headers["webhook-signature"].split(" ")) == 2
    assert len(after.headers["webhook-signature"].split(" ")) == 1


def test_logs_hold_neither_secrets_nor_numbers_nor_what_the_receiver_says(
    world: World, logs: Callable[[], str]
) -> None:
    world.receiver.answers = [Answer(500, None, b"echo: +15551234567")]
    world.put(an_alert().model_dump_json())
    world.run()
    out = logs()
    assert "attempt made" in out
    for secret in (SECRET, "url-secret", "15551234567", "echo"):
        assert secret not in out


def test_a_receivers_words_are_kept_short_and_harmless(world: World) -> None:
    alert = an_alert()
    world.receiver.answers = [Answer(500, None, b"\x1b[31m\xff\r\nhttps://evil.test" + b"a" * 2000)]
    world.put(alert.model_dump_json())
    world.run()
    (attempt,) = world.row(f"evt_{alert.message_id}")["attempts"]["L"]
    excerpt = attempt["M"]["excerpt"]["S"]
    assert excerpt.startswith("[31m\ufffd hxxps://evil[.]test")
    assert len(excerpt) == 200


def test_a_delivery_names_its_endpoint_without_its_url_and_ends(world: World) -> None:
    alert = an_alert()
    world.put(alert.model_dump_json())
    world.run()
    row = world.row(f"evt_{alert.message_id}")
    assert "url-secret" not in json.dumps(row)
    assert row["status"] == {"S": "delivered"}
    assert int(row["expires_at"]["N"]) == int((world.moment + timedelta(days=30)).timestamp())


@pytest.mark.parametrize("secret", ["", "short", "a" * 33, r"6Z!3o\,punctuation-is-not-base64.", "é" * 32, "a" * 100])
def test_a_secret_that_is_none_keeps_the_alert_and_says_why(world: World, secret: str) -> None:
    boto3.client("secretsmanager").update_secret(SecretId="webhook", SecretString=secret or " ")
    alert = an_alert()
    world.put(alert.model_dump_json())
    assert world.run() == 1
    assert world.receiver.requests == []
    assert world.attempts(f"evt_{alert.message_id}") == [("failed", "secret_malformed")]


def test_a_useless_secret_that_was_replaced_holds_nothing_back(world: World) -> None:
    secrets = boto3.client("secretsmanager")
    secrets.put_secret_value(SecretId="webhook", SecretString="useless!")
    secrets.put_secret_value(SecretId="webhook", SecretString=SECRET)
    world.put(an_alert().model_dump_json())
    assert world.run() == 0
    (request,) = world.receiver.requests
    assert _verify(request)
    assert len(request.headers["webhook-signature"].split(" ")) == 1
