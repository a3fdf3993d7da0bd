"""Finds the caller's credential in an authorizer event. What is found here is secret: it is never logged."""

from collections.abc import Mapping
from typing import Any

KEY_HEADER = "x-api-key"
_LONGEST = 128
"""Characters; API Gateway's keys and our tickets are shorter."""


def is_websocket(event: Mapping[str, Any]) -> bool:
    """Tell whether the event is about opening a WebSocket."""
    return "connectionId" in event.get("requestContext", {})


def api_key_of(event: Mapping[str, Any]) -> str | None:
    """Return the key of a REST request, whatever the case of its header's name."""
    headers: Mapping[str, str] = event.get("headers") or {}
    return _plausible(next((value for name, value in headers.items() if name.lower() == KEY_HEADER), None))


def ticket_of(event: Mapping[str, Any]) -> str | None:
    """Return the ticket that a WebSocket is opened with."""
    return _plausible((event.get("queryStringParameters") or {}).get("ticket"))


def _plausible(credential: str | None) -> str | None:
    """Drop what cannot be ours, so that it costs no read."""
    return credential if credential and len(credential) <= _LONGEST and credential.isascii() else None
