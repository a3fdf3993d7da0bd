"""Time as every part of Hookline writes it: UTC, ISO 8601, milliseconds, a trailing Z."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the time, with its zone."""


def utc_now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


def isoformat(moment: datetime) -> str:
    """Write a moment in UTC with milliseconds.

    Example
    -------
    >>> isoformat(datetime(2026, 11, 23, 6, tzinfo=UTC))
    '2026-11-23T06:00:00.000Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def hour_of(moment: str) -> str:
    """Return the hour that an ISO moment falls in, as ``2026-11-23T06:00:00Z``."""
    return f"{moment[:13]}:00:00Z"


def epoch_seconds(moment: datetime) -> int:
    """Return whole seconds since 1970, the unit DynamoDB's TTL wants."""
    return int(moment.timestamp())
