"""From the stream to a receiver's socket, with every part failing in turn: nothing is lost, nothing has two effects.

The functions are the real ones, AWS is the local stack's emulator, the receiver is a server on loopback that verifies
each signature with the specification's own library. Everything is driven as Lambda drives it: what fails comes again,
and whoever dies leaves everything as it is. ``python -m bench.bench_alerts`` counts with 1 000 alerts.
"""

import json
import os
import random
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import alerts.app
import alerts.bootstrap
import broadcast.app
import broadcast.bootstrap
import pytest
from alerts.queue import AlertQueue
from analyze.redelivery import Redelivery
from hookline_core.alerting.endpoints import TEMPLATE_ID, Endpoint, Target, template_endpoint
from hookline_core.alerting.policy import Policy
from hookline_core.clock import utc_now
from hookline_core.stores.aws import client, session
from hookline_core.stores.deliveries import DeliveryStore
from hookline_core.stores.endpoint_secrets import EndpointSecret, EndpointSecrets
from hookline_core.stores.endpoints import EndpointStore
from hookline_core.stores.jobs import JobQueue
from standardwebhooks import Webhook

from stack import emulator
from stack.emulator import Emulator
from stack.places import Home
from tests.builders import DASHBOARD, Context, a_message, queue_record, stream_record
from tests.component.receivers import (
    Answer,
    Flood,
    Receiver,
    close,
    drip_slowly,
    garbage,
    hang,
    listening,
    reset,
    status,
)
from tests.tables import create_tables

# The emulator runs on in a process of its own when it has been started.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")

ALERTS = int(os.environ.get("HOOKLINE_ALERTS", "20"))
SECRET = "abcdefghijklmnopqrstuvwxyz012345"
_ROUNDS = 60
_ACCOUNTS = count(100_000_000_000)
"""The emulator keeps what belongs to each apart."""
_OK = status("204 No Content")


class Killed(BaseException):
    """The function dies."""


@dataclass
class World:
    """Everything between the stream and the receiver."""

    receiver: Receiver
    environment: dict[str, str]
    retries: str
    timers: str
    queue: str
    dead: str
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311  # repeatable, no secret
    moment: datetime = field(default_factory=utc_now)
    accepted: Counter[str] = field(default_factory=Counter)
    repair: Callable[[], None] = lambda: None
    """What an admin does between two rounds."""

    @property
    def endpoints(self) -> EndpointStore:
        """The endpoints."""
        implicit = template_endpoint(self.environment["WEBHOOK_URL"], "webhook")
        return EndpointStore(client("dynamodb"), self.environment["TABLE_ENDPOINTS"], implicit=implicit)

    def run(self, records: Sequence[dict[str, Any]]) -> None:
        """Drive all records through, as Lambda does, until nothing is left anywhere."""
        for start in range(0, len(records), 100):
            batch = list(records[start : start + 100])
            while batch:
                failed = self._invoke(broadcast.app.handler, batch)
                first = next((n for n, record in enumerate(batch) if _identifier(record) in failed), len(batch))
                batch = batch[first:]
        for _ in range(_ROUNDS):
            self.moment += timedelta(seconds=61)
            self.repair()
            drained = [
                self._drain(self.retries, broadcast.app.handler),
                self._drain(self.timers, broadcast.app.handler),
                self._drain(self.queue, alerts.app.handler),
            ]
            if not any(drained):
                return
        pytest.fail("something stays in a queue for ever")

    def _drain(self, url: str, handler: Callable[..., Any]) -> int:
        """Hand out what is in a queue, each message once, and return how many there were."""
        sqs = client("sqs")
        records: list[dict[str, Any]] = []
        while messages := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["ApproximateReceiveCount"], VisibilityTimeout=36_000
        ).get("Messages"):
            records += [
                queue_record(
                    message["Body"],
                    number=len(records) + number,
                    receipt=message["ReceiptHandle"],
                    receives=int(message["Attributes"]["ApproximateReceiveCount"]),
                )
                for number, message in enumerate(messages)
            ]
        for start in range(0, len(records), 5):
            batch = records[start : start + 5]
            failed = self._invoke(handler, batch)
            done = [
                {"Id": str(number), "ReceiptHandle": record["receiptHandle"]}
                for number, record in enumerate(batch)
                if _identifier(record) not in failed
            ]
            if done:
                sqs.delete_message_batch(QueueUrl=url, Entries=done)
            for record in batch:
                if _identifier(record) in failed:
                    sqs.change_message_visibility(
                        QueueUrl=url, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=0
                    )
        return len(records)

    def _invoke(self, handler: Callable[..., Any], records: Sequence[dict[str, Any]]) -> set[str]:
        try:
            answer = handler({"Records": list(records)}, Context())
        except Killed:
            return {_identifier(record) for record in records}
        return {item["itemIdentifier"] for item in answer["batchItemFailures"]}

    def mostly(self, good: Answer, *bad: Answer) -> Answer:
        """Answer well two times out of three, and badly otherwise; always well, if there is no bad answer."""
        lock = threading.Lock()

        def answer(connection: socket.socket, over: threading.Event) -> None:
            with lock:
                chosen = self.chance.choice(bad) if bad and self.chance.random() < 1 / 3 else good
            if chosen is good:
                self.accept()
            chosen(connection, over)

        return answer

    def accept(self) -> None:
        """Take the last request as delivered, if its signature is right."""
        _, headers, body = self.receiver.requests[-1]
        # Signed anew by the library and compared: its own check would refuse the times of the moved clock.
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=UTC)
        assert Webhook(f"whsec_{SECRET}").sign(headers["webhook-id"], at, body.decode()) == headers["webhook-signature"]
        if json.loads(body)["type"].startswith("analysis."):
            self.accepted[headers["webhook-id"]] += 1

    def break_sometimes(self, target: Any, operation: str) -> None:
        """Let a client's operation fail one time out of five."""
        self.break_when(target, operation, lambda: self.chance.random() < 0.2)

    def break_for_a_while(self, target: Any, operation: str) -> None:
        """Let a client's operation fail until some minutes have passed."""
        until = self.moment + timedelta(minutes=3)
        self.break_when(target, operation, lambda: self.moment < until)

    def break_when(self, target: Any, operation: str, broken: Callable[[], bool]) -> None:
        """Let a client's operation fail while it is broken."""

        def fail(**_: Any) -> tuple[Any, dict[str, Any]] | None:
            if not broken():
                return None
            error = {"Error": {"Code": "ServiceUnavailable"}, "ResponseMetadata": {"HTTPStatusCode": 503}}
            return SimpleNamespace(status_code=503), error

        name = target.meta.service_model.service_id.hyphenize()
        target.meta.events.register_first(f"before-call.{name}.{operation}", fail)


def _identifier(record: dict[str, Any]) -> str:
    return str(record["messageId"] if "messageId" in record else record["dynamodb"]["SequenceNumber"])


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Start an emulator of these tests' own."""
    home = Home(tmp_path_factory.mktemp("aws"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    yield emulator.start(home, port=port)
    emulator.stop(home)


@pytest.fixture
def world(aws: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Build everything between the stream and the receiver, in an account of its own."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", str(next(_ACCOUNTS)))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setattr("broadcast.retries._DELAY_SECONDS", 0)
    # The driver moves the time itself.
    monkeypatch.setattr(AlertQueue, "hide", _pass)
    _forget_clients()
    with listening(Receiver()) as receiver:
        yield _build(receiver, monkeypatch)
    _forget_clients()


def _forget_clients() -> None:
    session.cache_clear()
    client.cache_clear()


def _pass(_queue: AlertQueue, _receipt: str, *, seconds: int) -> None:
    assert seconds >= 0


def _build(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> World:
    sqs, sns = client("sqs"), client("sns")
    retries, timers, queue, dead = (
        sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("retries", "timers", "alerts", "dead")
    )
    operations = sns.create_topic(Name="operations")["TopicArn"]
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps({"Statement": [anybody]})})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    secret = client("secretsmanager").create_secret(Name="webhook", SecretString=SECRET)["ARN"]
    environment = {
        **create_tables(),
        "ALERT_TOPIC_ARN": topic,
        "RETRY_QUEUE_URL": retries,
        "OPERATIONS_TOPIC_ARN": operations,
        "TIMER_QUEUE_URL": timers,
        "ALERT_QUEUE_URL": queue,
        "ALERT_DEAD_LETTERS_URL": dead,
        "ENDPOINT_SECRETS": "/hookline/endpoints/",
        "WEBHOOK_RETRY_SECONDS": ",".join(["5"] * 20),
        "DASHBOARD_URL": DASHBOARD,
        "MODEL_BUCKET": "models",
        "WEBHOOK_URL": receiver.url,
        "WEBHOOK_SECRET_ARN": secret,
        "WEBHOOK_ALLOW_LOOPBACK": "true",
    }
    world = World(receiver, environment, retries, timers, queue, dead)
    # Each message is told on its own here, so that each can be counted.
    world.endpoints.set_policy(Policy(group_by="sender", cooldown_minutes=0))
    receiver.answer = world.mostly(_OK)
    follower = broadcast.bootstrap.bootstrap(environment=environment, clock=lambda: world.moment)
    deliverer = alerts.bootstrap.bootstrap(environment=environment, clock=lambda: world.moment, timeout=2)
    monkeypatch.setattr(broadcast.app, "broadcast", lambda: follower)
    monkeypatch.setattr(alerts.app, "alerts", lambda: deliverer)
    return world


def _nothing(_world: World) -> None:
    """Let everything work."""


def _answers(*bad: Answer) -> Callable[[World], None]:
    """Let the receiver answer badly one time out of three."""

    def fault(world: World) -> None:
        world.receiver.answer = world.mostly(_OK, *bad)

    return fault


def _receiver_floods(world: World) -> None:
    # What is sent after a good status changes nothing, so these count as taken.
    def flood(connection: socket.socket, over: threading.Event) -> None:
        with suppress(OSError):
            Flood()(connection, over)

    world.receiver.answer = world.mostly(flood)


def _receiver_says_410_and_is_enabled_and_redriven(world: World) -> None:
    # Each 410 ends the deliveries of a round, so there are few, and one at least.
    ok, gone, every = world.mostly(_OK), status("410 Gone"), max(40, ALERTS // 5)

    def answer(connection: socket.socket, over: threading.Event) -> None:
        (gone if len(world.receiver.requests) % every == 7 else ok)(connection, over)

    world.receiver.answer = answer
    endpoints, deliveries = world.endpoints, DeliveryStore(client("dynamodb"), world.environment["TABLE_DELIVERIES"])
    redelivery = Redelivery(
        deliveries,
        endpoints,
        JobQueue(lambda: client("sqs"), world.queue),
        lambda: client("sqs"),
        queue_url=world.queue,
        dead_letters_url=world.dead,
    )

    def repair() -> None:
        endpoints.enable(TEMPLATE_ID)
        redelivery.redrive()

    world.repair = repair


def _endpoint_is_deleted_while_alerts_wait(world: World) -> None:
    secret = EndpointSecret.new(Target(url=f"http://127.0.0.1:{world.receiver.port}/other"))
    EndpointSecrets(lambda: client("ssm"), world.environment["ENDPOINT_SECRETS"]).put("ep_other", secret)
    world.endpoints.add(
        Endpoint(endpoint_id="ep_other", name="Other", type="webhook", created_at="2026-11-23T00:00:00.000Z")
    )
    rounds = iter(range(_ROUNDS))

    def repair() -> None:
        if next(rounds) == 2:  # when each was tried, and waits for its next attempt
            world.endpoints.delete("ep_other")

    def refuse_the_other(connection: socket.socket, over: threading.Event) -> None:
        line, _, _ = world.receiver.requests[-1]
        (world.mostly(_OK) if "/in?" in line else status("500 Error"))(connection, over)

    world.repair = repair
    world.receiver.answer = refuse_the_other


def _tables_refuse(world: World) -> None:
    for operation in ("PutItem", "GetItem", "UpdateItem", "TransactWriteItems"):
        world.break_sometimes(client("dynamodb"), operation)


def _topic_and_queues_refuse(world: World) -> None:
    world.break_sometimes(client("sns"), "Publish")
    world.break_sometimes(client("sqs"), "SendMessage")


def _topic_refuses_for_a_while(world: World) -> None:
    world.break_for_a_while(client("sns"), "Publish")


def _queues_refuse_for_a_while(world: World) -> None:
    world.break_for_a_while(client("sqs"), "SendMessage")


def _secrets_refuse(world: World) -> None:
    world.break_sometimes(client("secretsmanager"), "GetSecretValue")


def _broadcast_dies_after_publishing(world: World) -> None:
    def die(**_: Any) -> None:
        if world.chance.random() < 0.1:
            raise Killed

    client("sns").meta.events.register("after-call.sns.Publish", die)


def _alerts_dies_after_sending(world: World) -> None:
    def die(params: dict[str, Any], **_: Any) -> None:
        writes_down = "list_append" in params["UpdateExpression"]
        if writes_down and world.chance.random() < 0.1:
            raise Killed

    client("dynamodb").meta.events.register("provide-client-params.dynamodb.UpdateItem", die)


# What costs the whole time of an attempt is a part of the bad answers only.
_ERROR = status("500 Error")
FAULTS: dict[str, Callable[[World], None]] = {
    "none": _nothing,
    "receiver answers 500": _answers(_ERROR),
    "receiver answers 429 with Retry-After": _answers(status("429 Later", "Retry-After: 90")),
    "receiver answers 301": _answers(status("301 Moved", "Location: /in")),
    "receiver answers 410, is enabled and redriven": _receiver_says_410_and_is_enabled_and_redriven,
    "receiver hangs": _answers(*[_ERROR] * 4, hang),
    "receiver drips its answer, a byte a second": _answers(*[_ERROR] * 9, drip_slowly),
    "receiver resets the connection": _answers(reset),
    "receiver closes the connection, or talks rubbish": _answers(close, garbage),
    "receiver answers with 100 MB": _receiver_floods,
    "another endpoint is deleted while alerts wait": _endpoint_is_deleted_while_alerts_wait,
    "tables refuse now and then": _tables_refuse,
    "topic and queues refuse now and then": _topic_and_queues_refuse,
    "topic refuses for three minutes": _topic_refuses_for_a_while,
    "queues refuse for three minutes": _queues_refuse_for_a_while,
    "secret store refuses now and then": _secrets_refuse,
    "broadcast dies after publishing": _broadcast_dies_after_publishing,
    "alerts dies after sending": _alerts_dies_after_sending,
}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost_and_nothing_has_two_effects(
    world: World, fault: str, record_property: Callable[[str, object], None]
) -> None:
    messages = [a_message(phone_number=f"+1555000{number // 10:04}") for number in range(ALERTS)]
    records = [stream_record(message, number) for number, message in enumerate(messages)]
    # The stream tells some of them again, and out of order.
    records += world.chance.sample(records, ALERTS // 10)
    FAULTS[fault](world)
    world.run(records)
    expected = {f"evt_{message.message_id}" for message in messages}
    repeats = world.accepted.total() - len(world.accepted)
    counts = {
        "fault": fault,
        "sent": len(expected),
        "attempts": len(world.receiver.requests),
        "delivered": len(world.accepted),
        "duplicates": repeats,
        "lost": len(expected - set(world.accepted)),
    }
    for name, value in counts.items():
        record_property(name, value)
    assert set(world.accepted) == expected
    # What is sent and cannot be written down may be sent again: with the same id, by which receivers drop it.
    assert repeats == 0 or fault in {"alerts dies after sending", "tables refuse now and then"}
