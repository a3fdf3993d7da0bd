"""The use case: what follows from new messages.

Three steps follow from a message: the alert (if it is Critical), the live update and the count. They do not depend on
each other, so a step that fails does not hold back the others, and only what failed is left over. They are taken in
the order in which somebody waits for them. The live update is sent for all messages together, so that a burst costs
each console one WebSocket message and not a hundred.

Doing a step again is safe. The alert leaves a mark when it is published, the count leaves one in its own transaction,
and consoles drop a repeated live update because they know messages by their ids.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from aws_lambda_powertools import Logger
from hookline_core.contracts import Message
from hookline_core.stores.records import from_record

from broadcast.live import Reach
from broadcast.task import Step, Task

logger = Logger()


class Alerts(Protocol):
    """Raises each alert once."""

    def raise_for(self, message: Message) -> bool:
        """Raise the alert for a Critical message. Return whether it was raised now."""


class Counts(Protocol):
    """Counts each message once."""

    def add(self, message: Message) -> bool:
        """Count a message. Return whether it was counted now."""


class Updates(Protocol):
    """Reaches the consoles."""

    def send(self, messages: Sequence[Message]) -> Reach:
        """Send messages to every console."""


@dataclass(slots=True)
class _Work:
    """How far one task is."""

    message: Message | None
    left: set[Step]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of some tasks.

    Parameters
    ----------
    left
        For each task, the steps that failed.
    """

    left: list[frozenset[Step]]
    alerts: int
    counted: int
    reach: Reach


class Follow:
    """Does what follows from new messages."""

    def __init__(self, *, alerts: Alerts, counts: Counts, updates: Updates) -> None:
        self._alerts = alerts
        self._counts = counts
        self._updates = updates

    def __call__(self, tasks: Sequence[Task], *, in_time: Callable[[], bool]) -> Outcome:
        """Do all steps of all tasks. Nothing is raised: what failed is left.

        Parameters
        ----------
        in_time
            Whether there is time to begin one more step.
        """
        works = [_Work(_read(task), set(task.steps)) for task in tasks]
        alerts = _each(works, Step.ALERT, self._alerts.raise_for, in_time)
        reach = self._update(works, in_time)
        counted = _each(works, Step.COUNT, self._counts.add, in_time)
        return Outcome([frozenset(work.left) for work in works], alerts=alerts, counted=counted, reach=reach)

    def _update(self, works: Sequence[_Work], in_time: Callable[[], bool]) -> Reach:
        waiting = [work for work in works if Step.LIVE in work.left and work.message]
        if not waiting or not in_time():
            return Reach()
        try:
            reach = self._updates.send([work.message for work in waiting if work.message])
        except Exception as error:  # noqa: BLE001  # consoles must not hold up the stream
            _log(Step.LIVE, error, messages=len(waiting))
            return Reach()
        for work in waiting:
            work.left.discard(Step.LIVE)
        return reach


def _each(works: Sequence[_Work], step: Step, do: Callable[[Message], bool], in_time: Callable[[], bool]) -> int:
    """Do a step for each message that waits for it, and return for how many it was new."""
    new = 0
    for work in works:
        if step in work.left and work.message and in_time():
            try:
                new += do(work.message)
            except Exception as error:  # noqa: BLE001  # one bad record must not hold up the stream behind it
                _log(step, error, message_id=work.message.message_id)
            else:
                work.left.discard(step)
    return new


def _read(task: Task) -> Message | None:
    try:
        return from_record(task.record)
    except (KeyError, TypeError, ValueError) as error:
        logger.warning("record cannot be read", kind=type(error).__name__)
        return None


def _log(step: Step, error: Exception, **where: str | int) -> None:
    """Log a failed step by its kind: the error's text may hold a message."""
    cause = error.__cause__
    logger.error(
        "step failed",
        step=step.value,
        kind=type(error).__name__,
        cause=type(cause).__name__ if cause else None,
        extra=where,
    )
