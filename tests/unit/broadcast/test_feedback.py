"""What follows from changed feedback: it is counted once, told to every console, and kept for good."""

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any

import boto3
import pytest
from broadcast.intake import entries_of
from broadcast.task import FEEDBACK_STEPS, Step
from hookline_core.contracts import Feedback, Message
from hookline_core.stores.aws import client
from hookline_core.stores.counters import CounterStore
from hookline_core.stores.labels import text_hash

from tests.builders import NOW, a_feedback, a_harmless_message, a_message, feedback_record, stream_record
from tests.unit.broadcast.test_broadcast import BUCKET, World, _run, world
from tests.unit.faults import fault

__all__ = ["world"]  # a fixture


def _tally(found: World) -> dict[str, int]:
    store = CounterStore(client("dynamodb"), found.environment["TABLE_COUNTERS"])
    hours = store.hours(NOW - timedelta(hours=1), NOW + timedelta(hours=1))
    return {
        name.removeprefix("feedback:"): count
        for hour in hours
        for name, count in hour.counts.items()
        if name.startswith("feedback:") and count
    }


def _kept() -> dict[str, Any]:
    s3 = boto3.client("s3")
    return {
        found["Key"]: [json.loads(line) for line in s3.get_object(Bucket=BUCKET, Key=found["Key"])["Body"].iter_lines()]
        for found in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    }


def test_feedback_is_told_counted_and_kept(world: World) -> None:
    message, word = a_message(), a_feedback(category="tech_support", note="a note")
    assert _run(feedback_record(message, word)) == []
    ((_, frame),) = world.posts
    assert frame == {
        "type": "feedback",
        "items": [
            {
                "message_id": message.message_id,
                "feedback": {
                    "verdict": "scam",
                    "category": "tech_support",
                    "given_at": word.given_at,
                    "given_by": word.given_by,
                },
                "changed_at": "2026-11-23T06:00:01.000Z",
            }
        ],
    }
    assert _tally(world) == {"scam": 1}
    assert _kept() == {
        f"labels/feedback/{message.message_id}/000001.jsonl": [
            {
                "text": message.message_content,
                "label": "scam",
                "source": "analyst",
                "given_by": word.given_by,
                "given_at": word.given_at,
                "category": "tech_support",
                "message_id": message.message_id,
            }
        ]
    }
    assert world.counted() == 0
    assert world.alerts() == []


def _life(message: Message) -> list[dict[str, Any]]:
    """Return the records of feedback that is given, replaced and withdrawn."""
    words: list[Feedback | None] = [None, a_feedback(), a_feedback(verdict="legitimate"), None]
    return [
        feedback_record(message, now, before, turn=turn, number=turn)
        for turn, (before, now) in enumerate(pairwise(words), 1)
    ]


def test_counters_follow_the_last_word(world: World) -> None:
    first, second, third = _life(a_message())
    tallies = []
    for record in (first, second, third):
        _run(record)
        tallies.append(_tally(world))
    assert tallies == [{"scam": 1}, {"legitimate": 1, "false_positives": 1}, {}]


def test_the_order_and_number_of_deliveries_do_not_matter(world: World) -> None:
    first, second, third = _life(a_message())
    assert _run(second, first, second, third, first) == []
    assert _run(third, second) == []
    assert _tally(world) == {}
    _run(feedback_record(a_message(), a_feedback(verdict="legitimate")))
    assert _tally(world) == {"legitimate": 1, "false_positives": 1}
    assert len(_kept()) == 4


def test_a_harmless_message_called_legitimate_is_no_false_positive(world: World) -> None:
    _run(feedback_record(a_harmless_message(), a_feedback(verdict="legitimate")))
    assert _tally(world) == {"legitimate": 1}


def test_what_is_not_to_be_learnt_is_not_kept(world: World) -> None:
    _run(feedback_record(a_message(), a_feedback(learn=False), turn=1))
    _run(feedback_record(a_message(), a_feedback(verdict="unsure", learn=False), turn=1))
    assert _kept() == {}
    assert _tally(world) == {"scam": 1, "unsure": 1}


@pytest.mark.parametrize("now", [None, a_feedback(learn=False)])
def test_the_log_tells_that_a_label_was_taken_back_without_its_text(world: World, now: Feedback | None) -> None:
    message = a_message()
    _run(feedback_record(message, now, a_feedback(), turn=2))
    assert _kept() == {
        f"labels/feedback/{message.message_id}/000002.jsonl": [
            {
                "text_hash": text_hash(message.message_content),
                "label": None,
                "source": "analyst",
                "given_at": "2026-11-23T06:00:01.000Z",
                "message_id": message.message_id,
            }
        ]
    }


def test_a_withdrawal_reaches_the_consoles(world: World) -> None:
    _run(feedback_record(a_message(), None, a_feedback(), turn=2))
    ((_, frame),) = world.posts
    assert [item["feedback"] for item in frame["items"]] == [None]


def test_messages_and_feedback_of_one_batch_go_out_together(world: World) -> None:
    message = a_harmless_message()
    assert _run(stream_record(message, 1), feedback_record(message, a_feedback(), number=2)) == []
    assert [frame["type"] for _, frame in world.posts] == ["messages", "feedback"]


def test_a_row_that_changed_in_other_ways_is_left_alone(world: World) -> None:
    record = feedback_record(a_message(), a_feedback(), a_feedback(), turn=2)
    record["dynamodb"]["OldImage"] = {**record["dynamodb"]["NewImage"], "other": {"S": "x"}}
    (entry,) = entries_of({"Records": [record]})
    assert entry.task.steps == frozenset()
    assert _run(record) == []
    assert (world.posts, world.retries(), _kept(), _tally(world)) == ([], [], {}, {})


@pytest.mark.parametrize(
    ("step", "service", "operation"),
    [("keep", "s3", "PutObject"), ("count", "dynamodb", "TransactWriteItems"), ("live", "dynamodb", "Query")],
)
def test_a_step_that_fails_is_done_later_and_nothing_twice(
    world: World, step: str, service: Any, operation: str
) -> None:
    record = feedback_record(a_message(), a_feedback(verdict="legitimate"), a_feedback(), turn=2)
    with fault(client(service), operation):
        assert _run(record) == []
    (retry,) = world.retries()
    assert json.loads(retry["body"])["steps"] == [step]
    for _ in range(2):
        assert _run(retry) == []
    assert _tally(world) == {"legitimate": 1, "scam": -1, "false_positives": 1}
    assert len(_kept()) == 1
    assert world.retries() == []


def test_a_label_that_cannot_be_kept_ends_in_the_dead_letters(world: World) -> None:
    with fault(client("s3"), "PutObject"):
        _run(feedback_record(a_message(), a_feedback()))
        (retry,) = world.retries()
        for _ in range(3):
            # It fails as a whole, so the queue counts it and moves it to the dead letters in the end.
            assert _run(retry) == [retry["messageId"]]
    assert _kept() == {}
    assert _run(retry) == []
    assert len(_kept()) == 1


def test_the_largest_retry_fits_into_a_message_of_the_queue() -> None:
    word = a_feedback(note="\U0001f600" * 1000)
    record = feedback_record(a_message(message_content="\U0001f600" * 10_000), word, word, turn=2)
    (entry,) = entries_of({"Records": [record]})
    assert entry.task.steps == FEEDBACK_STEPS
    assert len(entry.task.to_json().encode()) < 256 * 1024
    assert Step.KEEP in FEEDBACK_STEPS


def test_logs_hold_neither_text_nor_note(world: World, logs: Any) -> None:
    message = a_message()
    with fault(client("s3"), "PutObject"), fault(client("dynamodb"), "TransactWriteItems"):
        _run(feedback_record(message, a_feedback(note="my secret note")))
    out = logs()
    assert message.message_id in out
    for secret in ("secret note", "account suspended", "15551234567"):
        assert secret not in out
