"""``/retrain`` and ``/models``: train, look at versions, and choose which one serves."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from hookline_core.web.app import Admin, Analyst, router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from retrain.catalogue import Catalogue, Entry
from retrain.retraining import Retraining

LARGEST_LIST = 10_000
"""Messages of one kind that a request may bring."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=r"\S")]
Texts = Annotated[list[Text], Field(min_length=1, max_length=LARGEST_LIST)]


class RetrainRequest(BaseModel):
    """Messages that people have judged."""

    model_config = ConfigDict(extra="forbid", strict=True)

    scam_messages: Texts
    legitimate_messages: Texts


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
    metrics: dict[str, Any] = Field(description="What the gate measured, for `candidate` and `champion`")


class ModelResponse(BaseModel):
    """A version of the model."""

    version: str
    aliases: list[str]
    status: str
    parent: str | None
    created_at: str
    created_by: str
    reason: str
    metrics: dict[str, Any]
    data: dict[str, Any]

    @classmethod
    def of(cls, entry: Entry) -> "ModelResponse":
        """Show a version."""
        known = entry.known
        return cls(
            version=known.version,
            aliases=entry.aliases,
            status=known.status,
            parent=known.parent or None,
            created_at=known.created_at,
            created_by=known.created_by,
            reason=known.reason,
            metrics=dict(known.metrics),
            data=dict(known.data),
        )


class ModelList(BaseModel):
    """All versions, newest first, the one that ships with Hookline last."""

    items: list[ModelResponse]
    champion: str
    previous: str | None


class Promotion(BaseModel):
    """Which version serves now, and which one served before."""

    champion: str
    previous: str


def routes(retraining: Retraining, catalogue: Catalogue) -> APIRouter:
    """Return the routes of the model's life."""
    paths = router()

    @paths.post("/retrain", tags=["models"], summary="Retrain the model with judged messages")
    def post_retrain(body: RetrainRequest, caller: Admin) -> RetrainResponse:
        done = retraining(body.scam_messages, body.legitimate_messages, caller=caller)
        scam, legitimate = len(body.scam_messages), len(body.legitimate_messages)
        return RetrainResponse(
            status="success" if done.promoted else "refused",
            new_training_samples=scam + legitimate,
            scam_samples=scam,
            legitimate_samples=legitimate,
            model_version=done.model_version,
            promoted=done.promoted,
            reason=done.reason,
            metrics=done.metrics,
        )

    @paths.get("/models", tags=["models"], summary="List the versions of the model")
    def get_models(_caller: Analyst) -> ModelList:
        listing = catalogue.list()
        return ModelList(
            items=[ModelResponse.of(entry) for entry in listing.entries],
            champion=listing.champion,
            previous=listing.previous,
        )

    @paths.get("/models/{version}", tags=["models"], summary="Show a version of the model")
    def get_model(version: str, _caller: Analyst) -> ModelResponse:
        return ModelResponse.of(catalogue.entry(version))

    @paths.post("/models/{version}/promote", tags=["models"], summary="Make a version the one that serves")
    def post_promote(version: str, caller: Admin) -> Promotion:
        champion, previous = catalogue.promote(version, caller=caller)
        return Promotion(champion=champion, previous=previous)

    return paths
