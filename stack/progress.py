"""Says what is being done, and how long it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_STARTED = time.monotonic()


@contextmanager
def step(what: str) -> Iterator[None]:
    """Announce a step; when it is done, tell how long it took."""
    say(f"{what} …")
    began = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - began:.1f} s")


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


def warn(text: str) -> None:
    """Print a line that must not be missed."""
    print(text, file=sys.stderr, flush=True)


def elapsed() -> float:
    """Return the seconds since the tool started."""
    return time.monotonic() - _STARTED
