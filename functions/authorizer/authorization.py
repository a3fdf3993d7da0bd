"""The use case: an event of API Gateway in, a policy out."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from aws_lambda_powertools import Logger
from hookline_core.clock import Clock, isoformat
from hookline_core.errors import UnavailableError
from hookline_core.identity import Identity
from hookline_core.stores.keys import KeyEntry

from authorizer.credentials import api_key_of, is_websocket, ticket_of
from authorizer.policy import allow, deny

logger = Logger()

NOTED_EVERY = timedelta(hours=1)
"""A write for every call would cost more than the call; an hour tells well enough whether a key is still in use."""


class Keys(Protocol):
    """Knows what stands behind a key."""

    def behind(self, key: str) -> KeyEntry | None:
        """Return what is known of a key."""


class Uses(Protocol):
    """Remembers when a key was used."""

    def note_use(self, entry: KeyEntry, *, moment: datetime) -> None:
        """Note a use."""


class Tickets(Protocol):
    """Takes each ticket back once."""

    def redeem(self, secret: str, *, moment: datetime) -> Identity | None:
        """Return who is behind a ticket, and make it worthless."""


class Authorize:
    """Answers whether a caller gets in."""

    def __init__(self, keys: Keys, uses: Callable[[], Uses], tickets: Tickets, clock: Clock) -> None:
        self._keys = keys
        self._uses = uses
        self._tickets = tickets
        self._clock = clock

    def __call__(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the policy for a request, or for opening a WebSocket.

        Raises
        ------
        UnavailableError
            If a store does not answer. Nobody gets in then, and because an error is not kept by the gateway as a
            refusal would be, a caller with a good key is let in as soon as the store is back.
        """
        method_arn = event["methodArn"]
        if is_websocket(event):
            ticket = ticket_of(event)
            identity = self._tickets.redeem(ticket, moment=self._clock()) if ticket else None
            return allow(identity, method_arn) if identity else deny(method_arn)
        key = api_key_of(event)
        entry = self._keys.behind(key) if key else None
        moment = self._clock()
        if entry is None or entry.state_at(moment) != "active":
            return deny(method_arn)
        self._note_use(entry, moment)
        return allow(entry.identity, method_arn, api_key=key)

    def _note_use(self, entry: KeyEntry, moment: datetime) -> None:
        """Note a use, if the last one that is noted is an hour old. Whatever happens, the caller gets in."""
        if entry.last_used_at is not None and entry.last_used_at > isoformat(moment - NOTED_EVERY):
            return
        try:
            self._uses().note_use(entry, moment=moment)
        except UnavailableError:
            logger.warning("use of a key not noted", key_id=entry.identity.key_id)
