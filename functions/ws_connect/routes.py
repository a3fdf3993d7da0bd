"""The use cases behind the three routes."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from hookline_core.clock import Clock
from hookline_core.identity import Identity, Role
from hookline_core.sockets import ConnectionGoneError

from ws_connect.actions import answer_to

OK = 200
FORBIDDEN = 403


class Connections(Protocol):
    """Remembers who is connected."""

    def add(self, connection_id: str, identity: Identity, *, moment: datetime) -> None:
        """Remember a connection."""

    def remove(self, connection_id: str) -> None:
        """Forget a connection."""


class Consoles(Protocol):
    """Reaches consoles."""

    def post(self, connection_id: str, data: bytes) -> None:
        """Send one WebSocket message."""


class Routes:
    """Answers what API Gateway hands over from consoles."""

    def __init__(self, connections: Connections, consoles: Consoles, clock: Clock) -> None:
        self._connections = connections
        self._consoles = consoles
        self._clock = clock

    def __call__(self, event: Mapping[str, Any]) -> int:
        """Serve one event and return the HTTP status for the gateway.

        Raises
        ------
        UnavailableError
            If the connection store or the WebSocket API does not answer.
        """
        context = event["requestContext"]
        connection_id = str(context["connectionId"])
        match context["routeKey"]:
            case "$connect":
                return self._connect(connection_id, context.get("authorizer") or {})
            case "$disconnect":
                self._connections.remove(connection_id)
            case _:
                self._hear(connection_id, event.get("body"))
        return OK

    def _connect(self, connection_id: str, authorizer: Mapping[str, Any]) -> int:
        identity = _identity(authorizer)
        if identity is None or not identity.role.includes(Role.ANALYST):
            return FORBIDDEN
        self._connections.add(connection_id, identity, moment=self._clock())
        return OK

    def _hear(self, connection_id: str, body: str | None) -> None:
        try:
            self._consoles.post(connection_id, json.dumps(answer_to(body)).encode())
        except ConnectionGoneError:
            self._connections.remove(connection_id)


def _identity(authorizer: Mapping[str, Any]) -> Identity | None:
    """Read who connects; nobody, if the gateway let the connection through without the authorizer."""
    try:
        return Identity(key_id=str(authorizer["key_id"]), role=Role(authorizer["role"]))
    except (KeyError, ValueError):
        return None
