"""``/retrain``: train on judged messages."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from hookline_core.web.app import Admin, router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

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


def routes(retraining: Retraining) -> APIRouter:
    """Return the routes of training."""
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

    return paths
