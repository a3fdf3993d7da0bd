"""The use case: one event to one endpoint, once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from aws_lambda_powertools import Logger
from hookline_core.alerting.endpoints import Endpoint, EndpointType, Listed
from hookline_core.alerting.events import Event
from hookline_core.clock import Clock, isoformat
from hookline_core.errors import HooklineError, NotFoundError, UnavailableError
from hookline_core.plain import plain
from hookline_core.stores.deliveries import Attempt, Status, Turn
from hookline_core.stores.jobs import Job

from alerts.channels.port import Access, Channel
from alerts.schedule import Schedule, retry_after
from alerts.sender import Answer

logger = Logger()

_GONE = 410
_EXCERPT = 200
"""Characters of a response that are kept."""

_OWN_WAIT = 30
"""Seconds until the next try when it is we who cannot."""


class Deliveries(Protocol):
    """Lets one attempt at a time be made at a delivery."""

    def begin(self, event: Event, endpoint_id: str, *, moment: datetime) -> Turn:
        """Ask for the right to make an attempt."""

    def record(
        self, event_id: str, endpoint_id: str, attempt: Attempt, *, status: Status, next_at: datetime | None
    ) -> None:
        """Write an attempt down."""

    def close(self, event: Event, endpoint_id: str, status: Status, *, moment: datetime) -> None:
        """End a delivery without an attempt."""


class Directory(Protocol):
    """Knows the endpoints."""

    def get(self, endpoint_id: str) -> Listed:
        """Return an endpoint."""


class Health(Protocol):
    """Watches how endpoints fare."""

    def note(self, endpoint: Endpoint, answer: Answer | None, result: str, *, moment: datetime) -> None:
        """Hear how an attempt went."""


class Secrets(Protocol):
    """Knows what is secret about endpoints."""

    def of(self, endpoint: Endpoint, *, moment: datetime) -> Access:
        """Return what is secret about an endpoint."""


class Result(StrEnum):
    """What came of trying to deliver."""

    DELIVERED = "delivered"
    REPEATED = "repeated"
    EARLY = "early"
    FAILED = "failed"
    DEAD = "dead"
    SKIPPED = "skipped"


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


@dataclass(frozen=True, slots=True)
class _Made:
    """An attempt that was made."""

    answer: Answer | None
    result: str
    duration_ms: int


class Deliver:
    """Delivers events.

    An event that was delivered is not sent again, unless somebody asks for it. If the function dies after sending and
    before writing that down, the event is sent again with the same id, by which the receiver drops it.

    Parameters
    ----------
    bury
        Keeps a job that is given up in the dead letters.
    """

    def __init__(  # noqa: PLR0913  # each part has one job
        self,
        deliveries: Deliveries,
        directory: Directory,
        secrets: Secrets,
        channels: Mapping[EndpointType, Channel],
        health: Health,
        schedule: Schedule,
        clock: Clock,
        *,
        bury: Callable[[str], None],
        stopwatch: Callable[[], float],
    ) -> None:
        self._deliveries = deliveries
        self._directory = directory
        self._secrets = secrets
        self._channels = channels
        self._health = health
        self._schedule = schedule
        self._clock = clock
        self._bury = bury
        self._stopwatch = stopwatch

    def __call__(self, job: Job) -> Outcome:
        """Try to deliver an event."""
        try:
            return self._deliver(job)
        except UnavailableError as error:
            # Without its row nobody knows whether it was delivered before, so nothing is sent.
            logger.warning("delivery put off", event_id=job.event.id, endpoint=job.endpoint_id, code=error.code)
            return Outcome(Result.FAILED, _OWN_WAIT)

    def _deliver(self, job: Job) -> Outcome:
        listed = self._find(job.endpoint_id)
        moment = self._clock()
        if listed is None or not (listed.enabled or job.event.type == "endpoint.test"):
            return self._stop(job, listed, moment)
        turn = self._deliveries.begin(job.event, job.endpoint_id, moment=moment)
        if turn.ended:
            return Outcome(Result.REPEATED)
        if turn.wait is not None:
            return Outcome(Result.EARLY, turn.wait)
        made = self._attempt(job, listed.endpoint)
        return self._settle(job, listed.endpoint, turn, made)

    def _find(self, endpoint_id: str) -> Listed | None:
        try:
            return self._directory.get(endpoint_id)
        except NotFoundError:
            return None

    def _stop(self, job: Job, listed: Listed | None, moment: datetime) -> Outcome:
        """End the delivery to an endpoint that was deleted or disabled."""
        given_up = listed is not None and listed.standing.disabled_reason != "by_admin"
        if given_up:
            # Nobody decided that this endpoint should miss it.
            self._bury(job.model_dump_json())
        status = Status.DEAD if given_up else Status.SKIPPED
        self._deliveries.close(job.event, job.endpoint_id, status, moment=moment)
        return Outcome(Result.DEAD if given_up else Result.SKIPPED)

    def _attempt(self, job: Job, endpoint: Endpoint) -> _Made:
        start = self._stopwatch()
        answer: Answer | None = None
        try:
            access = self._secrets.of(endpoint, moment=self._clock())
            answer = self._channels[endpoint.type].send(job.event, access, replay=job.replay)
            result = str(answer.status)
        except HooklineError as error:
            result = error.code
        return _Made(answer, result, round((self._stopwatch() - start) * 1000))

    def _settle(self, job: Job, endpoint: Endpoint, turn: Turn, made: _Made) -> Outcome:
        moment = self._clock()
        test = job.event.type == "endpoint.test"
        # A test is tried once: somebody is waiting for what comes of it.
        outcome = self._outcome(made.answer, len(self._schedule.waits) + 1 if test else turn.tries + 1)
        logger.info(
            "attempt made",
            event_id=job.event.id,
            endpoint=endpoint.endpoint_id,
            number=turn.number + 1,
            status=outcome.result.value,
            result=made.result,
            duration_ms=made.duration_ms,
        )
        if outcome.result is Result.DEAD and not test:
            self._bury(job.model_dump_json())
        attempt = Attempt(
            at=isoformat(moment),
            number=turn.number + 1,
            status=Status.DELIVERED if outcome.result is Result.DELIVERED else Status.FAILED,
            result=made.result,
            duration_ms=made.duration_ms,
            excerpt=plain(made.answer.excerpt.decode(errors="replace"))[:_EXCERPT] if made.answer else "",
        )
        next_at = moment + timedelta(seconds=outcome.wait) if outcome.wait is not None else None
        try:
            self._deliveries.record(
                job.event.id, endpoint.endpoint_id, attempt, status=Status(outcome.result.value), next_at=next_at
            )
            if not (job.replay or test):
                self._health.note(endpoint, made.answer, made.result, moment=moment)
        except UnavailableError as error:
            # What was sent was sent: the queue's message is treated by that, so it is not sent twice for want of a log.
            logger.warning("attempt not recorded", event_id=job.event.id, code=error.code)
        return outcome

    def _outcome(self, answer: Answer | None, tries: int) -> Outcome:
        if answer and answer.success:
            return Outcome(Result.DELIVERED)
        if answer and answer.status == _GONE:
            return Outcome(Result.DEAD)
        asked = retry_after(answer.retry_after, moment=self._clock()) if answer else 0
        wait = self._schedule.wait(tries, asked=asked)
        return Outcome(Result.DEAD) if wait is None else Outcome(Result.FAILED, wait)
