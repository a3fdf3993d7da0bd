"""``/stats``: totals and hourly series."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from hookline_core.clock import Clock, isoformat
from hookline_core.ids import moment_of
from hookline_core.stores.alerts import AlertStore
from hookline_core.stores.counters import CounterStore
from hookline_core.stores.messages import MOST_WAITING, MessageStore, Waiting
from hookline_core.web.app import Analyst, router
from hookline_ml import Level
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from analyze import ranges
from analyze.health import Versions

_DEFAULT_RANGE = timedelta(hours=24)
_LONGEST_RANGE = timedelta(days=92)


class StatsQuery(BaseModel):
    """Which time to sum up."""

    model_config = ConfigDict(extra="forbid")

    from_: AwareDatetime | None = Field(default=None, alias="from", description="Default: 24 hours before `to`")
    to: AwareDatetime | None = Field(default=None, description="Default: now")


class FeedbackTotals(BaseModel):
    """What people said about the messages of the range."""

    scam: int
    legitimate: int
    spam: int
    unsure: int
    false_positives: int = Field(description="High and Critical messages that somebody called legitimate")


class Review(BaseModel):
    """High and Critical messages about which nobody has said anything yet, of whatever time."""

    waiting: int = Field(description=f"Counted up to {MOST_WAITING}")
    oldest_at: str | None = Field(description="When the oldest of them came")


class Totals(BaseModel):
    """Sums over the whole range."""

    messages: int
    by_level: dict[str, int]
    by_category: dict[str, int]
    by_score: list[int] = Field(description="Ten counts: scores 0-9, 10-19, … 90-100")
    automatically_blacklisted: int
    feedback: FeedbackTotals


class Hour(BaseModel):
    """Sums over one hour."""

    hour: str
    messages: int
    by_level: dict[str, int]
    by_category: dict[str, int]


class AlertCount(BaseModel):
    """Alerts as they are now, whatever the range."""

    open: int


class Stats(BaseModel):
    """Sums over a range of time, whole hours. Hours without messages are left out of the series."""

    from_: str = Field(serialization_alias="from")
    to: str
    totals: Totals
    hours: list[Hour]
    review: Review
    alerts: AlertCount
    model_version: str
    rules_version: str


def routes(
    counters: CounterStore, messages: MessageStore, alerts: AlertStore, versions: Versions, clock: Clock
) -> APIRouter:
    """Return the route that sums up."""
    paths = router()

    @paths.get("/stats", tags=["stats"], summary="Totals and hourly series by level and category")
    def get_stats(query: Annotated[StatsQuery, Query()], _caller: Analyst) -> Stats:
        end = query.to or clock()
        start = query.from_ or end - _DEFAULT_RANGE
        ranges.check(start, end, longest=_LONGEST_RANGE)
        series = counters.hours(start, end)
        total: Counter[str] = Counter()
        for entry in series:
            total.update(entry.counts)
        serving = versions()
        return Stats(
            from_=isoformat(start),
            to=isoformat(end),
            totals=Totals(
                messages=total["messages"],
                by_level=_levels(total),
                by_category=_part(total, "category"),
                by_score=[total[f"score:{decile}"] for decile in range(10)],
                automatically_blacklisted=total["action:automatically_blacklisted"],
                feedback=FeedbackTotals(
                    **{name: total[f"feedback:{name}"] for name in FeedbackTotals.model_fields},
                ),
            ),
            hours=[
                Hour(
                    hour=entry.hour,
                    messages=entry.counts.get("messages", 0),
                    by_level=_levels(entry.counts),
                    by_category=_part(entry.counts, "category"),
                )
                for entry in series
            ],
            review=_review(messages.waiting(moment=clock())),
            alerts=AlertCount(open=alerts.open_count()),
            model_version=serving.model_version,
            rules_version=serving.rules_version,
        )

    return paths


def _review(found: Waiting) -> Review:
    oldest_at = isoformat(moment_of(found.oldest_id)) if found.oldest_id else None
    return Review(waiting=found.count, oldest_at=oldest_at)


def _levels(counts: Mapping[str, int]) -> dict[str, int]:
    return {level.value: counts.get(f"level:{level.value}", 0) for level in Level}


def _part(counts: Mapping[str, int], name: str) -> dict[str, int]:
    prefix = f"{name}:"
    return {key.removeprefix(prefix): count for key, count in sorted(counts.items()) if key.startswith(prefix)}
