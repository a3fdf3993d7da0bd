"""The use case: an event of API Gateway in, a policy out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from hookline_core.clock import Clock
from hookline_core.identity import Identity

from authorizer.credentials import api_key_of, is_websocket, ticket_of
from authorizer.policy import allow, deny


class Keys(Protocol):
    """Knows what a key may do."""

    def identify(self, key: str, *, moment: datetime) -> Identity | None:
        """Return who is behind a key."""


class Tickets(Protocol):
    """Takes each ticket back once."""

    def redeem(self, secret: str, *, moment: datetime) -> Identity | None:
        """Return who is behind a ticket, and make it worthless."""


class Authorize:
    """Answers whether a caller gets in."""

    def __init__(self, keys: Keys, tickets: Tickets, clock: Clock) -> None:
        self._keys = keys
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
        identity = self._keys.identify(key, moment=self._clock()) if key else None
        return allow(identity, method_arn, api_key=key) if identity else deny(method_arn)
