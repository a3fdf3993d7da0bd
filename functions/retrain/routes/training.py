"""``/retrain``: train on judged messages, at once or as a job."""

from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Query, Response
from hookline_core.errors import CursorInvalidError, NotFoundError
from hookline_core.ids import is_id
from hookline_core.web.app import Admin, Analyst, router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from retrain.desk import Desk
from retrain.jobs import Job, Source, Status
from retrain.retraining import Retrained
from retrain.uploads import LARGEST_UPLOAD

LARGEST_LIST = 10_000
"""Messages of one kind that a request may bring; an upload may bring more."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=r"\S")]
Texts = Annotated[list[Text], Field(min_length=1, max_length=LARGEST_LIST)]
_FORMS = (
    {"scam_messages", "legitimate_messages"},
    {"use_labels"},
    {"upload_id"},
)


class RetrainRequest(BaseModel):
    """Both lists of judged messages, or ``use_labels`` alone, or an upload."""

    model_config = ConfigDict(extra="forbid", strict=True)

    scam_messages: Texts | None = None
    legitimate_messages: Texts | None = None
    use_labels: Literal[True] | None = Field(default=None, description="Learn from the labels that are kept")
    upload_id: str | None = Field(default=None, description="What `POST /retrain/uploads` answered")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        given = {name for name in self.model_fields_set if getattr(self, name) is not None}
        if given not in _FORMS:
            raise ValueError("send scam_messages and legitimate_messages, or use_labels, or upload_id")
        return self


class RetrainResponse(BaseModel):
    """What a retraining did. The first four fields are older than the others and never change."""

    status: Literal["success", "refused"] = Field(
        description="`refused`: the new model is worse than the one that serves, and does not replace it"
    )
    new_training_samples: int
    scam_samples: int
    legitimate_samples: int
    model_version: str
    promoted: bool
    reason: str
    refusal: str | None = Field(description="Code of why it was refused")
    metrics: dict[str, Any] = Field(description="What the gate measured, for `candidate` and `champion`")

    @classmethod
    def of(cls, done: Retrained) -> Self:
        """Show what a retraining did."""
        return cls(status="success" if done.promoted else "refused", **_shown(done))


class JobError(BaseModel):
    """Why a job failed, or why its last attempt did."""

    code: str
    detail: str


class JobResponse(BaseModel):
    """A retraining on its way. What it did is null until it has ended."""

    job_id: str
    status: Status
    progress: float = Field(description="0..1")
    stage: str
    source: Source
    created_at: str
    created_by: str
    updated_at: str
    attempts: int
    new_training_samples: int | None = None
    scam_samples: int | None = None
    legitimate_samples: int | None = None
    model_version: str | None = None
    promoted: bool | None = None
    reason: str | None = None
    refusal: str | None = None
    metrics: dict[str, Any] | None = None
    error: JobError | None

    @classmethod
    def of(cls, job: Job) -> Self:
        """Show a job."""
        return cls(
            job_id=job.job_id,
            status=job.status,
            progress=job.progress,
            stage=job.stage,
            source=job.source,
            created_at=job.created_at,
            created_by=job.created_by,
            updated_at=job.updated_at,
            attempts=job.attempts,
            error=JobError(**job.error) if job.error else None,
            **(_shown(Retrained(**job.result)) if job.result else {}),
        )


class JobQuery(BaseModel):
    """Which jobs a list shows."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: str | None = Field(default=None, description="`next` of the page before")


class JobList(BaseModel):
    """A page of jobs, newest first."""

    items: list[JobResponse]
    next: str | None


class UploadResponse(BaseModel):
    """Where an upload may go: POST a form with these fields first, and the file as `file` last."""

    upload_id: str
    url: str
    fields: dict[str, str]
    expires_at: str
    limit_bytes: int


def routes(desk: Desk) -> APIRouter:
    """Return the routes of training."""
    paths = router()

    @paths.post(
        "/retrain",
        tags=["models"],
        summary="Retrain the model with judged messages",
        responses={202: {"model": JobResponse, "description": "It takes longer, and goes on as a job"}},
    )
    def post_retrain(body: RetrainRequest, response: Response, caller: Admin) -> RetrainResponse | JobResponse:
        if body.upload_id is not None:
            if not is_id(body.upload_id):
                raise NotFoundError("There is no such upload, or it has expired.")
            done = desk.upload(body.upload_id, caller=caller)
        elif body.use_labels:
            done = desk.kept_labels(caller=caller)
        else:
            done = desk.messages(body.scam_messages or [], body.legitimate_messages or [], caller=caller)
        if isinstance(done, Retrained):
            return RetrainResponse.of(done)
        response.status_code = 202
        return JobResponse.of(done)

    @paths.post("/retrain/uploads", tags=["models"], summary="Ask where labels may be uploaded", status_code=201)
    def post_upload(_caller: Admin) -> UploadResponse:
        offer = desk.offer()
        return UploadResponse(
            upload_id=offer.upload_id,
            url=offer.url,
            fields=offer.fields,
            expires_at=offer.expires_at,
            limit_bytes=LARGEST_UPLOAD,
        )

    @paths.get("/retrain/jobs", tags=["models"], summary="List retrainings that became jobs, newest first")
    def get_jobs(query: Annotated[JobQuery, Query()], _caller: Analyst) -> JobList:
        if query.cursor is not None and not is_id(query.cursor):
            raise CursorInvalidError("This cursor does not belong to this list.", pointer="/query/cursor")
        found = desk.page(limit=query.limit, before=query.cursor)
        return JobList(
            items=[JobResponse.of(job) for job in found],
            next=found[-1].job_id if len(found) == query.limit else None,
        )

    @paths.get("/retrain/jobs/{job_id}", tags=["models"], summary="Show how far a retraining is")
    def get_job(job_id: str, _caller: Analyst) -> JobResponse:
        return JobResponse.of(desk.job(job_id))

    return paths


def _shown(done: Retrained) -> dict[str, Any]:
    return {
        "new_training_samples": sum(done.samples.values()),
        "scam_samples": done.samples.get("scam", 0),
        "legitimate_samples": done.samples.get("legitimate", 0),
        "model_version": done.model_version,
        "promoted": done.promoted,
        "reason": done.reason,
        "refusal": done.refusal or None,
        "metrics": done.metrics,
    }
