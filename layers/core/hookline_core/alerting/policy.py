"""The policy of alerts: which messages raise one, what belongs together, and when people are left in peace."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from hookline_core.contracts import Contract, LevelName

GroupBy = Literal["sender", "campaign", "rule"]
"""What messages of one alert have in common: who sent them, their wording, or the weightiest rule."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("There is no such time zone.") from error
    return name


ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="`HH:MM`")]


class QuietHours(Contract):
    """When only what is grave enough is told at once. The rest is told when the quiet hours end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_: ClockTime = Field(alias="from", serialization_alias="from")
    to: ClockTime
    zone: Annotated[str, Field(max_length=64), AfterValidator(_zone)] = Field(description="As in `Europe/Vienna`")
    min_level: LevelName = Field(default="Critical", description="Told at once even now")

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if self.from_ == self.to:
            raise ValueError("from and to are the same time")
        return self

    def end(self, moment: datetime) -> datetime | None:
        """Return when the quiet hours end that a moment falls into; nothing, if it falls into none."""
        zone = ZoneInfo(self.zone)
        local = moment.astimezone(zone)
        start, stop = time.fromisoformat(self.from_), time.fromisoformat(self.to)
        now = local.time().replace(tzinfo=None)
        if start < stop:
            if not start <= now < stop:
                return None
            day = local.date()
        else:
            if stop <= now < start:
                return None
            day = local.date() + timedelta(days=now >= start)
        return datetime.combine(day, stop, zone).astimezone(UTC)


class Policy(Contract):
    """Which messages raise alerts, and how often people hear of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_level: LevelName = Field(default="Critical", description="The least level that raises an alert")
    group_by: GroupBy = "campaign"
    cooldown_minutes: Annotated[int, Field(ge=0, le=1440)] = Field(
        default=10, description="How long more of the same is counted and not told; 0 tells every message"
    )
    quiet_hours: QuietHours | None = None
    digest_minutes: Annotated[int, Field(ge=5, le=1440)] | None = Field(
        default=None, description="Tell everything together this often, instead of each alert at once"
    )
