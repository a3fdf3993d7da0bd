"""Drift: the index is that of the books, and the windows are those of the champion."""

from datetime import UTC, datetime, timedelta
from math import log

import pytest
from hookline_core.stores.counters import HourCounts
from retrain.drift import drift, stability

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


class _Counters:
    """Counters that hold made-up hours."""

    def __init__(self, hours: dict[datetime, dict[str, int]]) -> None:
        self._hours = hours

    def hours(self, start: datetime, end: datetime) -> list[HourCounts]:
        return [
            HourCounts(f"{hour:%Y-%m-%dT%H}:00:00Z", counts)
            for hour, counts in sorted(self._hours.items())
            if start <= hour <= end
        ]


def _counts(low: int, high: int) -> dict[str, int]:
    return {"messages": low + high, "level:Low": low, "level:High": high, "score:0": low, "score:7": high}


def test_the_index_is_that_of_the_books() -> None:
    # A hundred thousand messages, so that the half message in each bucket does not show.
    expected = (0.6 - 0.5) * log(0.6 / 0.5) + (0.4 - 0.5) * log(0.4 / 0.5)
    assert stability([60_000, 40_000], [50_000, 50_000]) == pytest.approx(expected, abs=1e-4)
    assert stability([0, 0], [0, 0]) == 0
    assert stability([0, 100], [100, 0]) > 1


@pytest.mark.parametrize(("high", "band"), [(100, "none"), (280, "moderate"), (600, "significant")])
def test_the_bands(high: int, band: str) -> None:
    promoted = NOW - timedelta(days=30)
    counters = _Counters({promoted + timedelta(hours=1): _counts(900, 100), NOW: _counts(1000 - high, high)})
    found = drift(counters, promoted=promoted, now=NOW, days=7)  # type: ignore[arg-type]  # a stand-in
    assert found.shifts["level"].band == band
    assert found.shifts["level"].now["High"] == high / 1000
    assert found.shifts["level"].then["High"] == 0.1
    assert (found.then.start, found.then.end) == (promoted, promoted + timedelta(days=7))


def test_few_messages_say_nothing() -> None:
    counters = _Counters({NOW - timedelta(days=20): _counts(400, 0), NOW: _counts(0, 1000)})
    found = drift(counters, promoted=NOW - timedelta(days=21), now=NOW, days=7)  # type: ignore[arg-type]  # a stand-in
    assert found.shifts["level"].band == "too_few"
    assert found.shifts["level"].index > 1


def test_without_a_promotion_the_first_messages_are_the_reference() -> None:
    begin = NOW - timedelta(days=40)
    counters = _Counters({begin: _counts(900, 100), NOW: _counts(900, 100)})
    found = drift(counters, promoted=None, now=NOW, days=7)  # type: ignore[arg-type]  # a stand-in
    assert found.then.start == begin
    assert (found.then.messages, found.now.messages) == (1000, 1000)
    assert found.shifts["score"].index == 0


def test_nothing_counted_is_no_error() -> None:
    found = drift(_Counters({}), promoted=None, now=NOW, days=7)  # type: ignore[arg-type]  # a stand-in
    assert {shift.band for shift in found.shifts.values()} == {"too_few"}
