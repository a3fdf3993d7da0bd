"""Alerts are told often enough and not more, whatever breaks off; every message is counted, and none is hidden."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import boto3
import pytest
from broadcast import app, bootstrap
from broadcast.flood import MOST
from hookline_core.alerting.events import Event
from hookline_core.alerting.policy import Policy
from hookline_core.contracts import Message
from hookline_core.stores.alerts import FORGOTTEN, LEASE, AlertRow, AlertStore
from hookline_core.stores.aws import client
from hookline_core.stores.endpoints import EndpointStore
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import DASHBOARD, Context, a_message, queue_record, stream_record
from tests.unit.broadcast.fakes import drain
from tests.unit.faults import fault

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TEXT = "Your parcel {} is waiting at the customs office. Pay the outstanding fee of {} at https://post-{}.test/pay"


class Killed(BaseException):
    """The function dies."""


@dataclass
class World:
    """The function, its topic, its timers, and a clock that can be moved."""

    environment: dict[str, str]
    topic_queue: str
    moment: datetime = NOON
    timers: list[str] = field(default_factory=list)

    def policy(self, **changes: Any) -> None:
        """Set the policy."""
        EndpointStore(client("dynamodb"), self.environment["TABLE_ENDPOINTS"]).set_policy(Policy(**changes))

    def see(self, *messages: Message) -> None:
        """Let messages come along the stream, and what failed come again."""
        self._invoke([stream_record(message, number) for number, message in enumerate(messages, start=1)])

    def retry(self) -> int:
        """Let what failed come again, once, and return how much that was."""
        bodies = drain(self.environment["RETRY_QUEUE_URL"])
        if bodies:
            self._invoke([queue_record(body, number=number) for number, body in enumerate(bodies)])
        return len(bodies)

    def wait(self, **span: float) -> None:
        """Move the clock, and let each timer ring when the queue would hand it out."""
        end = self.moment + timedelta(**span)
        while True:
            self.timers += drain(self.environment["TIMER_QUEUE_URL"])
            due = [body for body in self.timers if json.loads(body)["at"] <= end.timestamp()]
            if not due:
                break
            body = min(due, key=lambda found: json.loads(found)["at"])
            self.timers.remove(body)
            self.moment = max(self.moment, datetime.fromtimestamp(json.loads(body)["at"], UTC))
            self._invoke([queue_record(body)])
        self.moment = end

    def told(self) -> list[Event]:
        """Return the events that were told since the last call."""
        return [Event.model_validate_json(body) for body in drain(self.topic_queue)]

    def alerts(self) -> list[AlertRow]:
        """Return all alerts."""
        store = AlertStore(client("dynamodb"), self.environment["TABLE_ALERTS"])
        return [
            row
            for status in ("open", "acknowledged")
            for row in store.page(status, limit=100, after=None, moment=self.moment)[0]
        ]  # type: ignore[arg-type]  # one of the two

    def acknowledge(self) -> None:
        """Acknowledge all alerts."""
        store = AlertStore(client("dynamodb"), self.environment["TABLE_ALERTS"])
        for row in self.alerts():
            store.acknowledge(row.alert_id, by="abc", moment=self.moment)

    @staticmethod
    def _invoke(records: list[dict[str, Any]]) -> None:
        for start in range(0, len(records), 100):
            answer = app.handler({"Records": records[start : start + 100]}, Context())
            assert answer == {"batchItemFailures": []}


@pytest.fixture
def world(tables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> World:
    """Build everything that the function touches. Delays are the driver's."""
    sqs, sns = boto3.client("sqs"), boto3.client("sns")
    urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("alerts", "retries", "timers")}
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    arn = sqs.get_queue_attributes(QueueUrl=urls["alerts"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    environment = {
        **tables,
        "ALERT_TOPIC_ARN": topic,
        "RETRY_QUEUE_URL": urls["retries"],
        "TIMER_QUEUE_URL": urls["timers"],
        "DASHBOARD_URL": DASHBOARD,
        "MODEL_BUCKET": "unused",
    }
    monkeypatch.setattr("broadcast.retries._DELAY_SECONDS", 0)
    monkeypatch.setattr("broadcast.timers.LONGEST_DELAY", 0)
    monkeypatch.setattr("broadcast.bootstrap._POLICY_SECONDS", 0)
    found = World(environment, urls["alerts"])
    parts = bootstrap.bootstrap(environment=environment, clock=lambda: found.moment)
    monkeypatch.setattr(app, "broadcast", lambda: parts)
    return found


def scam(number: int = 0, **changes: Any) -> Message:
    """Return a message of a campaign, its blanks filled in by number."""
    return a_message(message_content=TEXT.format(number, number * 7, number), **changes)


def test_the_first_is_told_and_more_like_it_in_one_summary(world: World) -> None:
    first = scam()
    world.see(first)
    (event,) = world.told()
    assert (event.id, event.type) == (f"evt_{first.message_id}", "analysis.critical")
    for number in range(1, 18):
        world.see(scam(number))
        world.wait(seconds=10)
    assert world.told() == []
    world.wait(minutes=10)
    (summary,) = world.told()
    assert (summary.type, summary.data["more"], summary.data["messages"]) == ("alert.summary", 17, 18)
    assert summary.notice.title == "17 more like this in 10 minutes, 18 in all"
    assert summary.incident == event.incident
    world.wait(hours=2)
    assert world.told() == []
    (alert,) = world.alerts()
    assert (alert.messages, alert.unsent, alert.notified, alert.status) == (18, 0, 2, "open")
    assert world.timers == []


def test_a_flood_of_one_template_is_a_handful_and_nothing_is_hidden(world: World) -> None:
    world.see(*[scam(number) for number in range(120)])
    world.wait(minutes=1)
    world.see(*[scam(number) for number in range(120, 150)])
    world.wait(hours=1)
    events = world.told()
    assert [event.type for event in events] == ["analysis.critical", "alert.summary"]
    assert 1 + events[1].data["more"] == 150
    assert world.alerts()[0].messages == 150


def test_a_flood_of_many_templates_is_bounded_and_the_rest_comes_together(world: World) -> None:
    words = ["alpha", "bravo", "charlie", "delta", "echoes", "foxtrot", "golfing", "hotel", "india"]
    texts = [f"{one} {two} wordings everywhere" for one, two in combinations(words, 2)][: MOST + 15]
    world.see(*[a_message(message_content=text) for text in texts])
    assert len(world.told()) == MOST
    world.wait(minutes=11)
    digests = [event for event in world.told() if event.type == "alert.digest"]
    assert [(digest.data["alerts"], digest.data["messages"]) for digest in digests] == [(15, 15)]
    assert all(row.unsent == 0 for row in world.alerts())
    assert sum(row.messages for row in world.alerts()) == len(texts)


def test_different_templates_are_different_alerts(world: World) -> None:
    world.see(scam(), a_message(), scam(2))
    assert len(world.told()) == 2
    assert sorted(row.messages for row in world.alerts()) == [1, 2]


def test_without_a_cooldown_every_message_is_told(world: World) -> None:
    world.policy(cooldown_minutes=0)
    world.see(*[scam(number) for number in range(5)])
    assert [event.type for event in world.told()] == ["analysis.critical"] * 5
    world.wait(hours=1)
    assert world.told() == []


@pytest.mark.parametrize(
    ("by", "groups"),
    [("campaign", 2), ("sender", 3), ("rule", 1)],
)
def test_what_belongs_together_is_the_policys(world: World, by: str, groups: int) -> None:
    world.policy(group_by=by)
    for number, (text, phone) in enumerate([(TEXT, 1), (TEXT, 2), ("entirely different wording here", 3)]):
        world.see(a_message(message_content=text.format(number, number, number), phone_number=f"+1202555010{phone}"))
    assert len(world.alerts()) == groups
    numbers = {row.phone_number for row in world.alerts()}
    assert (numbers == {None}) == (by != "sender")


def test_the_least_level_is_the_policys(world: World) -> None:
    high = {"risk_score": 75, "risk_level": "High"}
    world.see(scam(**high))
    assert world.told() == []
    world.policy(min_level="High")
    world.see(scam(1, **high))
    (event,) = world.told()
    assert (event.type, event.data["alert_type"], event.level) == ("analysis.high", "high_message", "High")


def test_a_repeated_record_is_counted_and_told_once(world: World) -> None:
    message, other = scam(), scam(1)
    world.see(message, other, message)
    world.see(other, message)
    assert len(world.told()) == 1
    (alert,) = world.alerts()
    assert (alert.messages, alert.unsent) == (2, 1)


def test_an_acknowledged_alert_counts_and_says_nothing_until_it_comes_back(world: World) -> None:
    world.see(scam())
    (first,) = world.told()
    world.acknowledge()
    world.see(scam(1))
    world.wait(minutes=5)
    world.see(scam(2))
    world.wait(minutes=9)
    world.see(scam(3))
    assert world.told() == []
    (alert,) = world.alerts()
    assert (alert.status, alert.messages, alert.acknowledged_by) == ("acknowledged", 4, "abc")
    world.wait(minutes=11)
    world.see(scam(4))
    (event,) = world.told()
    assert event.type == "analysis.critical"
    assert event.incident != first.incident
    (alert,) = world.alerts()
    assert (alert.status, alert.messages, alert.total, alert.acknowledged_by) == ("open", 1, 5, None)


def test_an_alert_that_was_silent_for_a_day_opens_anew(world: World) -> None:
    world.see(scam())
    world.wait(seconds=FORGOTTEN.total_seconds() + 60)
    world.see(scam(1))
    assert len(world.told()) == 2
    assert [row.messages for row in world.alerts()] == [1]


QUIET = {"from": "22:00", "to": "07:00", "zone": "Europe/Vienna", "min_level": "Critical"}


def test_quiet_hours_put_off_what_is_not_grave_enough(world: World) -> None:
    world.policy(min_level="High", quiet_hours=QUIET)
    world.moment = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # half past midnight in Vienna
    high = {"risk_score": 75, "risk_level": "High"}
    world.see(scam(**high), scam(1, **high))
    world.wait(hours=1)
    world.see(scam(2, **high))
    assert world.told() == []
    other = a_message(message_content="something grave of another template")
    world.see(other)
    assert [event.message_id for event in world.told()] == [other.message_id]
    world.wait(hours=6)  # six o'clock here is seven there
    (summary,) = world.told()
    assert (summary.type, summary.data["more"]) == ("alert.summary", 3)


def test_a_timer_that_rings_in_quiet_hours_waits_for_their_end(world: World) -> None:
    world.policy(min_level="High", quiet_hours=QUIET)
    world.moment = datetime(2026, 11, 23, 20, 55, tzinfo=UTC)
    high = {"risk_score": 75, "risk_level": "High"}
    world.see(scam(**high), scam(1, **high))
    assert len(world.told()) == 1
    world.wait(hours=2)
    world.see(scam(2, **high))
    assert world.told() == []
    world.wait(hours=8)
    (summary,) = world.told()
    assert summary.data["more"] == 2


def test_a_digest_tells_everything_together(world: World) -> None:
    world.policy(digest_minutes=60)
    for number in range(4):
        world.see(scam(number), a_message(message_content=f"other template {'abcd'[number] * 9} filled"))
        world.wait(minutes=2)
    assert world.told() == []
    world.wait(hours=1)
    (digest,) = world.told()
    assert digest.type == "alert.digest"
    assert (digest.data["alerts"], digest.data["messages"]) == (5, 8)
    assert digest.data["items"][0]["more"] == 4
    world.wait(hours=3)
    assert world.told() == []


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("sns", "Publish"),
        ("sqs", "SendMessage"),
        ("dynamodb", "UpdateItem"),
        ("dynamodb", "GetItem"),
        ("dynamodb", "TransactWriteItems"),
    ],
)
def test_what_refuses_once_is_asked_again_and_nothing_is_told_twice(world: World, service: Any, operation: str) -> None:
    messages = [scam(number) for number in range(3)]
    for message in messages:
        with fault(client(service), operation, times=3):
            answer = app.handler({"Records": [stream_record(message)]}, Context())
        if answer["batchItemFailures"]:
            app.handler({"Records": [stream_record(message)]}, Context())
        world.moment += LEASE
        while world.retry():
            world.moment += LEASE
    world.wait(hours=1)
    told = world.told()
    assert len({event.id for event in told}) == len(told) == 2
    assert sum(event.data.get("more", 1) for event in told) == 3


@pytest.mark.parametrize("step", ["claimed", "published"])
def test_the_function_dies_while_it_tells_and_the_same_is_told_again(world: World, step: str) -> None:
    message = scam()

    def die(**_: Any) -> None:
        raise Killed

    name = "before-call.sns.Publish" if step == "claimed" else "after-call.sns.Publish"
    client("sns").meta.events.register(name, die)
    with pytest.raises(Killed):
        world.see(message)
    client("sns").meta.events.unregister(name, die)
    first = world.told()
    # Another message of the group must not overtake what was about to be told.
    world.see(scam(1))
    assert world.told() == []
    world.moment += LEASE
    world.see(message)
    while world.retry():
        pass
    second = world.told()
    ids = {event.id for event in first + second}
    assert ids == {f"evt_{message.message_id}"}
    world.wait(hours=1)
    (summary,) = world.told()
    assert summary.data["more"] == 1


def test_timers_that_came_twice_tell_once(world: World) -> None:
    world.see(scam(), scam(1))
    world.told()
    world.timers += drain(world.environment["TIMER_QUEUE_URL"])
    world.timers *= 3
    world.wait(hours=1)
    assert len(world.told()) == 1


def test_what_is_no_timer_beside_timers_stays(world: World) -> None:
    good, bad = queue_record('{"at": 0, "alert_id": "al_none"}', number=1), queue_record("{", number=2)
    answer = app.handler({"Records": [good, bad]}, Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": bad["messageId"]}]}


def test_logs_hold_neither_text_nor_number(world: World, logs: Callable[[], str]) -> None:
    world.policy(group_by="sender")
    world.see(scam(), scam(1))
    world.wait(hours=1)
    out = logs()
    for secret in ("customs office", "15551234567"):
        assert secret not in out


@given(
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 23),
    st.sampled_from(["UTC", "Asia/Kolkata", "America/St_Johns"]),
)
def test_quiet_hours_end_in_their_future_and_when_they_say(start: int, minute: int, stop: int, zone: str) -> None:
    begin, end = f"{start:02}:{minute:02}", f"{stop:02}:00"
    if begin == end:
        return
    quiet = Policy.model_validate({"quiet_hours": {"from": begin, "to": end, "zone": zone}}).quiet_hours
    assert quiet
    moments = [NOON + timedelta(minutes=30 * number) for number in range(48)]
    ends = [(moment, found) for moment in moments if (found := quiet.end(moment))]
    assert ends or (stop * 60 - start * 60 - minute) % 1440 < 30
    for moment, found in ends:
        assert moment < found <= moment + timedelta(days=1)
        assert quiet.end(found) is None
