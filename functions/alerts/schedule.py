"""When to try again."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from alerts.settings import LONGEST_WAIT

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
        Seconds after the first, the second … failed attempt; the last one goes on for ever.
    spread
        Gives the factor for one wait, so that what failed together does not come back together.
    """

    waits: Sequence[int]
    spread: Callable[[], float] = _spread

    def wait(self, attempts: int, *, asked: int = 0) -> int:
        """Return the seconds to wait after a number of failed attempts.

        Parameters
        ----------
        asked
            Seconds that the receiver asked for; it is never tried earlier.
        """
        planned = self.waits[min(attempts, len(self.waits)) - 1]
        return min(max(round(planned * self.spread()), asked), LONGEST_WAIT)


def retry_after(header: str | None, *, moment: datetime) -> int:
    """Return the seconds that a ``Retry-After`` header asks to wait; 0 if it asks for nothing that can be read."""
    if header is None:
        return 0
    if _SECONDS.fullmatch(header.strip()):
        return int(header)
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return 0
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0, round((date - moment).total_seconds()))
