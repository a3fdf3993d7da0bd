"""A task: the record of a new message or of changed feedback, and what is still to be done about it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class Step(StrEnum):
    """What follows from a new message or from changed feedback. The steps do not depend on each other."""

    ALERT = "alert"
    COUNT = "count"
    LIVE = "live"
    KEEP = "keep"


MESSAGE_STEPS = frozenset({Step.ALERT, Step.COUNT, Step.LIVE})
FEEDBACK_STEPS = frozenset({Step.COUNT, Step.LIVE, Step.KEEP})


@dataclass(frozen=True, slots=True)
class Task:
    """A record of the Messages table and the steps that are left.

    Parameters
    ----------
    record
        The record as the stream tells it, attribute types included. It is not looked into here, so that a damaged
        one still reaches the dead letters whole.
    steps
        What is to be done.
    before
        What the record said about feedback before, if that has changed; ``None`` for a new message.
    """

    record: Mapping[str, Any]
    steps: frozenset[Step] = MESSAGE_STEPS
    before: Mapping[str, Any] | None = None

    def to_json(self) -> str:
        """Write the task down for the retry queue."""
        content = {"record": self.record, "steps": sorted(self.steps), "before": self.before}
        return json.dumps(content, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a task from the retry queue.

        Raises
        ------
        ValueError
            If the text is not a task.
        """
        match json.loads(text):
            case {"record": dict(record), "steps": list(steps), "before": dict() | None as before}:
                return cls(record, frozenset(map(Step, steps)), before)
            case {"record": dict(record), "steps": list(steps)}:  # from before there was feedback
                return cls(record, frozenset(map(Step, steps)))
            case _:
                raise ValueError("not a task")
