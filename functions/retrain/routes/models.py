"""``/models``: look at versions, choose which one serves and which one is tried."""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Query
from hookline_core.challenger import Challenger, Mode
from hookline_core.errors import CursorInvalidError
from hookline_core.ids import is_id
from hookline_core.stores.registry import Action, Status
from hookline_core.web.app import Admin, Analyst, router
from pydantic import BaseModel, ConfigDict, Field

from retrain.catalogue import Catalogue, Entry


class ModelResponse(BaseModel):
    """A version of the model."""

    version: str
    aliases: list[str]
    status: Status
    refusal: str | None = Field(description="Code of why the gate refused it")
    parent: str | None
    created_at: str
    created_by: str
    reason: str
    metrics: dict[str, Any]
    data: dict[str, Any] = Field(description="Hash, counts by source and label, and how the labels were split")

    @classmethod
    def of(cls, entry: Entry, **more: Any) -> Self:  # noqa: ANN401  # a card's own fields
        """Show a version."""
        known = entry.known
        return cls(
            version=known.version,
            aliases=entry.aliases,
            status=known.status,
            refusal=known.refusal or None,
            parent=known.parent or None,
            created_at=known.created_at,
            created_by=known.created_by,
            reason=known.reason,
            metrics=dict(known.metrics),
            data=dict(known.data),
            **more,
        )


class ModelCard(ModelResponse):
    """All that is known of a version."""

    gate: dict[str, Any] = Field(
        description="What it did on the gate set: recall by category, false alarms by kind of genuine message"
    )
    thresholds: dict[str, float] = Field(description="Log-odds at which the score is 40, 70 and 90; the calibration")
    rules_version: str
    code_version: str = Field(description="Digest of the code that trained it; empty if that was not noted")


class ChallengerResponse(BaseModel):
    """The version that is tried beside the champion."""

    version: str
    mode: Mode
    percent: float

    @classmethod
    def of(cls, challenger: Challenger) -> Self:
        """Show a challenger."""
        return cls(version=challenger.version, mode=challenger.mode, percent=challenger.percent)


class ChallengerRequest(BaseModel):
    """Which version to try, and how."""

    model_config = ConfigDict(extra="forbid", strict=True)

    version: Annotated[str, Field(min_length=1, max_length=100)]
    mode: Mode = "shadow"
    percent: Annotated[float, Field(ge=0, le=100, description="Share of the senders that it answers when live")] = 0


class ModelList(BaseModel):
    """All versions, newest first, the one that ships with Hookline last."""

    items: list[ModelResponse]
    champion: str
    previous: str | None
    challenger: ChallengerResponse | None


class Promotion(BaseModel):
    """Which version serves now, and which one served before."""

    champion: str
    previous: str


class AuditQuery(BaseModel):
    """Which entries a list shows."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: str | None = Field(default=None, description="`next` of the page before")


class AuditItem(BaseModel):
    """One change of the registry."""

    at: str
    by: str
    action: Action
    version: str
    detail: str


class AuditList(BaseModel):
    """A page of changes, newest first."""

    items: list[AuditItem]
    next: str | None


def routes(catalogue: Catalogue) -> APIRouter:
    """Return the routes of the registry. Fixed paths stand before those that hold a version."""
    paths = router()

    @paths.get("/models", tags=["models"], summary="List the versions of the model")
    def get_models(_caller: Analyst) -> ModelList:
        listing = catalogue.list()
        return ModelList(
            items=[ModelResponse.of(entry) for entry in listing.entries],
            champion=listing.champion,
            previous=listing.previous,
            challenger=ChallengerResponse.of(listing.challenger) if listing.challenger else None,
        )

    @paths.get("/models/audit", tags=["models"], summary="List who changed what, newest first")
    def get_audit(query: Annotated[AuditQuery, Query()], _caller: Analyst) -> AuditList:
        if query.cursor is not None and not is_id(query.cursor):
            raise CursorInvalidError("This cursor does not belong to this list.", pointer="/query/cursor")
        entries = catalogue.registry.audit(limit=query.limit, before=query.cursor)
        return AuditList(
            items=[
                AuditItem(at=entry.at, by=entry.by, action=entry.action, version=entry.version, detail=entry.detail)
                for entry in entries
            ],
            next=entries[-1].audit_id if len(entries) == query.limit else None,
        )

    @paths.post("/models/rollback", tags=["models"], summary="Go back to the version that served before")
    def post_rollback(caller: Admin) -> Promotion:
        champion, previous = catalogue.roll_back(caller=caller)
        return Promotion(champion=champion, previous=previous)

    @paths.put("/models/challenger", tags=["models"], summary="Try a version beside the champion")
    def put_challenger(body: ChallengerRequest, caller: Admin) -> ChallengerResponse:
        return ChallengerResponse.of(
            catalogue.challenge(body.version, mode=body.mode, percent=body.percent, caller=caller)
        )

    @paths.delete("/models/challenger", tags=["models"], summary="Stop trying the challenger", status_code=204)
    def delete_challenger(caller: Admin) -> None:
        catalogue.withdraw(caller=caller)

    @paths.get("/models/{version}", tags=["models"], summary="Show a version's card")
    def get_model(version: str, _caller: Analyst) -> ModelCard:
        entry = catalogue.entry(version)
        known = entry.known
        return ModelCard.of(
            entry,
            gate=dict(catalogue.rates(version)),
            thresholds=dict(known.thresholds),
            rules_version=known.rules_version,
            code_version=known.code_version,
        )

    @paths.post("/models/{version}/promote", tags=["models"], summary="Make a version the one that serves")
    def post_promote(version: str, caller: Admin) -> Promotion:
        champion, previous = catalogue.promote(version, caller=caller)
        return Promotion(champion=champion, previous=previous)

    return paths
