"""``/models/compare`` and ``/models/drift``: how the versions do on real messages."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from hookline_core.clock import Clock, isoformat
from hookline_core.contracts import LevelName
from hookline_core.errors import TimeRangeInvalidError
from hookline_core.pairs import compare
from hookline_core.stores.counters import CounterStore
from hookline_core.web.app import Analyst, router
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from retrain.catalogue import Catalogue
from retrain.drift import MODERATE, SIGNIFICANT, Band, Window, drift

_LONGEST = timedelta(days=92)


class CompareQuery(BaseModel):
    """Which time to compare in."""

    model_config = ConfigDict(extra="forbid")

    from_: AwareDatetime | None = Field(default=None, alias="from", description="Default: 7 days before `to`")
    to: AwareDatetime | None = Field(default=None, description="Default: now")

    def range(self, now: datetime) -> tuple[datetime, datetime]:
        """Return the time asked for.

        Raises
        ------
        TimeRangeInvalidError
            If it ends before it begins, or is too long.
        """
        end = self.to or now
        start = self.from_ or end - timedelta(days=7)
        if end < start:
            raise TimeRangeInvalidError("The range ends before it begins.", pointer="/query/to")
        if end - start > _LONGEST:
            raise TimeRangeInvalidError(f"The range is longer than {_LONGEST.days} days.", pointer="/query/from")
        return start, end


class Flip(BaseModel):
    """How many messages the two models put at different levels."""

    champion_level: LevelName
    challenger_level: LevelName
    messages: int


class Judged(BaseModel):
    """Who was right about messages that people judged. Both or neither may have been."""

    messages: int
    champion_right: int
    challenger_right: int


class Compared(BaseModel):
    """Champion and challenger on the same messages."""

    from_: str = Field(serialization_alias="from")
    to: str
    champion: str
    challenger: str | None
    messages: int
    agreement: float | None = Field(description="Share of the messages that both put at the same level")
    flips: list[Flip]
    judged: Judged


class DriftQuery(BaseModel):
    """How many days to look at."""

    model_config = ConfigDict(extra="forbid")

    days: Annotated[int, Field(ge=1, le=30)] = 7


class Stretch(BaseModel):
    """A stretch of time."""

    from_: str = Field(serialization_alias="from")
    to: str
    messages: int

    @classmethod
    def of(cls, window: Window) -> "Stretch":
        """Show a window."""
        return cls(from_=isoformat(window.start), to=isoformat(window.end), messages=window.messages)


class ShiftResponse(BaseModel):
    """How far one distribution moved."""

    name: str
    psi: float = Field(description="Population stability index")
    band: Band
    now: dict[str, float]
    then: dict[str, float]


class DriftResponse(BaseModel):
    """The last days against the champion's first ones."""

    champion: str
    promoted_at: str | None = Field(description="Null while the version that ships serves and none was ever promoted")
    now: Stretch
    then: Stretch
    bands: dict[str, float] = Field(description="The index from which a shift is moderate, and significant")
    items: list[ShiftResponse]


def routes(catalogue: Catalogue, counters: CounterStore, clock: Clock) -> APIRouter:
    """Return the routes that watch the versions at work."""
    paths = router()

    @paths.get("/models/compare", tags=["models"], summary="Champion and challenger on the same messages")
    def get_compare(query: Annotated[CompareQuery, Query()], _caller: Analyst) -> Compared:
        start, end = query.range(clock())
        listing = catalogue.standing()
        challenger = listing.challenger
        total: Counter[str] = Counter()
        if challenger is not None:
            for hour in counters.hours(start, end):
                total.update(hour.counts)
        found = compare(total, champion=listing.champion, challenger=challenger.version if challenger else "")
        right = found.judged
        return Compared(
            from_=isoformat(start),
            to=isoformat(end),
            champion=listing.champion,
            challenger=challenger.version if challenger else None,
            messages=found.messages,
            agreement=round(found.agreed / found.messages, 4) if found.messages else None,
            flips=[
                Flip(champion_level=one, challenger_level=other, messages=count)
                for (one, other), count in found.flips.items()
            ],
            judged=Judged(
                messages=sum(right.values()),
                champion_right=right.get("both", 0) + right.get("champion", 0),
                challenger_right=right.get("both", 0) + right.get("challenger", 0),
            ),
        )

    @paths.get("/models/drift", tags=["models"], summary="The last days against the champion's first ones")
    def get_drift(query: Annotated[DriftQuery, Query()], _caller: Analyst) -> DriftResponse:
        standing = catalogue.standing()
        promoted = datetime.fromisoformat(standing.promoted_at) if standing.promoted_at else None
        found = drift(counters, promoted=promoted, now=clock(), days=query.days)
        return DriftResponse(
            champion=standing.champion,
            promoted_at=standing.promoted_at,
            now=Stretch.of(found.now),
            then=Stretch.of(found.then),
            bands={"moderate": MODERATE, "significant": SIGNIFICANT},
            items=[
                ShiftResponse(name=name, psi=shift.index, band=shift.band, now=dict(shift.now), then=dict(shift.then))
                for name, shift in found.shifts.items()
            ],
        )

    return paths
