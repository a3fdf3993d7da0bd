"""Takes requests to retrain: small ones are answered at once, larger ones become jobs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from hookline_core.clock import Clock, isoformat, utc_now
from hookline_core.errors import NotFoundError
from hookline_core.identity import Identity
from hookline_core.ids import new_id
from hookline_core.stores.labels import Label, LabelName

from retrain.jobs import Job, JobStore, Source
from retrain.labels import agreed
from retrain.lock import ONE_RUN, RetrainLock
from retrain.queue import JobQueue
from retrain.retraining import Retrained, Retraining, Work
from retrain.uploads import Offer, UploadInvalidError, UploadStore

AT_ONCE = 3000
"""Labels, old and new, that are learned from while the caller waits: a tenth of the gateway's 29 seconds."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Decides who waits."""

    retraining: Retraining
    lock: RetrainLock
    jobs: JobStore
    queue: JobQueue
    uploads: UploadStore
    clock: Clock = utc_now
    at_once: int = AT_ONCE

    def messages(self, scam: Iterable[str], legitimate: Iterable[str], *, caller: Identity) -> Retrained | Job:
        """Retrain on judged messages.

        Raises
        ------
        LabelContradictionError
            If a message is in both lists.
        RetrainRunningError
            If another retraining runs.
        """
        moment = self.clock()
        now = isoformat(moment)
        both: tuple[tuple[LabelName, Iterable[str]], ...] = (("scam", scam), ("legitimate", legitimate))
        fresh = agreed(
            Label(text, label, "import", given_by=caller.key_id, given_at=now)
            for label, texts in both
            for text in texts
        )
        return self._take(fresh, "messages", caller=caller, moment=moment)

    def kept_labels(self, *, caller: Identity) -> Retrained | Job:
        """Retrain on the labels that are kept.

        Raises
        ------
        RetrainRunningError
            If another retraining runs.
        """
        return self._take([], "labels", caller=caller, moment=self.clock())

    def upload(self, upload_id: str, *, caller: Identity) -> Retrained | Job:
        """Retrain on an upload.

        Raises
        ------
        NotFoundError
            If there is no such upload.
        UploadInvalidError, TooManyMessagesError, LabelContradictionError
            If it is not as it should be.
        RetrainRunningError
            If another retraining runs.
        """
        moment = self.clock()
        fresh = agreed(self.uploads.labels(upload_id, given_by=caller.key_id, given_at=isoformat(moment)))
        if not fresh:
            raise UploadInvalidError("The upload is empty.", pointer="/upload")
        return self._take(fresh, "upload", caller=caller, moment=moment)

    def offer(self) -> Offer:
        """Return where an upload may go."""
        return self.uploads.offer(moment=self.clock())

    def job(self, job_id: str) -> Job:
        """Return a job as people should see it.

        Raises
        ------
        NotFoundError
            If there is no such job.
        """
        job = self.jobs.get(job_id)
        if job is None:
            raise NotFoundError("There is no such job, or it has expired.")
        return job.seen_at(self.clock())

    def page(self, *, limit: int, before: str | None) -> list[Job]:
        """Return jobs as people should see them, newest first."""
        moment = self.clock()
        return [job.seen_at(moment) for job in self.jobs.page(limit=limit, before=before)]

    def _take(self, fresh: list[Label], source: Source, *, caller: Identity, moment: datetime) -> Retrained | Job:
        work = Work(new_id(moment), caller.key_id, moment, fresh)
        self.lock.take(work.run, moment=moment, lease=ONE_RUN)
        queued = False
        try:
            if len(fresh) + self._kept(up_to=self.at_once + 1) <= self.at_once:
                return self.retraining(work)
            job = self._queue(work, source)
            queued = True  # the job holds the lock from now on, so whoever comes next is told
            return job
        finally:
            if not queued:
                self.lock.free(work.run)

    def _kept(self, *, up_to: int) -> int:
        return sum(1 for _ in islice(self.retraining.labels.all(), up_to))

    def _queue(self, work: Work, source: Source) -> Job:
        if work.fresh:
            self.uploads.put(work.run, work.fresh)
        job = Job.new(work.run, source, caller=work.caller, moment=work.moment, upload=work.run if work.fresh else "")
        self.lock.take(work.run, moment=work.moment)
        self.jobs.put(job, moment=work.moment)
        self.queue.put(job.job_id)
        return job
