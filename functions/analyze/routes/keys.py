"""``/keys`` and ``/me``: who may use the API."""

from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools import Logger
from fastapi import APIRouter, Query, Response
from hookline_core.clock import Clock, isoformat
from hookline_core.errors import InvalidRequestError, NotFoundError
from hookline_core.identity import Role
from hookline_core.keys import KeyRing
from hookline_core.stores.keys import STATES, KeyEntry, Plan, State
from hookline_core.web.app import Admin, Client, router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from analyze import cursor
from analyze.inputs import Expiry, Input

logger = Logger()


class KeyRequest(Input):
    """A key to be made."""

    # Roles and moments come as JSON text, which strict mode would refuse.
    model_config = ConfigDict(strict=False)

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] = Field(
        description="Who or what will use it"
    )
    role: Role
    expires_at: Expiry | None = Field(default=None, description="When it stops to work; never, if absent")


class MeResponse(BaseModel):
    """The key that calls."""

    key_id: str
    name: str
    role: Role
    expires_at: str | None


class KeyResponse(MeResponse):
    """A key, without the key itself."""

    plan: Plan
    status: State
    created_at: str
    created_by: str = Field(description="Public id of the key that asked for it, or `account`")
    last_used_at: str | None = Field(description="At most an hour older than its last use")
    revoked_at: str | None
    revoked_by: str | None


class NewKeyResponse(KeyResponse):
    """A new key."""

    key: str = Field(description="The key itself. It is shown only now")


class KeyQuery(BaseModel):
    """Which part of the list."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=100)] = 100
    cursor: str | None = None


class KeyList(BaseModel):
    """A page of keys: those that are not revoked first, and within a page the newest first."""

    items: list[KeyResponse]
    next: str | None


def _me(entry: KeyEntry) -> dict[str, str | None]:
    expires_at = isoformat(datetime.fromtimestamp(entry.expires_at, UTC)) if entry.expires_at is not None else None
    return {
        "key_id": entry.identity.key_id,
        "name": entry.name,
        "role": entry.role.value,
        "expires_at": expires_at,
    }


def _key(entry: KeyEntry, moment: datetime) -> dict[str, str | None]:
    return {
        **_me(entry),
        "plan": entry.plan,
        "status": entry.state_at(moment),
        "created_at": entry.created_at,
        "created_by": entry.created_by,
        "last_used_at": entry.last_used_at,
        "revoked_at": entry.revoked_at,
        "revoked_by": entry.revoked_by,
    }


def routes(ring: KeyRing, clock: Clock) -> APIRouter:
    """Return the routes that keep the keys."""
    paths = router()

    def known(key_id: str) -> KeyEntry:
        entry = ring.store.find(key_id)
        if entry is None:
            raise NotFoundError("There is no such key.")
        return entry

    @paths.get("/me", tags=["keys"], summary="Show the key that calls")
    def get_me(caller: Client) -> MeResponse:
        return MeResponse.model_validate(_me(known(caller.key_id)))

    @paths.get("/keys", tags=["keys"], summary="List keys")
    def get_keys(query: Annotated[KeyQuery, Query()], _caller: Admin) -> KeyList:
        status, after = STATES[0], None
        if query.cursor:
            where, last = cursor.decode(query.cursor, {}, length=2)
            status = cursor.choose(where, STATES)
            after = None if last == _START else last
        entries, following = ring.store.page(status, limit=query.limit, after=after)
        position = [status, following] if following else None
        if position is None and status != STATES[-1]:
            position = [STATES[-1], _START]
        moment = clock()
        newest_first = sorted(entries, key=lambda entry: entry.created_at, reverse=True)
        return KeyList(
            items=[KeyResponse.model_validate(_key(entry, moment)) for entry in newest_first],
            next=cursor.encode(position, {}) if position else None,
        )

    @paths.post("/keys", tags=["keys"], status_code=201, summary="Make a key")
    def post_key(body: KeyRequest, caller: Admin) -> NewKeyResponse:
        moment = clock()
        if body.expires_at is not None and body.expires_at <= moment:
            raise InvalidRequestError("This moment has passed.", pointer="/body/expires_at")
        made = ring.create(body.role, name=body.name, moment=moment, expires_at=body.expires_at, by=caller.key_id)
        logger.info("key made", key_id=made.entry.identity.key_id, role=made.entry.role.value, by=caller.key_id)
        return NewKeyResponse.model_validate({**_key(made.entry, moment), "key": made.secret})

    @paths.delete("/keys/{key_id}", tags=["keys"], status_code=204, summary="Revoke a key")
    def delete_key(key_id: str, caller: Admin) -> Response:
        """It opens nothing any more within a minute. The last admin's key that works is not revoked. Revoking a key
        again does no harm."""
        ring.revoke(known(key_id), moment=clock(), by=caller.key_id)
        logger.info("key revoked", key_id=key_id, by=caller.key_id)
        return Response(status_code=204)

    return paths


_START = "-"
"""Stands for the beginning of a status in a cursor."""
