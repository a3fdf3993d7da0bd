"""Reads the tasks out of an event of either source: the table's stream, or the retry queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from broadcast.task import FEEDBACK_STEPS, Step, Task

_STREAM = "aws:dynamodb"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of an event.

    Parameters
    ----------
    identifier
        What Lambda calls the record when it is told that it failed.
    task
        What to do. If that cannot be read, a task with an empty record, which fails like any damaged one.
    """

    identifier: str
    task: Task


def from_stream(event: Mapping[str, Any]) -> bool:
    """Tell whether an event comes from the table's stream."""
    return bool(event["Records"][0]["eventSource"] == _STREAM)


def entries_of(event: Mapping[str, Any]) -> list[Entry]:
    """Return an event's records."""
    read = _stream_entry if from_stream(event) else _queue_entry
    return [read(record) for record in event["Records"]]


def _stream_entry(record: Mapping[str, Any]) -> Entry:
    change = record["dynamodb"]
    new, old = change.get("NewImage", {}), change.get("OldImage")
    if old is None:
        return Entry(change["SequenceNumber"], Task(new))
    # Of the old image only the feedback is taken along: a retry has to fit into a message of the queue.
    before = {"feedback": old["feedback"]} if "feedback" in old else {}
    steps = FEEDBACK_STEPS if new.get("turn") != old.get("turn") else frozenset[Step]()
    return Entry(change["SequenceNumber"], Task(new, steps, before))


def _queue_entry(record: Mapping[str, Any]) -> Entry:
    try:
        task = Task.from_json(record["body"])
    except ValueError:
        task = Task({})
    return Entry(record["messageId"], task)
