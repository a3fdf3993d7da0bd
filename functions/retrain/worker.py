"""Does jobs. Lambda brings them from the queue, and brings them again if they fail or are killed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from aws_lambda_powertools import Logger
from hookline_core.clock import Clock, utc_now
from hookline_core.errors import ConflictError, HooklineError, InvalidRequestError, UnavailableError
from ulid import ULID

from retrain.jobs import Job, JobStore, Status
from retrain.labels import ClassMissingError
from retrain.lock import RetrainLock, RetrainRunningError
from retrain.retraining import Retraining, Work
from retrain.uploads import UploadStore

logger = Logger()

ATTEMPTS = 3
"""How often the queue brings a job before it goes to the dead letters."""

_TOLD_EVERY = 0.05  # of the whole
_TIMER = "schedule"


class JobUnknownError(HooklineError):
    """The queue holds something that is no job."""

    code = "job_unknown"


@dataclass(frozen=True, slots=True)
class Call:
    """One message of the queue.

    Parameters
    ----------
    attempt
        How often the message was received, this time included.
    """

    message_id: str
    receipt: str
    body: str
    attempt: int
    sent_at: datetime

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Call":
        """Read a record of the event."""
        attributes = record["attributes"]
        sent = datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, tz=utc_now().tzinfo)
        attempt = int(attributes["ApproximateReceiveCount"])
        return cls(record["messageId"], record["receiptHandle"], record["body"], attempt, sent)


@dataclass(frozen=True, slots=True)
class Worker:
    """Does one job at a time."""

    retraining: Retraining
    lock: RetrainLock
    jobs: JobStore
    uploads: UploadStore
    clock: Clock = utc_now

    def __call__(self, call: Call) -> Job:
        """Do the job that a message asks for. Doing one that has ended does nothing.

        Raises
        ------
        HooklineError
            If it must be done again, or has failed for good and belongs to the dead letters.
        """
        job = self._job(call)
        if job.ended:
            return job
        try:
            self.lock.take(job.job_id, moment=self.clock())
        except RetrainRunningError as error:
            return self._end(job, "failed", error=_told(error))
        job = self._move(job, status="running", stage="beginning", progress=0.0, attempts=job.attempts + 1, error=None)
        try:
            return self._do(job)
        except (InvalidRequestError, ConflictError) as error:
            return self._end(job, "refused" if isinstance(error, ClassMissingError) else "failed", error=_told(error))
        except HooklineError as error:
            self._fail(job, error, last=call.attempt >= ATTEMPTS)
            raise
        except Exception as error:
            # Its text may hold a message, so it goes no further than this.
            failure = UnavailableError(f"the training stopped with {type(error).__name__}")
            self._fail(job, failure, last=call.attempt >= ATTEMPTS)
            raise failure from error

    def _do(self, job: Job) -> Job:
        moment = datetime.fromisoformat(job.created_at)
        fresh = (
            list(self.uploads.labels(job.upload, given_by=job.created_by, given_at=job.created_at))
            if job.upload
            else []
        )
        work = Work(job.job_id, job.created_by, moment, fresh)
        done = self.retraining(work, progress=self._progress(job))
        return self._end(job, "success" if done.promoted else "refused", result=asdict(done))

    def _job(self, call: Call) -> Job:
        try:
            asked = json.loads(call.body)
        except ValueError:
            asked = None
        match asked:
            case {"job_id": str(job_id)}:
                job = self.jobs.get(job_id)
            case {"scheduled": True}:
                job_id = _id_of(call)
                job = self.jobs.get(job_id) or Job.new(job_id, "schedule", caller=_TIMER, moment=call.sent_at)
            case _:
                job = None
        if job is None:
            raise JobUnknownError("This message names no job.")
        return job

    def _progress(self, job: Job) -> Callable[[str, float], None]:
        """Return what writes progress down: each stage, and each twentieth of the whole."""
        told_stage, told_share = "", 0.0

        def tell(stage: str, share: float) -> None:
            nonlocal told_stage, told_share
            if stage == told_stage and share - told_share < _TOLD_EVERY:
                return
            told_stage, told_share = stage, share
            try:
                self._move(job, status="running", stage=stage, progress=round(share, 2))
            except UnavailableError:
                logger.warning("progress not written", job=job.job_id, stage=stage)

        return tell

    def _fail(self, job: Job, error: HooklineError, *, last: bool) -> None:
        logger.error("job failed", job=job.job_id, code=error.code, attempt=job.attempts, last=last)
        if last:
            self._end(job, "failed", error=_told(error))
        else:
            self._move(job, status="queued", stage="waiting", error=_told(error))

    def _end(self, job: Job, status: Status, **changes: Any) -> Job:  # noqa: ANN401  # a job's fields
        ended = self._move(job, status=status, stage="done", progress=1.0, **changes)
        self.lock.free(job.job_id)
        return ended

    def _move(self, job: Job, **changes: Any) -> Job:  # noqa: ANN401  # a job's fields
        moment = self.clock()
        moved = job.moved(moment, **changes)
        self.jobs.put(moved, moment=moment)
        return moved


def _told(error: HooklineError) -> dict[str, str]:
    return {"code": error.code, "detail": error.detail}


def _id_of(call: Call) -> str:
    """Return the id of the timer's job: made of the message's time and id, so that each attempt finds the same job."""
    milliseconds = int(call.sent_at.timestamp() * 1000)
    return str(ULID(milliseconds.to_bytes(6, "big") + UUID(call.message_id).bytes[6:]))
