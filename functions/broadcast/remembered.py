"""Remembers for a moment what is read for every message and changes rarely."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from hookline_core.clock import Clock

Thing = TypeVar("Thing")


class Remembered(Generic[Thing]):
    """Reads a thing, at most every so often.

    Parameters
    ----------
    seconds
        How old it may be.
    """

    def __init__(self, read: Callable[[], Thing], clock: Clock, *, seconds: int) -> None:
        self._read = read
        self._clock = clock
        self._fresh = timedelta(seconds=seconds)
        self._known: tuple[datetime, Thing] | None = None

    def __call__(self) -> Thing:
        """Return the thing."""
        moment = self._clock()
        if self._known is None or moment - self._known[0] >= self._fresh:
            self._known = (moment, self._read())
        return self._known[1]
