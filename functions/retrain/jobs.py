"""Jobs: retrainings that take longer than a caller waits, kept in the Models table for a month."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from hookline_core.clock import epoch_seconds, isoformat
from hookline_core.ids import NEWEST_ID
from hookline_core.stores.aws import unavailable_as

from retrain.lock import LEASE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Status = Literal["queued", "running", "success", "refused", "failed"]
"""``refused``: the new version is worse than the champion, or cannot be made. ``failed``: something went wrong."""

Source = Literal["messages", "labels", "upload", "schedule"]
"""What a job learns from: a request's messages, the labels that are kept, an upload; or the timer asked for it."""

_KEPT = timedelta(days=30)
_WHAT = "the jobs"


@dataclass(frozen=True, slots=True)
class Job:
    """A retraining on its way.

    Parameters
    ----------
    stage, progress
        What it does now, and how much of the whole is done (0..1).
    upload
        Name of the labels that it brings, in the store of uploads; empty for none.
    lease_until
        Seconds since 1970 until which somebody must have got on with it. After that it is lost.
    result
        What came of it, once it has ended.
    error
        Stable code and one sentence, if it failed.
    """

    job_id: str
    status: Status
    source: Source
    created_at: str
    created_by: str
    updated_at: str
    lease_until: int
    stage: str = "waiting"
    progress: float = 0.0
    attempts: int = 0
    upload: str = ""
    result: dict[str, Any] | None = None
    error: dict[str, str] | None = None

    @classmethod
    def new(cls, job_id: str, source: Source, *, caller: str, moment: datetime, upload: str = "") -> "Job":
        """Return a job that waits."""
        now = isoformat(moment)
        lease = epoch_seconds(moment + LEASE)
        return cls(job_id, "queued", source, now, caller, updated_at=now, lease_until=lease, upload=upload)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in {"success", "refused"}

    def moved(self, moment: datetime, **changes: Any) -> "Job":  # noqa: ANN401  # this class's fields
        """Return the job as it is now."""
        lease = epoch_seconds(moment + LEASE)
        return replace(self, updated_at=isoformat(moment), lease_until=lease, **changes)

    def seen_at(self, moment: datetime) -> "Job":
        """Return the job as people should see it: one that nobody gets on with has failed."""
        if self.status in {"queued", "running"} and self.lease_until <= epoch_seconds(moment):
            error = {"code": "job_lost", "detail": "The job was stopped too often. Its message is in the dead letters."}
            return replace(self, status="failed", error=error)
        return self


class JobStore:
    """Keeps jobs."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def put(self, job: Job, *, moment: datetime) -> None:
        """Keep a job as it is now. Only its own function run writes it, so there is nothing to compare."""
        with unavailable_as(_WHAT):
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    "pk": {"S": "job"},
                    "sk": {"S": job.job_id},
                    "body": {"S": json.dumps(asdict(job))},
                    "expires_at": {"N": str(epoch_seconds(moment + _KEPT))},
                },
            )

    def get(self, job_id: str) -> Job | None:
        """Return a job."""
        with unavailable_as(_WHAT):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key={"pk": {"S": "job"}, "sk": {"S": job_id}}, ConsistentRead=True
            )
        row = answer.get("Item")
        return Job(**json.loads(row["body"]["S"])) if row else None

    def page(self, *, limit: int, before: str | None = None) -> list[Job]:
        """Return up to ``limit`` jobs older than the one with the id ``before``, newest first."""
        with unavailable_as(_WHAT):
            answer = self._dynamodb.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND sk < :before",
                ExpressionAttributeValues={":pk": {"S": "job"}, ":before": {"S": before or NEWEST_ID}},
                ScanIndexForward=False,
                Limit=limit,
            )
        return [Job(**json.loads(row["body"]["S"])) for row in answer["Items"]]
