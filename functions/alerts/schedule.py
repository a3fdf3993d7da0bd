"""When to try again."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_ASKED = 172_800
"""Seconds. Whoever asks for more than two days is tried after two days."""

_JITTER = 0.1
_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)


def _spread() -> float:
    return random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  # spreads load, guards nothing


@dataclass(frozen=True, slots=True)
class Schedule:
    """The waits between attempts.

    Parameters
    ----------
    waits
        Seconds after the first, the second … failed attempt. When they are used up, a delivery is given up.
    spread
        Gives the factor for one wait, so that what failed together does not come back together.
    """

    waits: Sequence[int]
    spread: Callable[[], float] = _spread

    def wait(self, attempts: int, *, asked: int = 0) -> int | None:
        """Return the seconds to wait after a number of failed attempts; nothing, if there is to be no other.

        Parameters
        ----------
        asked
            Seconds that the receiver asked for; it is never tried earlier.
        """
        if attempts > len(self.waits):
            return None
        return max(round(self.waits[attempts - 1] * self.spread()), min(asked, LONGEST_ASKED))


def retry_after(header: str | None, *, moment: datetime) -> int:
    """Return the seconds that a ``Retry-After`` header asks to wait; 0 if it asks for nothing that can be read."""
    if header is None:
        return 0
    asked = header.strip()
    if _SECONDS.fullmatch(asked):
        return int(asked)
    try:
        date = parsedate_to_datetime(asked)
        wait = (date if date.tzinfo else date.replace(tzinfo=UTC)) - moment
    except (ValueError, OverflowError):  # no date, or one that no calendar has
        return 0
    return max(0, round(wait.total_seconds()))
