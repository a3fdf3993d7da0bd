"""A task: a new message's record, and what is still to be done about it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class Step(StrEnum):
    """What follows from a new message. The steps do not depend on each other."""

    ALERT = "alert"
    COUNT = "count"
    LIVE = "live"


ALL_STEPS = frozenset(Step)


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
    """

    record: Mapping[str, Any]
    steps: frozenset[Step] = ALL_STEPS

    def to_json(self) -> str:
        """Write the task down for the retry queue."""
        return json.dumps({"record": self.record, "steps": sorted(self.steps)}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a task from the retry queue.

        Raises
        ------
        ValueError
            If the text is not a task.
        """
        match json.loads(text):
            case {"record": dict(record), "steps": list(steps)}:
                return cls(record, frozenset(map(Step, steps)))
            case _:
                raise ValueError("not a task")
