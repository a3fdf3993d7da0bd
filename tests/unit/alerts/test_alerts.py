"""The whole function on moto: events from the queue reach every endpoint that wants them, once, whatever fails."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from alerts import app, bootstrap
from alerts.health import LONG
from alerts.queue import LONGEST_WAIT
from alerts.sender import Answer, DeliveryTimeoutError
from hookline_core.alerting.endpoints import (
    TEMPLATE_ID,
    Endpoint,
    EndpointType,
    Filter,
    Target,
    template_endpoint,
)
from hookline_core.alerting.events import Event
from hookline_core.alerting.events import test_of as make_test
from hookline_core.clock import utc_now
from hookline_core.stores.aws import client
from hookline_core.stores.deliveries import LEASE, Delivery, DeliveryStore, Status
from hookline_core.stores.endpoint_secrets import OVERLAP, EndpointSecret, EndpointSecrets
from hookline_core.stores.endpoints import EndpointStore
from hookline_core.stores.jobs import Job
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from tests.builders import Context, an_event, queue_record
from tests.unit.alerts.fakes import Receiver
from tests.unit.faults import fault

URL = "https://hooks.example.test/in?token=url-secret"
SECRET = "abcdefghijklmnopqrstuvwxyz012345"
PREFIX = "/hookline/endpoints/"


class Killed(BaseException):
    """The function dies."""


@dataclass
class World:
    """The function, with a receiver that answers as it is told and a clock that can be moved."""

    receiver: Receiver
    environment: dict[str, str]
    moment: datetime = field(default_factory=utc_now)

    @property
    def store(self) -> EndpointStore:
        """The endpoints."""
        return EndpointStore(
            client("dynamodb"),
            self.environment["TABLE_ENDPOINTS"],
            implicit=template_endpoint(self.environment["WEBHOOK_URL"], "webhook"),
        )

    def add(self, kind: EndpointType = "webhook", **changes: Any) -> EndpointSecret:
        """Add an endpoint of the id ep_1."""
        secret = EndpointSecret.new(Target(url="https://other.example.test/x"))
        EndpointSecrets(lambda: client("ssm"), PREFIX).put("ep_1", secret)
        self.store.add(
            Endpoint(endpoint_id="ep_1", name="One", type=kind, created_at="2026-11-23T00:00:00.000Z", **changes)
        )
        return secret

    def put(self, content: Event | Job | str) -> None:
        """Put something into the queue."""
        body = content if isinstance(content, str) else content.model_dump_json()
        boto3.client("sqs").send_message(QueueUrl=self.environment["ALERT_QUEUE_URL"], MessageBody=body)

    def run(self, *, remaining_ms: int = 60_000) -> int:
        """Let the function take what is in the queue, as Lambda does; return how many stay."""
        sqs = boto3.client("sqs")
        url = self.environment["ALERT_QUEUE_URL"]
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        records = [
            queue_record(message["Body"], number=number, receipt=message["ReceiptHandle"])
            for number, message in enumerate(messages)
        ]
        answer = app.handler({"Records": records}, Context(remaining_ms=remaining_ms))
        failed = {item["itemIdentifier"] for item in answer["batchItemFailures"]}
        for record in records:
            if record["messageId"] not in failed:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=record["receiptHandle"])
            else:
                sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=0)
        return len(failed)

    def deliver(self, event: Event) -> int:
        """Put an event in, hand it to the endpoints, and deliver it; return how many jobs stay."""
        self.put(event)
        assert self.run() == 0
        return self.run()

    def dead(self) -> list[str]:
        """Return what is in the dead letters."""
        url = self.environment["ALERT_DEAD_LETTERS_URL"]
        answer = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [message["Body"] for message in answer.get("Messages", [])]

    def told(self) -> list[str]:
        """Return what the operations topic said."""
        answer = boto3.client("sqs").receive_message(QueueUrl=self.environment["OPERATIONS"], MaxNumberOfMessages=10)
        return [json.loads(message["Body"])["Message"] for message in answer.get("Messages", [])]

    def delivery(self, event: Event, endpoint_id: str = TEMPLATE_ID) -> Delivery:
        """Return the delivery of an event."""
        found = DeliveryStore(client("dynamodb"), self.environment["TABLE_DELIVERIES"]).of_event(
            event.id, moment=self.moment
        )
        return next(delivery for delivery in found if delivery.endpoint_id == endpoint_id)

    def attempts(self, event: Event) -> list[tuple[str, str]]:
        """Return the status and result of each attempt."""
        return [(attempt.status.value, attempt.result) for attempt in self.delivery(event).attempts]


@pytest.fixture
def world(tables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> World:
    """Build everything that the function touches; messages may come again at once."""
    sqs, sns = boto3.client("sqs"), boto3.client("sns")
    queues = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("alerts", "dead", "operations")}
    topics = {name: sns.create_topic(Name=name)["TopicArn"] for name in ("alerts", "operations")}
    arn = sqs.get_queue_attributes(QueueUrl=queues["operations"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topics["operations"], Protocol="sqs", Endpoint=arn)
    secret = boto3.client("secretsmanager").create_secret(Name="webhook", SecretString=SECRET)["ARN"]
    environment = {
        **tables,
        "ENDPOINT_SECRETS": PREFIX,
        "ALERT_QUEUE_URL": queues["alerts"],
        "ALERT_DEAD_LETTERS_URL": queues["dead"],
        "ALERT_TOPIC_ARN": topics["alerts"],
        "OPERATIONS_TOPIC_ARN": topics["operations"],
        "OPERATIONS": queues["operations"],
        "WEBHOOK_SECRET_ARN": secret,
        "WEBHOOK_URL": URL,
        "WEBHOOK_RETRY_SECONDS": "0,0,0",
    }
    found = World(Receiver(), environment)
    parts = bootstrap.bootstrap(environment=environment, clock=lambda: found.moment, sender=found.receiver)
    monkeypatch.setattr(app, "alerts", lambda: parts)
    return found


def _verify(request: Any, secret: str = f"whsec_{SECRET}") -> Any:
    return Verifier(secret).verify(request.body, dict(request.headers))


def test_an_event_becomes_a_signed_webhook(world: World) -> None:
    event = an_event()
    assert world.deliver(event) == 0
    (request,) = world.receiver.requests
    assert request.url == URL
    assert request.headers["webhook-id"] == event.id
    assert _verify(request) == {"type": "analysis.critical", "timestamp": event.timestamp, "data": event.data}
    assert world.attempts(event) == [("delivered", "200")]
    assert world.delivery(event).status == "delivered"


def test_a_changed_body_or_another_secret_does_not_verify(world: World) -> None:
    world.deliver(an_event())
    (request,) = world.receiver.requests
    with pytest.raises(WebhookVerificationError):
        Verifier(f"whsec_{SECRET}").verify(request.body.replace(b"95", b"05"), dict(request.headers))
    with pytest.raises(WebhookVerificationError):
        _verify(request, f"whsec_{SECRET[::-1]}")


def test_every_endpoint_that_wants_it_gets_it_signed_with_its_own_secret(world: World) -> None:
    secret = world.add()
    event = an_event()
    assert world.deliver(event) == 0
    first, second = sorted(world.receiver.requests, key=lambda request: request.url)
    assert _verify(first)
    assert _verify(second, secret.signing)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


@pytest.mark.parametrize(
    ("wanted", "gets"),
    [
        (Filter(), True),
        (Filter(min_level="Critical"), True),
        (Filter(levels=["High"]), False),
        (Filter(categories=["parcel_delivery"]), False),
        (Filter(categories=["bank_impersonation"]), True),
        (Filter(event_types=["alert.summary"]), False),
        (Filter(event_types=["analysis.critical"]), True),
    ],
)
def test_an_endpoint_gets_what_its_filter_lets_pass(world: World, wanted: Filter, gets: bool) -> None:
    world.add(filter=wanted)
    world.deliver(an_event())
    assert len(world.receiver.requests) == 1 + gets


@pytest.mark.parametrize("kind", ["email", "sms"])
def test_what_the_topic_tells_by_itself_is_in_the_log_and_is_not_sent(world: World, kind: EndpointType) -> None:
    world.add(kind, filter=Filter(min_level="Critical"))
    event, other = an_event(), an_event(risk_level="High")
    world.deliver(event)
    world.deliver(event)
    world.deliver(other)
    delivery = world.delivery(event, "ep_1")
    assert (delivery.status, delivery.attempts) == (Status.PUBLISHED, [])
    with pytest.raises(StopIteration):
        world.delivery(other, "ep_1")
    assert len(world.receiver.requests) == 2  # those of the other endpoint


def test_an_event_that_comes_twice_is_delivered_once(world: World) -> None:
    event = an_event()
    for _ in range(3):
        world.put(event)
    assert [world.run(), world.run()] == [0, 0]
    assert world.deliver(event) == 0
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
    event = an_event()
    world.receiver.answers = [answer, answer, Answer(204, None)]
    assert [world.deliver(event), world.run(), world.run()] == [1, 1, 0]
    requests = world.receiver.requests
    assert len({(request.headers["webhook-id"], request.body) for request in requests}) == 1
    assert world.attempts(event) == [("failed", result)] * 2 + [("delivered", "204")]
    for request in requests:
        _verify(request)


def test_when_the_schedule_is_used_up_the_job_is_in_the_dead_letters(world: World) -> None:
    event = an_event()
    world.receiver.answers = [Answer(500, None)]
    assert [world.deliver(event), world.run(), world.run(), world.run(), world.run()] == [1, 1, 1, 0, 0]
    (letter,) = world.dead()
    assert Job.model_validate_json(letter) == Job(endpoint_id=TEMPLATE_ID, event=event)
    assert world.delivery(event).status == "dead"
    assert world.store.get(TEMPLATE_ID).enabled


def test_a_dead_letter_that_comes_back_by_any_way_is_tried(world: World) -> None:
    event = an_event()
    world.receiver.answers = [Answer(500, None)]
    assert [world.deliver(event), world.run(), world.run(), world.run()] == [1, 1, 1, 0]
    (letter,) = world.dead()
    world.receiver.answers = [Answer(200, None)]
    world.put(letter)
    assert world.run() == 0
    assert world.delivery(event).status == "delivered"


def test_what_cannot_be_buried_stays(world: World) -> None:
    event = an_event()
    world.receiver.answers = [Answer(410, None)]
    world.put(event)
    assert world.run() == 0
    with fault(client("sqs"), "SendMessage"):
        assert world.run() == 1
    world.moment += LEASE
    assert world.run() == 0
    assert len(world.dead()) == 1


def test_a_gone_endpoint_is_disabled_and_the_admins_hear_of_it(world: World) -> None:
    event, later = an_event(), an_event()
    world.receiver.answers = [Answer(410, None)]
    assert world.deliver(event) == 0
    standing = world.store.get(TEMPLATE_ID).standing
    assert (standing.status, standing.disabled_reason, standing.last_status) == ("disabled", "gone", "410")
    (text,) = world.told()
    assert "It answered 410" in text
    assert "url-secret" not in text
    # Nobody decided that it should miss what comes now.
    world.put(later)
    assert [world.run(), world.run()] == [0, 0]
    assert len(world.receiver.requests) == 1
    assert {Job.model_validate_json(letter).event.id for letter in world.dead()} == {event.id, later.id}


def test_an_endpoint_that_takes_nothing_for_days_is_disabled(world: World) -> None:
    world.receiver.answers = [Answer(500, None)]
    event = an_event()
    world.deliver(event)
    world.moment += LONG - timedelta(minutes=1)
    world.run()
    assert world.store.get(TEMPLATE_ID).enabled
    world.moment += timedelta(minutes=1)
    assert world.run() == 1
    standing = world.store.get(TEMPLATE_ID).standing
    assert (standing.status, standing.disabled_reason) == ("disabled", "failing")
    assert len(world.told()) == 1
    # What waited for it goes to the dead letters, where it can be redriven from.
    assert world.run() == 0
    assert [Job.model_validate_json(letter).event.id for letter in world.dead()] == [event.id]


def test_one_success_ends_a_long_failure(world: World) -> None:
    world.receiver.answers = [Answer(500, None), Answer(200, None), Answer(500, None)]
    world.deliver(an_event())
    world.moment += LONG
    world.run()
    world.deliver(an_event())
    assert world.store.get(TEMPLATE_ID).enabled
    assert world.told() == []


def test_a_deleted_endpoint_gets_nothing_more_and_the_log_says_so(world: World) -> None:
    world.add()
    event = an_event()
    world.put(event)
    assert world.run() == 0
    world.store.delete("ep_1")
    assert world.run() == 0
    assert [request.url for request in world.receiver.requests] == [URL]
    assert world.delivery(event, "ep_1").status == "skipped"
    assert world.dead() == []


def test_what_an_admin_disabled_gets_nothing_but_its_tests(world: World) -> None:
    world.add()
    event = an_event()
    world.put(event)
    world.run()
    world.store.disable("ep_1", "by_admin")
    world.run()
    assert world.delivery(event, "ep_1").status == "skipped"
    test = make_test("ep_1", "One", event_id="evt_test", timestamp=event.timestamp)
    world.put(Job(endpoint_id="ep_1", event=test))
    world.run()
    assert world.delivery(test, "ep_1").status == "delivered"


def test_a_test_is_tried_once_and_says_nothing_about_the_endpoints_health(world: World) -> None:
    world.receiver.answers = [Answer(500, None)]
    test = make_test(TEMPLATE_ID, "One", event_id="evt_test", timestamp="2026-11-23T06:00:00.000Z")
    world.put(Job(endpoint_id=TEMPLATE_ID, event=test))
    assert world.run() == 0
    assert world.delivery(test).status == "dead"
    assert world.dead() == []
    assert world.store.get(TEMPLATE_ID).standing.failing_since is None


def test_a_test_on_the_topic_is_not_for_everybody(world: World) -> None:
    world.put(make_test("ep_mail", "Mail", event_id="evt_test", timestamp="2026-11-23T06:00:00.000Z"))
    assert [world.run(), world.run()] == [0, 0]
    assert world.receiver.requests == []


def test_a_replay_is_sent_again_marked_and_with_the_same_id(world: World) -> None:
    event = an_event()
    world.deliver(event)
    DeliveryStore(client("dynamodb"), world.environment["TABLE_DELIVERIES"]).reopen(
        event.id, TEMPLATE_ID, delivered=True
    )
    world.put(Job(endpoint_id=TEMPLATE_ID, event=event, replay=True))
    assert world.run() == 0
    first, again = world.receiver.requests
    assert (first.headers["webhook-id"], first.body) == (again.headers["webhook-id"], again.body)
    assert "hookline-replay" not in first.headers
    assert again.headers["hookline-replay"] == "true"
    assert world.attempts(event) == [("delivered", "200")] * 2


def test_the_function_dies_between_sending_and_writing_it_down(world: World) -> None:
    event = an_event()
    world.put(event)
    assert world.run() == 0
    world.receiver.answers = [Killed(), Answer(200, None)]
    with pytest.raises(Killed):
        world.run()
    job = Job(endpoint_id=TEMPLATE_ID, event=event)
    world.put(job)
    # Whoever held the delivery may still be at work, so it is not sent yet.
    assert world.run() == 1
    assert len(world.receiver.requests) == 1
    world.moment += LEASE
    assert world.run() == 0
    first, second = world.receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_without_the_log_nothing_is_sent(world: World) -> None:
    world.put(an_event())
    world.run()
    with fault(client("dynamodb"), "UpdateItem"):
        assert world.run() == 1
    assert world.receiver.requests == []
    assert world.run() == 0
    assert len(world.receiver.requests) == 1


def test_without_the_endpoints_nothing_is_lost(world: World) -> None:
    world.put(an_event())
    with fault(client("dynamodb"), "Query"):
        assert world.run() == 1
    with fault(client("sqs"), "SendMessage"):
        assert world.run() == 1
    assert [world.run(), world.run()] == [0, 0]
    assert len(world.receiver.requests) == 1


def test_what_was_delivered_is_not_sent_again_because_that_could_not_be_written_down(world: World) -> None:
    world.put(an_event())
    world.run()
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
    event = an_event()
    with fault(client("secretsmanager"), "GetSecretValue"):
        assert world.deliver(event) == 1
    assert world.receiver.requests == []
    assert world.run() == 0
    assert world.attempts(event) == [("failed", "unavailable"), ("delivered", "200")]


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"message_id": 5}'])
def test_what_is_no_alert_goes_to_the_dead_letters_and_the_others_go_on(world: World, body: str) -> None:
    world.put(body or " ")
    assert world.deliver(an_event()) == 0
    assert len(world.receiver.requests) == 1
    assert world.dead() == [body or " "]


def test_with_no_time_left_alerts_stay(world: World) -> None:
    world.put(an_event())
    assert world.run(remaining_ms=20_000) == 1
    assert world.receiver.requests == []


def test_without_an_endpoint_there_is_nothing_to_do(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {**world.environment, "WEBHOOK_URL": ""}
    monkeypatch.setattr(app, "alerts", lambda: bootstrap.bootstrap(environment=environment))
    assert world.deliver(an_event()) == 0


def test_the_wait_before_the_next_try_is_set_on_the_message(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[int] = []
    event = an_event()
    monkeypatch.setattr(app.alerts().queue, "hide", lambda _receipt, *, seconds: waits.append(seconds))
    world.receiver.answers = [Answer(429, "120"), Answer(200, None)]
    assert world.deliver(event) == 1
    # Whoever comes too early waits for the rest.
    world.moment += timedelta(seconds=50)
    assert world.run() == 1
    assert waits == [120, 70]
    assert world.delivery(event).status == "failed"
    world.moment += timedelta(seconds=70)
    assert world.run() == 0
    assert len(world.receiver.requests) == 2


def test_a_wait_of_a_day_is_cut_into_what_the_queue_can_do(world: World) -> None:
    asked: list[int] = []

    def hear(params: dict[str, Any], **_: Any) -> None:
        asked.append(params["VisibilityTimeout"])

    client("sqs").meta.events.register("provide-client-params.sqs.ChangeMessageVisibility", hear)
    world.receiver.answers = [Answer(503, str(24 * 3600))]
    assert world.deliver(an_event()) == 1
    assert max(asked) == LONGEST_WAIT < 12 * 3600


def test_a_queue_that_does_not_take_the_wait_changes_nothing_else(world: World) -> None:
    world.receiver.answers = [Answer(500, None)]
    world.put(an_event())
    world.run()
    with fault(client("sqs"), "ChangeMessageVisibility", times=1) as calls:
        assert world.run() == 1
    assert len(calls) == 1


def test_a_rotated_secret_signs_beside_the_new_one_for_a_day(world: World) -> None:
    new = SECRET[::-1]
    boto3.client("secretsmanager").put_secret_value(SecretId="webhook", SecretString=new)
    world.deliver(an_event())
    world.moment += OVERLAP + timedelta(minutes=1)
    world.deliver(an_event())
    during, after = world.receiver.requests
    assert _verify(during, f"whsec_{new}")
    assert _verify(during)
    assert len(during.headers["webhook-signature"].split(" ")) == 2
    assert len(after.headers["webhook-signature"].split(" ")) == 1


def test_a_rotation_by_the_api_is_seen_with_the_next_event(world: World) -> None:
    old = world.add()
    world.deliver(an_event())
    new = old.rotated(moment=world.moment)
    EndpointSecrets(lambda: client("ssm"), PREFIX).put("ep_1", new)
    endpoint = world.store.get("ep_1").endpoint
    world.store.change(endpoint.model_copy(update={"revision": 2}))
    world.deliver(an_event())
    request = [request for request in world.receiver.requests if request.url != URL][-1]
    assert _verify(request, old.signing)
    assert _verify(request, new.signing)


def test_logs_hold_neither_secrets_nor_numbers_nor_what_the_receiver_says(
    world: World, logs: Callable[[], str]
) -> None:
    world.receiver.answers = [Answer(500, None, b"echo: +15551234567")]
    world.deliver(an_event())
    out = logs()
    assert "attempt made" in out
    for secret in (SECRET, "url-secret", "15551234567", "echo"):
        assert secret not in out


def test_a_receivers_words_are_kept_short_and_harmless(world: World) -> None:
    event = an_event()
    world.receiver.answers = [Answer(500, None, b"\x1b[31m\xff\r\nhttps://evil.test" + b"a" * 2000)]
    world.deliver(event)
    (attempt,) = world.delivery(event).attempts
    assert attempt.excerpt.startswith("[31m\ufffd hxxps://evil[.]test")
    assert len(attempt.excerpt) == 200


def test_the_log_names_no_url_and_ends(world: World) -> None:
    world.deliver(an_event())
    (row,) = boto3.client("dynamodb").scan(TableName=world.environment["TABLE_DELIVERIES"])["Items"]
    assert "url-secret" not in json.dumps(row)
    assert int(row["expires_at"]["N"]) == int((world.moment + timedelta(days=30)).timestamp())


@pytest.mark.parametrize("secret", ["", "short", "a" * 33, r"6Z!3o\,punctuation-is-not-base64.", "é" * 32, "a" * 100])
def test_a_secret_that_is_none_keeps_the_alert_and_says_why(world: World, secret: str) -> None:
    boto3.client("secretsmanager").update_secret(SecretId="webhook", SecretString=secret or " ")
    event = an_event()
    assert world.deliver(event) == 1
    assert world.receiver.requests == []
    assert world.attempts(event) == [("failed", "secret_malformed")]


def test_a_useless_secret_that_was_replaced_holds_nothing_back(world: World) -> None:
    secrets = boto3.client("secretsmanager")
    secrets.put_secret_value(SecretId="webhook", SecretString="useless!")
    secrets.put_secret_value(SecretId="webhook", SecretString=SECRET)
    assert world.deliver(an_event()) == 0
    (request,) = world.receiver.requests
    assert _verify(request)
    assert len(request.headers["webhook-signature"].split(" ")) == 1
