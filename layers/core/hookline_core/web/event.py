"""What API Gateway tells about a request, beside the request itself."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import HTTPConnection

from hookline_core.errors import RoleError
from hookline_core.identity import Identity, Role


def _context(connection: HTTPConnection) -> Mapping[str, Any]:
    event: Mapping[str, Any] = connection.scope.get("aws.event", {})
    context: Mapping[str, Any] = event.get("requestContext", {})
    return context


def request_id_of(connection: HTTPConnection) -> str:
    """Return the gateway's id of this request."""
    return str(_context(connection).get("requestId", "unknown"))


def identity_of(connection: HTTPConnection) -> Identity:
    """Return who calls, as the authorizer found out.

    Raises
    ------
    RoleError
        If the gateway let the request through without the authorizer.
    """
    authorizer = _context(connection).get("authorizer") or {}
    try:
        return Identity(key_id=str(authorizer["key_id"]), role=Role(authorizer["role"]))
    except (KeyError, ValueError) as error:
        raise RoleError("This call needs a key.") from error
