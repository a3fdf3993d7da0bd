"""Decides what becomes of the steps that failed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from hookline_core.errors import UnavailableError

from broadcast.intake import Entry
from broadcast.task import Step, Task


class Retries(Protocol):
    """Keeps tasks for later."""

    def put(self, task: Task) -> None:
        """Keep a task."""


def unsettled(
    entries: Sequence[Entry], left: Sequence[frozenset[Step]], retries: Retries, *, stream: bool
) -> Iterator[str]:
    """Keep what is left for later, and yield the identifiers of the records that must come again themselves.

    A record of the stream always goes to the retry queue, so that it does not hold up those behind it. A record of
    that queue goes there anew only if some of its steps were done, so that they are not done again; if nothing was
    done it stays, is counted by the queue, and ends in the dead letters. When the queue refuses one, the others are
    not tried: there may be a hundred, and no time.
    """
    answers = True
    for entry, steps in zip(entries, left, strict=True):
        if not steps:
            continue
        if answers and (stream or steps != entry.task.steps):
            try:
                retries.put(replace(entry.task, steps=steps))
                continue
            except UnavailableError:
                answers = False
        yield entry.identifier
