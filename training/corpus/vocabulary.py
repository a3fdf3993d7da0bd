"""The vocabularies as typed values: places (banks, carriers, money, phones, names) and words by language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A sender: a real brand or an invented small business."""

    name: str
    site: str
    tag: str

    @property
    def slug(self) -> str:
        """The label a lookalike domain would borrow."""
        return self.site.split(".")[0]


@dataclass(frozen=True, slots=True)
class Place:
    """What differs from country to country."""

    code: str
    langs: tuple[str, ...]
    weight: float
    money: tuple[str, ...]
    scale: float
    number: str
    decimals: bool
    phones: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, tuple[str, ...]]
    organisations: Mapping[str, tuple[Organisation, ...]]


PLAIN_KEYS = {"langs", "weight", "money", "scale", "number", "decimals", "mobile", "line", "free"}
# Lists of plain strings; every other list in a place names organisations as "Name|site[|sender tag]".
STRING_LISTS = {"names", "surnames", "cities", "streets", "domains"}


def organisation(entry: str) -> Organisation:
    """Read ``Name|site[|TAG]``."""
    name, site, *tag = entry.split("|")
    return Organisation(name, site, tag[0] if tag else name.upper().replace(" ", "")[:11])


@cache
def places() -> Mapping[str, Place]:
    """All places by code."""
    table = tomllib.loads((DATA / "places.toml").read_text(encoding="utf-8"))
    world = table.pop("world")
    return {code: _place(code, world, entry) for code, entry in table.items()}


def _place(code: str, world: dict[str, list[str]], entry: dict[str, list[str]]) -> Place:
    merged = world | entry
    return Place(
        code=code,
        langs=tuple(merged["langs"]),
        weight=float(str(merged.get("weight", 1))),
        money=tuple(merged["money"]),
        scale=float(str(merged["scale"])),
        number=str(merged["number"]),
        decimals=bool(merged.get("decimals", True)),
        phones={kind: tuple(merged.get(kind, merged["mobile"])) for kind in ("mobile", "line", "free")},
        lists={key: tuple(merged[key]) for key in STRING_LISTS},
        organisations={
            key: tuple(organisation(item) for item in value)
            for key, value in merged.items()
            if key not in PLAIN_KEYS | STRING_LISTS
        },
    )


@cache
def places_for(lang: str, codes: tuple[str, ...]) -> tuple[Place, ...]:
    """The places a template may be set in.

    Raises
    ------
    LookupError
        If a code is unknown or no place speaks the language.
    """
    chosen = [places()[code] for code in codes] or [place for place in places().values() if lang in place.langs]
    if not chosen:
        raise LookupError(f"no place speaks {lang}")
    return tuple(chosen)


@cache
def words() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Word lists: language (``any`` for all), then slot name."""
    table = tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8"))
    return {lang: {slot: tuple(values) for slot, values in lists.items()} for lang, lists in table.items()}
