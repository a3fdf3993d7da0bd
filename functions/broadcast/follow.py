"""The use case: what follows from new messages, and from what people say about them.

Three steps follow from a message: the alert (if it is as grave as the policy says), the live update and the count.
Three follow from changed feedback: the live update, the count, and the label that is kept for good. They do not depend
on each other, so a step that fails does not hold back the others, and only what failed is left over. They are taken in
the order in which somebody waits for them. The live update is sent for everything together, so that a burst costs each
console one WebSocket message and not a hundred.

Doing a step again is safe. The alert and the count leave a mark in the transaction that counts, a label is kept under a
name that comes from the change, and consoles know messages by their ids and changes of feedback by their time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from aws_lambda_powertools import Logger
from hookline_core.contracts import Feedback, Message
from hookline_core.stores.records import from_record

from broadcast.change import Change
from broadcast.live import Reach
from broadcast.task import Step, Task

logger = Logger()

News = TypeVar("News", Message, Change)


class Alerts(Protocol):
    """Counts each message into its alert once, and tells people when it is time."""

    def raise_for(self, message: Message) -> bool:
        """Raise the alert for a message that is grave enough. Return whether people were told now."""


class Counts(Protocol):
    """Counts each message once."""

    def add(self, message: Message) -> bool:
        """Count a message. Return whether it was counted now."""

    def add_change(self, change: Change) -> bool:
        """Count changed feedback. Return whether it was counted now."""


class Labels(Protocol):
    """Keeps labels for good."""

    def keep(self, change: Change) -> bool:
        """Keep what can be learnt from a change. Return whether it was kept now."""


class Updates(Protocol):
    """Reaches the consoles."""

    def send(self, messages: Sequence[Message], changes: Sequence[Change]) -> Reach:
        """Send messages and changed feedback to every console."""


@dataclass(slots=True)
class _Work:
    """How far one task is."""

    news: Message | Change | None
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
    kept: int
    reach: Reach


class Follow:
    """Does what follows from new messages and changed feedback."""

    def __init__(self, *, alerts: Alerts, counts: Counts, labels: Labels, updates: Updates) -> None:
        self._alerts = alerts
        self._counts = counts
        self._labels = labels
        self._updates = updates

    def __call__(self, tasks: Sequence[Task], *, in_time: Callable[[], bool]) -> Outcome:
        """Do all steps of all tasks. Nothing is raised: what failed is left.

        Parameters
        ----------
        in_time
            Whether there is time to begin one more step.
        """
        works = [_Work(_read(task), set(task.steps)) for task in tasks]
        alerts = _each(works, Step.ALERT, Message, self._alerts.raise_for, in_time)
        reach = self._update(works, in_time)
        counted = _each(works, Step.COUNT, Message, self._counts.add, in_time)
        _each(works, Step.COUNT, Change, self._counts.add_change, in_time)
        kept = _each(works, Step.KEEP, Change, self._labels.keep, in_time)
        return Outcome([frozenset(work.left) for work in works], alerts, counted, kept, reach)

    def _update(self, works: Sequence[_Work], in_time: Callable[[], bool]) -> Reach:
        waiting = [work for work in works if Step.LIVE in work.left and work.news]
        if not waiting or not in_time():
            return Reach()
        try:
            reach = self._updates.send(
                [work.news for work in waiting if isinstance(work.news, Message)],
                [work.news for work in waiting if isinstance(work.news, Change)],
            )
        except Exception as error:  # noqa: BLE001  # consoles must not hold up the stream
            _log(Step.LIVE, error, records=len(waiting))
            return Reach()
        for work in waiting:
            work.left.discard(Step.LIVE)
        return reach


def _each(
    works: Sequence[_Work], step: Step, kind: type[News], do: Callable[[News], bool], in_time: Callable[[], bool]
) -> int:
    """Do a step for each piece of news of a kind that waits for it, and return for how many it was new."""
    new = 0
    for work in works:
        if step in work.left and isinstance(work.news, kind) and in_time():
            try:
                new += do(work.news)
            except Exception as error:  # noqa: BLE001  # one bad record must not hold up the stream behind it
                _log(step, error, message_id=_message_id(work.news))
            else:
                work.left.discard(step)
    return new


def _message_id(news: Message | Change) -> str:
    return news.message_id if isinstance(news, Message) else news.message.message_id


def _read(task: Task) -> Message | Change | None:
    try:
        message = from_record(task.record)
        if task.before is None:
            return message
        before = Feedback.model_validate_json(task.before["feedback"]["S"]) if task.before else None
        return Change(message, before, int(task.record["turn"]["N"]), str(task.record["changed_at"]["S"]))
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
