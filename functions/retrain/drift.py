"""Drift: how far the verdicts of now are from those that the champion gave when it was new."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from typing import Literal

from hookline_core.stores.counters import LENGTHS, CounterStore
from hookline_ml import CATEGORIES, Level

Band = Literal["none", "moderate", "significant", "too_few"]

MODERATE, SIGNIFICANT = 0.1, 0.25
"""The usual bands of the population stability index: below 0.1 nothing, from 0.25 on a shift to act on.

They come from credit scoring (N. Siddiqi, Credit Risk Scorecards, Wiley 2006)."""

FEWEST = 500
"""Messages on either side below which the index says more about chance than about drift: for two samples of n messages
and b buckets it is about 2 (b - 1) / n when nothing has changed, which is 0.036 for ten buckets and 500 messages."""

_LOOK_BACK = timedelta(days=92)

_HALF = 0.5  # added to every bucket, so that an empty one does not make the index infinite

BUCKETS: Mapping[str, Sequence[str]] = {
    "score": [f"score:{decile}" for decile in range(10)],
    "level": [f"level:{level.value}" for level in Level],
    "category": [f"category:{code}" for code in sorted(CATEGORIES)],
    "length": [f"length:{bucket}" for bucket in range(len(LENGTHS) + 1)],
}
"""The counters that make up each distribution."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time and the messages it brought."""

    start: datetime
    end: datetime
    counts: Mapping[str, int]

    @property
    def messages(self) -> int:
        """How many messages were counted."""
        return self.counts.get("messages", 0)


@dataclass(frozen=True, slots=True)
class Shift:
    """How far one distribution moved.

    Parameters
    ----------
    now, then
        Shares by bucket, each adding up to 1 (or all 0 without messages).
    """

    index: float
    band: Band
    now: Mapping[str, float]
    then: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Drift:
    """The champion's first days against the last ones."""

    now: Window
    then: Window
    shifts: Mapping[str, Shift]


def drift(counters: CounterStore, *, promoted: datetime | None, now: datetime, days: int) -> Drift:
    """Compare the last days with the first days after the champion was promoted.

    Parameters
    ----------
    promoted
        When the champion's alias moved; ``None`` if it never did, and the reference begins with the first messages
        that are found.
    days
        How long both stretches of time are. The first one ends early if the champion is younger than that.
    """
    length = timedelta(days=days)
    begin = promoted or _first(counters, now)
    recent = _window(counters, max(now - length, begin), now)
    first = _window(counters, begin, min(begin + length, now))
    return Drift(recent, first, {name: _shift(recent, first, buckets) for name, buckets in BUCKETS.items()})


def _first(counters: CounterStore, now: datetime) -> datetime:
    """Return the hour of the first message, as far as it is worth looking back."""
    hours = counters.hours(now - _LOOK_BACK, now)
    return datetime.fromisoformat(hours[0].hour) if hours else now


def _window(counters: CounterStore, start: datetime, end: datetime) -> Window:
    total: Counter[str] = Counter()
    for hour in counters.hours(start, end):
        total.update(hour.counts)
    return Window(start, end, total)


def _shift(now: Window, then: Window, buckets: Sequence[str]) -> Shift:
    index = stability([now.counts.get(name, 0) for name in buckets], [then.counts.get(name, 0) for name in buckets])
    return Shift(index, _band(index, min(now.messages, then.messages)), _shares(now, buckets), _shares(then, buckets))


def stability(now: Sequence[int], then: Sequence[int]) -> float:
    """Return the population stability index of two rows of counts: the sum of (p - q) ln(p / q).

    Examples
    --------
    >>> stability([50, 50], [50, 50])
    0.0
    """
    recent, first = (sum(counts) + _HALF * len(counts) for counts in (now, then))
    shares = [((here + _HALF) / recent, (there + _HALF) / first) for here, there in zip(now, then, strict=True)]
    return round(sum((here - there) * log(here / there) for here, there in shares), 4)


def _band(index: float, messages: int) -> Band:
    if messages < FEWEST:
        return "too_few"
    if index < MODERATE:
        return "none"
    return "moderate" if index < SIGNIFICANT else "significant"


def _shares(window: Window, buckets: Sequence[str]) -> dict[str, float]:
    counts = [window.counts.get(name, 0) for name in buckets]
    total = max(sum(counts), 1)
    return {name.partition(":")[2]: round(count / total, 4) for name, count in zip(buckets, counts, strict=True)}
