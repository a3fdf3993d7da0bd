"""Time is written one way."""

from datetime import UTC, datetime, timedelta, timezone

from hookline_core.clock import hour_of, isoformat


def test_moments_are_written_in_utc_with_milliseconds() -> None:
    there = timezone(timedelta(hours=5, minutes=30))
    assert isoformat(datetime(2026, 11, 23, 11, 30, 0, 1999, tzinfo=there)) == "2026-11-23T06:00:00.001Z"


def test_the_hour_of_a_moment() -> None:
    assert hour_of(isoformat(datetime(2026, 11, 23, 6, 59, 59, tzinfo=UTC))) == "2026-11-23T06:00:00Z"
