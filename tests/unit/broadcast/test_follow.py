"""What follows from a message: three independent steps, and what becomes of those that fail."""

import json

import pytest
from broadcast.follow import Follow
from broadcast.intake import Entry, entries_of, from_stream
from broadcast.settle import unsettled
from broadcast.task import MESSAGE_STEPS, Step, Task
from hookline_core.errors import UnavailableError
from hookline_core.stores.records import to_record

from tests.builders import a_harmless_message, a_message, queue_record, stream_record
from tests.unit.broadcast import fakes


def _task(message_id: str, *steps: Step) -> Task:
    return Task(to_record(a_message(message_id=message_id), expires_at=1), frozenset(steps) or MESSAGE_STEPS)


class House:
    """A follower with fakes all round."""

    def __init__(self) -> None:
        self.alerts = fakes.Step()
        self.counts = fakes.Step()
        self.labels = fakes.Step()
        self.updates = fakes.Updates()
        self.follow = Follow(alerts=self.alerts, counts=self.counts, labels=self.labels, updates=self.updates)

    def __call__(self, *tasks: Task, in_time: bool = True) -> list[frozenset[Step]]:
        """Follow up on tasks and return what is left of each."""
        return self.follow(tasks, in_time=lambda: in_time).left


@pytest.fixture
def house() -> House:
    """Return a follower with fakes all round."""
    return House()


def test_all_steps_are_done_and_the_live_update_carries_all_messages(house: House) -> None:
    outcome = house.follow([_task("a"), _task("b")], in_time=lambda: True)
    assert outcome.left == [frozenset(), frozenset()]
    assert (outcome.alerts, outcome.counted, outcome.reach.sent) == (2, 2, 1)
    assert sorted(house.alerts.seen) == sorted(house.counts.seen) == ["a", "b"]
    assert house.updates.sent == [["a", "b"]]


def test_a_failed_step_holds_back_neither_the_others_nor_other_messages(house: House) -> None:
    house.counts.broken.add("a")
    assert house(_task("a"), _task("b")) == [frozenset({Step.COUNT}), frozenset()]
    assert sorted(house.alerts.seen) == ["a", "b"]
    assert house.updates.sent == [["a", "b"]]


def test_only_what_is_left_is_done_again(house: House) -> None:
    assert house(_task("a", Step.COUNT)) == [frozenset()]
    assert house.counts.seen == ["a"]
    assert house.alerts.seen == []
    assert house.updates.sent == []


@pytest.mark.parametrize("error", [UnavailableError("made to fail"), RuntimeError("a bug"), MemoryError()])
def test_a_live_update_that_fails_is_left_for_every_message(house: House, error: Exception) -> None:
    house.updates.error = error
    assert house(_task("a"), _task("b", Step.LIVE)) == [frozenset({Step.LIVE})] * 2
    assert house.counts.seen == ["a"]


@pytest.mark.parametrize(
    "record", [{}, {"body": {"N": "1"}}, {"body": {"S": "{"}}, {"body": {"S": '{"message_id": 1}'}}, {"body": None}]
)
def test_a_damaged_record_is_left_whole_and_the_rest_goes_on(house: House, record: dict[str, object]) -> None:
    assert house(Task(record), _task("b")) == [MESSAGE_STEPS, frozenset()]
    assert house.updates.sent == [["b"]]


def test_a_damaged_record_does_not_tell_the_log_what_it_holds(house: House, caplog: pytest.LogCaptureFixture) -> None:
    record = to_record(a_message(), expires_at=1)
    body = json.loads(str(record["body"]["S"]))
    body["risk_score"] = "my secret text"
    house(Task({"body": {"S": json.dumps(body)}}))
    assert "record cannot be read" in caplog.text
    assert "secret" not in caplog.text


def test_without_time_nothing_is_begun_and_everything_is_left(house: House) -> None:
    assert house(_task("a"), in_time=False) == [MESSAGE_STEPS]
    assert house.alerts.seen == house.counts.seen == house.updates.sent == []


def test_the_stream_and_the_queue_bring_the_same_tasks() -> None:
    message = a_harmless_message()
    stream = {"Records": [stream_record(message, 7)]}
    (entry,) = entries_of(stream)
    assert from_stream(stream)
    assert entry.identifier == f"{7:021d}"
    assert entry.task.steps == MESSAGE_STEPS
    left = Task(entry.task.record, frozenset({Step.LIVE}))
    queue = {"Records": [queue_record(left.to_json(), number=9)]}
    assert not from_stream(queue)
    assert entries_of(queue) == [Entry("00000000-0000-0000-0000-000000000009", left)]


@pytest.mark.parametrize(
    "body", ["", "{", "null", "[]", "{}", '{"record": [], "steps": []}', '{"record": {}, "steps": ["fly"]}']
)
def test_a_message_of_the_queue_that_is_no_task_fails_like_a_damaged_record(house: House, body: str) -> None:
    (entry,) = entries_of({"Records": [queue_record(body)]})
    (left,) = house(entry.task)
    retries = fakes.Retries()
    assert list(unsettled([entry], [left], retries, stream=False)) == [entry.identifier]
    assert retries.asked == 0


def test_what_fails_from_the_stream_goes_to_the_retry_queue() -> None:
    entries = [Entry("1", _task("a")), Entry("2", _task("b"))]
    retries = fakes.Retries()
    assert list(unsettled(entries, [frozenset(), MESSAGE_STEPS], retries, stream=True)) == []
    assert retries.kept == [entries[1].task]


def test_what_fails_from_the_queue_stays_there_if_nothing_was_done() -> None:
    entries = [Entry("1", _task("a", Step.COUNT)), Entry("2", _task("b"))]
    retries = fakes.Retries()
    failed = list(unsettled(entries, [frozenset({Step.COUNT}), frozenset({Step.LIVE})], retries, stream=False))
    assert failed == ["1"]
    assert retries.kept == [Task(entries[1].task.record, frozenset({Step.LIVE}))]


def test_when_the_queue_refuses_one_the_records_come_again_themselves() -> None:
    entries = [Entry(str(number), _task(str(number))) for number in range(100)]
    retries = fakes.Retries(room=2)
    left = [frozenset({Step.ALERT})] * 100
    left[50] = frozenset()
    failed = list(unsettled(entries, left, retries, stream=True))
    assert failed == [str(number) for number in range(2, 100) if number != 50]
    assert retries.asked == 3
