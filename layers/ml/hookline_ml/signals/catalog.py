"""The shipped signals and vocabulary, as data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from hookline_ml.links.brands import Brand, brand_book
from hookline_ml.patterns import PatternSet

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class SignalKind:
    """What the catalogue says about one signal. `points` is what it adds to the 0..100 score by itself."""

    code: str
    points: float
    text: str
    terms: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()

    @property
    def source(self) -> Literal["signal", "sender", "guard"]:
        """Which kind of reason it gives."""
        if self.points < 0:
            return "guard"
        return "sender" if self.code.startswith("SENDER_") else "signal"


@cache
def signal_kinds() -> Mapping[str, SignalKind]:
    """Return all signals by code, in the order in which they are worked out."""
    table = tomllib.loads((DATA / "signals.toml").read_text(encoding="utf-8"))
    return {
        code: SignalKind(
            code,
            float(entry["points"]),
            entry["text"],
            *(frozenset(entry.get(key, ())) for key in ("terms", "needs", "unless")),
        )
        for code, entry in table.items()
    }


def brand_code(brand: Brand) -> str:
    """Return the signal that a brand's name gives."""
    return f"BRAND_{brand.sector.upper()}"


def brand_group(brand: Brand) -> str:
    """Return the name of the vocabulary group with a brand's names."""
    return f"brand {brand.name}"


@cache
def vocabulary() -> PatternSet:
    """Return the vocabulary: the pattern groups of all languages, joined by name, and one group per brand."""
    groups: dict[str, list[str]] = {brand_group(brand): list(brand.aliases) for brand in brand_book().brands}
    for file in sorted((DATA / "terms").glob("*.toml")):
        for name, patterns in tomllib.loads(file.read_text(encoding="utf-8")).items():
            groups.setdefault(name, []).extend(patterns)
    return PatternSet(groups)
