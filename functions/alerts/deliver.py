"""The use case: one event to one endpoint, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from aws_lambda_powertools import Logger
from hookline_core.clock import Clock
from hookline_core.errors import HooklineError, UnavailableError
from hookline_core.plain import plain
from hookline_core.stores.deliveries import LEASE, Attempt, Standing, Status

from alerts.endpoint import Endpoint
from alerts.event import Event
from alerts.schedule import Schedule, retry_after
from alerts.sender import Answer

logger = Logger()

_GONE = 410
_EXCERPT = 200
"""Characters of a response that are kept."""


class Deliveries(Protocol):
    """Lets one attempt at a time be made at a delivery."""

    def begin(self, event_id: str, endpoint: str, *, anew: bool, moment: datetime) -> Standing:
        """Ask for the right to make an attempt."""

    def record(self, event_id: str, endpoint: str, attempt: Attempt, *, moment: datetime) -> None:
        """Write an attempt down."""


class Result(StrEnum):
    """What came of trying to deliver."""

    DELIVERED = "delivered"
    REPEATED = "repeated"
    BUSY = "busy"
    FAILED = "failed"
    GONE = "gone"
    UNREADABLE = "unreadable"
    UNADDRESSED = "unaddressed"


_STATUS = {Result.DELIVERED: Status.DELIVERED, Result.FAILED: Status.FAILED, Result.GONE: Status.GONE}
"""What an attempt makes of the delivery."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of trying to deliver.

    Parameters
    ----------
    wait
        Seconds until the next try; ``None`` if there is nothing left to do.
    """

    result: Result
    wait: int | None = None


class Deliver:
    """Delivers events.

    An event that was delivered is not sent again. If the function dies after sending and before writing that down,
    the event is sent again with the same id, by which the receiver drops it.
    """

    def __init__(
        self, deliveries: Deliveries, schedule: Schedule, clock: Clock, *, stopwatch: Callable[[], float]
    ) -> None:
        self._deliveries = deliveries
        self._schedule = schedule
        self._clock = clock
        self._stopwatch = stopwatch

    def __call__(self, event: Event, endpoint: Endpoint, *, tries: int) -> Outcome:
        """Try to deliver an event.

        Parameters
        ----------
        tries
            How often this was tried since the event was put into the queue, this time included.
        """
        try:
            standing = self._deliveries.begin(event.id, endpoint.id, anew=tries == 1, moment=self._clock())
        except UnavailableError as error:
            # Without the log nobody knows whether it was delivered before, so nothing is sent.
            logger.warning("delivery log not read", event_id=event.id, code=error.code)
            return Outcome(Result.FAILED, self._schedule.wait(tries))
        match standing:
            case Standing.DELIVERED:
                return Outcome(Result.REPEATED)
            case Standing.GONE:
                return Outcome(Result.GONE, 0)
            case Standing.BUSY:
                return Outcome(Result.BUSY, int(LEASE.total_seconds()))
            case Standing.OPEN:
                return self._attempt(event, endpoint, tries)

    def _attempt(self, event: Event, endpoint: Endpoint, tries: int) -> Outcome:
        start = self._stopwatch()
        answer: Answer | None = None
        try:
            answer = endpoint.send(event)
            result = str(answer.status)
        except HooklineError as error:
            result = error.code
        outcome = self._outcome(answer, tries)
        attempt = Attempt(
            number=tries,
            status=_STATUS[outcome.result],
            result=result,
            duration_ms=round((self._stopwatch() - start) * 1000),
            excerpt=plain(answer.excerpt.decode(errors="replace"))[:_EXCERPT] if answer else "",
        )
        self._record(event, endpoint, attempt)
        return outcome

    def _outcome(self, answer: Answer | None, tries: int) -> Outcome:
        if answer is None:
            return Outcome(Result.FAILED, self._schedule.wait(tries))
        if answer.success:
            return Outcome(Result.DELIVERED)
        if answer.status == _GONE:
            # Coming again at once, without being sent, it soon reaches the dead letters.
            return Outcome(Result.GONE, 0)
        asked = retry_after(answer.retry_after, moment=self._clock())
        return Outcome(Result.FAILED, self._schedule.wait(tries, asked=asked))

    def _record(self, event: Event, endpoint: Endpoint, attempt: Attempt) -> None:
        logger.info(
            "attempt made",
            event_id=event.id,
            endpoint=endpoint.id,
            number=attempt.number,
            status=attempt.status.value,
            result=attempt.result,
            duration_ms=attempt.duration_ms,
        )
        try:
            self._deliveries.record(event.id, endpoint.id, attempt, moment=self._clock())
        except UnavailableError as error:
            # What was sent was sent: the queue's message is treated by that, so it is not sent twice for want of a log.
            logger.warning("attempt not recorded", event_id=event.id, code=error.code)
