"""``/senders``: the block and allow lists."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from hookline_core.clock import Clock, epoch_seconds, isoformat
from hookline_core.contracts import ListName
from hookline_core.errors import InvalidRequestError, NotFoundError
from hookline_core.stores.senders import SenderEntry, SenderStore
from hookline_core.web.app import Analyst, router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from analyze import cursor, phone
from analyze.inputs import Expiry, Input

_LISTS: tuple[ListName, ...] = ("block", "allow")


class SenderRequest(Input):
    """A sender's place."""

    # Moments come as JSON text, which strict mode would refuse.
    model_config = ConfigDict(strict=False)

    list: ListName
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)] = Field(
        description="Why, for whoever looks next"
    )
    expires_at: Expiry | None = Field(default=None, description="When the entry stops to count; never, if absent")


class SenderResponse(BaseModel):
    """A sender's place on a list."""

    phone_number: str
    list: ListName
    reason: str
    added_by: str = Field(description="Public id of the key, or `automatic`")
    updated_at: str
    evidence: str | None = Field(description="Id of the message that put it there")
    strikes: int = Field(description="Critical messages from this sender")
    expires_at: str | None

    @classmethod
    def of(cls, entry: SenderEntry) -> "SenderResponse":
        """Show an entry."""
        return cls(
            phone_number=entry.phone_number,
            list=entry.list,
            reason=entry.reason,
            added_by=entry.added_by,
            updated_at=entry.updated_at,
            evidence=entry.evidence,
            strikes=entry.strikes,
            expires_at=isoformat(datetime.fromtimestamp(entry.expires_at, UTC)) if entry.expires_at else None,
        )


class SenderQuery(BaseModel):
    """Which senders a list shows."""

    model_config = ConfigDict(extra="forbid")

    list: ListName | None = Field(default=None, description="One list only; both, block first, if absent")
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: str | None = None


class SenderList(BaseModel):
    """A page of senders, last changed first."""

    items: list[SenderResponse]
    next: str | None


def routes(senders: SenderStore, clock: Clock, *, region: str) -> APIRouter:
    """Return the routes that keep the lists."""
    paths = router()

    @paths.get("/senders", tags=["senders"], summary="List blocked and allowed senders")
    def get_senders(query: Annotated[SenderQuery, Query()], _caller: Analyst) -> SenderList:
        filters = {"list": query.list}
        lists = (query.list,) if query.list else _LISTS
        name, after = lists[0], None
        if query.cursor:
            where, updated_at, phone_number = cursor.decode(query.cursor, filters, length=3)
            name = cursor.choose(where, _LISTS)
            after = None if updated_at == _START else (updated_at, phone_number)
        entries, following = senders.page(name, limit=query.limit, after=after, moment=clock())
        position = [name, *following] if following else None
        if position is None and name != lists[-1]:
            position = [lists[-1], _START, _START]
        return SenderList(
            items=[SenderResponse.of(entry) for entry in entries],
            next=cursor.encode(position, filters) if position else None,
        )

    @paths.get("/senders/{phone_number}", tags=["senders"], summary="Show a sender's place")
    def get_sender(phone_number: str, _caller: Analyst) -> SenderResponse:
        entry = senders.get(phone.canonical(phone_number, region=region), moment=clock())
        if entry is None:
            raise NotFoundError("This sender is on no list.")
        return SenderResponse.of(entry)

    @paths.put("/senders/{phone_number}", tags=["senders"], summary="Block or allow a sender")
    def put_sender(phone_number: str, body: SenderRequest, caller: Analyst) -> SenderResponse:
        moment = clock()
        if body.expires_at is not None and body.expires_at <= moment:
            raise InvalidRequestError("This moment has passed.", pointer="/body/expires_at")
        entry = SenderEntry(
            phone_number=phone.canonical(phone_number, region=region),
            list=body.list,
            reason=body.reason,
            added_by=caller.key_id,
            updated_at=isoformat(moment),
            expires_at=epoch_seconds(body.expires_at) if body.expires_at else None,
        )
        return SenderResponse.of(senders.put(entry))

    @paths.delete("/senders/{phone_number}", tags=["senders"], status_code=204, summary="Take a sender off its list")
    def delete_sender(phone_number: str, _caller: Analyst) -> Response:
        if not senders.delete(phone.canonical(phone_number, region=region)):
            raise NotFoundError("This sender is on no list.")
        return Response(status_code=204)

    return paths


_START = "-"
"""Stands for the beginning of a list in a cursor."""
