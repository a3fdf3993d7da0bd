"""The shipped signals and vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from hookline_ml.patterns import PatternIndex
from hookline_ml.rulebook import rulebook

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class SignalKind:
    """What the catalogue says about one signal.

    `rank` is its place in the order in which signals are worked out, `points` what it adds to the score (0..100).
    """

    code: str
    rank: int
    points: float
    text: str
    terms: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()

    @property
    def source(self) -> Literal["signal", "sender", "guard"]:
        """Which kind of reason it gives."""
        if self.code.startswith("SENDER_"):
            return "sender"
        return "guard" if self.points < 0 else "signal"


@cache
def signal_kinds() -> Mapping[str, SignalKind]:
    """Return all signals by code, in the order in which they are worked out."""
    return {
        entry["code"]: SignalKind(
            entry["code"],
            rank,
            entry["points"],
            entry["text"],
            *(frozenset(entry[key]) for key in ("terms", "needs", "unless")),
        )
        for rank, entry in enumerate(rulebook()["signals"])
    }


@cache
def codes_of_terms() -> Mapping[str, tuple[str, ...]]:
    """Return, for every vocabulary group that signals name, their codes."""
    found: dict[str, tuple[str, ...]] = {}
    for kind in signal_kinds().values():
        for term in kind.terms:
            found[term] = (*found.get(term, ()), kind.code)
    return found


@cache
def pattern_index() -> PatternIndex:
    """Return the patterns of vocabulary, brands and rules."""
    return PatternIndex(**rulebook()["index"])
