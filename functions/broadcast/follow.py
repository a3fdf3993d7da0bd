"""The use case: what follows from new messages.

Three steps follow from a message: the alert (if it is Critical), the count and the live update. They do not depend on
each other, so a step that fails does not hold back the others, and only what failed is left over.

Doing a step again is safe. The alert leaves a mark when it is published, the count leaves one in the same transaction,
and consoles drop a repeated live update because they know messages by their ids. The live update comes last and for
all messages together, so that a burst costs each console one WebSocket message and not a hundred.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from aws_lambda_powertools import Logger
from hookline_core.contracts import Message
from hookline_core.stores.records import from_record

from broadcast.live import Reach
from broadcast.task import Step, Task

logger = Logger()

_TASKS_AT_ONCE = 8


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
    news: set[Step] = field(default_factory=set)


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
        self._updates = updates
        self._steps: dict[Step, Callable[[Message], bool]] = {Step.ALERT: alerts.raise_for, Step.COUNT: counts.add}

    def __call__(self, tasks: Sequence[Task], *, in_time: Callable[[], bool]) -> Outcome:
        """Do all steps of all tasks. Nothing is raised: what failed is left.

        Parameters
        ----------
        in_time
            Whether there is time to begin one more step.
        """
        with ThreadPoolExecutor(_TASKS_AT_ONCE) as pool:
            works = list(pool.map(partial(self._work, in_time=in_time), tasks))
        return Outcome(
            reach=self._update([work for work in works if Step.LIVE in work.left and work.message], in_time=in_time),
            left=[frozenset(work.left) for work in works],
            alerts=sum(Step.ALERT in work.news for work in works),
            counted=sum(Step.COUNT in work.news for work in works),
        )

    def _work(self, task: Task, *, in_time: Callable[[], bool]) -> _Work:
        work = _Work(_read(task), set(task.steps))
        for step, do in self._steps.items():
            if work.message and step in task.steps and in_time():
                try:
                    new = do(work.message)
                except Exception as error:  # noqa: BLE001  # one bad record must not hold up the stream behind it
                    _log(step, error, message_id=work.message.message_id)
                else:
                    work.left.discard(step)
                    work.news |= {step} if new else set()
        return work

    def _update(self, works: Sequence[_Work], *, in_time: Callable[[], bool]) -> Reach:
        if not works or not in_time():
            return Reach()
        try:
            reach = self._updates.send([work.message for work in works if work.message])
        except Exception as error:  # noqa: BLE001  # as above
            _log(Step.LIVE, error, messages=len(works))
            return Reach()
        for work in works:
            work.left.discard(Step.LIVE)
        return reach


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
