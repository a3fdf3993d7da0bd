"""The data files as people write them: vocabulary, signals, rules with their samples."""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hookline_ml.categories import CATEGORIES
from hookline_ml.links.brands import DATA as LINKS
from hookline_ml.links.brands import Brand, parse_brands
from hookline_ml.signals.catalog import DATA as SIGNALS

RULES = Path(__file__).parent / "data"

_FIELDS = frozenset({"points", "text", "theme", "ask", "signals", "need", "guard", "match", "benign", "sender"})
_REQUIRED = frozenset({"points", "text", "theme", "match", "benign"})
_SIGNAL_FIELDS = frozenset({"points", "text", "terms", "needs", "unless"})

Groups = Mapping[str, list[str]]


class RuleError(ValueError):
    """A data file is not valid; the message names the entry and the field."""


@dataclass(frozen=True, slots=True)
class RuleSource:
    """One rule as written, with its samples and the patterns of its own by group name.

    `sender` is the number that the matching samples come from.
    """

    id: str
    category: str
    points: float
    text: str
    parts: Mapping[str, frozenset[str]]
    need: int
    match: tuple[str, ...]
    benign: tuple[str, ...]
    sender: str | None
    patterns: Groups


def read_brands() -> tuple[Brand, ...]:
    """Read the brand table."""
    return parse_brands((LINKS / "brands.tsv").read_text(encoding="utf-8"))


def read_vocabulary() -> Groups:
    """Read the vocabulary of all languages, joined by group name."""
    groups: dict[str, list[str]] = {}
    for file in sorted((SIGNALS / "terms").glob("*.toml")):
        for name, patterns in tomllib.loads(file.read_text(encoding="utf-8")).items():
            groups.setdefault(name, []).extend(patterns)
    return groups


def read_signals(vocabulary: Groups) -> list[dict[str, object]]:
    """Read the signals. Raises `RuleError` for a field or a name that does not exist."""
    table = tomllib.loads((SIGNALS / "signals.toml").read_text(encoding="utf-8"))
    found: list[dict[str, object]] = []
    for code, entry in table.items():
        if strange := entry.keys() - _SIGNAL_FIELDS:
            raise RuleError(f"{code}: unknown fields {sorted(strange)}")
        before = {each["code"] for each in found}
        for key, known in (("terms", vocabulary), ("needs", before), ("unless", before)):
            if missing := set(entry.get(key, ())) - set(known):
                raise RuleError(f"{code}: {key} names {sorted(missing)}, which do not exist or come later")
        found.append(
            {"code": code, "points": float(entry["points"]), "text": entry["text"]}
            | {key: sorted(entry.get(key, ())) for key in ("terms", "needs", "unless")}
        )
    return found


def read_rules(vocabulary: Collection[str], signals: Collection[str]) -> list[RuleSource]:
    """Read all rule files. Raises `RuleError`."""
    rules: list[RuleSource] = []
    for file in sorted(RULES.glob("*.toml")):
        rules += parse_rules(file.stem, file.read_text(encoding="utf-8"), vocabulary, signals)
    ids = [rule.id for rule in rules]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise RuleError(f"ids used twice: {twice}")
    return rules


def parse_rules(
    category: str, table: str, vocabulary: Collection[str], signals: Collection[str]
) -> Iterable[RuleSource]:
    """Read one rule file.

    Raises
    ------
    RuleError
        If a field is unknown or missing, or names a category, signal or vocabulary group that does not exist.
    """
    if category not in CATEGORIES:
        raise RuleError(f"{category}: no such category")
    for name, entry in tomllib.loads(table).items():
        if strange := entry.keys() - _FIELDS:
            raise RuleError(f"{name}: unknown fields {sorted(strange)}")
        if missing := _REQUIRED - entry.keys():
            raise RuleError(f"{name}: missing fields {sorted(missing)}")
        parts, own = {}, {}
        for part in ("theme", "ask", "signals", "guard"):
            parts[part], patterns = _facts(name, part, entry.get(part, []), vocabulary, signals)
            if patterns:
                own[f"{name}/{part}"] = patterns
        need = entry.get("need", 1 if parts["signals"] else 0)
        if not 0 <= need <= len(parts["signals"]):
            raise RuleError(f"{name}: needs {need} of {len(parts['signals'])} signals")
        yield RuleSource(
            id=name,
            category=category,
            points=float(entry["points"]),
            text=entry["text"],
            parts=parts,
            need=need,
            match=tuple(entry["match"]),
            benign=tuple(entry["benign"]),
            sender=entry.get("sender"),
            patterns=own,
        )


def _facts(
    name: str, part: str, entries: list[str], vocabulary: Collection[str], signals: Collection[str]
) -> tuple[frozenset[str], list[str]]:
    """Sort the entries of one part into names of facts and patterns of its own (which become one fact)."""
    facts, own = set(), []
    for entry in entries:
        if entry.startswith("@"):
            if entry[1:] not in vocabulary:
                raise RuleError(f"{name}: {part} names {entry}, which the vocabulary does not have")
            facts.add(entry[1:])
        elif entry.isupper():
            if entry not in signals:
                raise RuleError(f"{name}: {part} names {entry}, which is no signal")
            facts.add(entry)
        else:
            own.append(entry)
    if own:
        facts.add(f"{name}/{part}")
    return frozenset(facts), own
