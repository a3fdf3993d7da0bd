"""Ranges of time in requests."""

from datetime import UTC, datetime, timedelta

from hookline_core.errors import TimeRangeInvalidError

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Ids and counters know no earlier time."""


def check(
    start: datetime | None, end: datetime | None, *, longest: timedelta | None = None, where: str = "/query"
) -> None:
    """Make sure that a range is one.

    Parameters
    ----------
    where
        Pointer to the part of the request that holds ``from`` and ``to``.

    Raises
    ------
    TimeRangeInvalidError
        If it ends before it begins, begins before 1970, or is longer than ``longest``.
    """
    if any(moment is not None and moment < EARLIEST for moment in (start, end)):
        raise TimeRangeInvalidError("Times begin with the year 1970.", pointer=f"{where}/from")
    if start is not None and end is not None:
        if end < start:
            raise TimeRangeInvalidError("The range ends before it begins.", pointer=f"{where}/to")
        if longest is not None and end - start > longest:
            raise TimeRangeInvalidError(f"The range is longer than {longest.days} days.", pointer=f"{where}/from")
