"""Message ids: ULIDs, so that ids sort by time and lists need no second clock."""

from datetime import datetime

from ulid import ULID

NEWEST_ID = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
"""The greatest ULID: above every id that will be given."""

_RANDOM_DIGITS = 16
"""The last 16 of a ULID's 26 characters are random; the first ten are its time."""


def new_id(moment: datetime) -> str:
    """Return a new id for a moment."""
    return str(ULID.from_datetime(moment))


def first_id_at(moment: datetime) -> str:
    """Return the least id that a moment (to the millisecond) can have."""
    return new_id(moment)[:-_RANDOM_DIGITS] + "0" * _RANDOM_DIGITS


def last_id_at(moment: datetime) -> str:
    """Return the greatest id that a moment (to the millisecond) can have."""
    return new_id(moment)[:-_RANDOM_DIGITS] + "Z" * _RANDOM_DIGITS


def moment_of(message_id: str) -> datetime:
    """Return the moment that an id was given for, to the millisecond."""
    return ULID.from_str(message_id).datetime


def is_id(text: str) -> bool:
    """Tell whether a text is a well-formed id."""
    try:
        return str(ULID.from_str(text)) == text
    except ValueError:
        return False
