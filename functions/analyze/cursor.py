"""Cursors: where the next page of a list begins, as a text that callers pass back untouched.

A cursor holds a digest of the list's filters, so it cannot be used with another list by mistake. It grants nothing
that the caller's key does not grant.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeVar

from hookline_core.errors import CursorInvalidError

_LONGEST = 512

Known = TypeVar("Known", bound=str)


def _digest(filters: Mapping[str, object]) -> str:
    text = json.dumps(filters, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def encode(position: list[str], filters: Mapping[str, object]) -> str:
    """Return the cursor for a position in a filtered list."""
    content = json.dumps([_digest(filters), *position], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def decode(cursor: str, filters: Mapping[str, object], *, length: int, where: str = "/query") -> list[str]:
    """Return the position that a cursor stands for.

    Parameters
    ----------
    length
        How many texts a position of this list has.
    where
        Pointer to the part of the request that holds the cursor.

    Raises
    ------
    CursorInvalidError
        If this list did not give it out.
    """
    refusal = _refusal(where)
    if len(cursor) > _LONGEST:
        raise refusal
    try:
        content = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise refusal from error
    if not isinstance(content, list) or len(content) != length + 1:
        raise refusal
    if content[0] != _digest(filters) or not all(isinstance(part, str) and part for part in content):
        raise refusal
    return content[1:]


def choose(text: str, known: Sequence[Known]) -> Known:
    """Return the part of a list that a position's text names.

    Raises
    ------
    CursorInvalidError
        If it names none.
    """
    for name in known:
        if name == text:
            return name
    raise _refusal("/query")


def _refusal(where: str) -> CursorInvalidError:
    return CursorInvalidError("This cursor does not belong to this list.", pointer=f"{where}/cursor")
