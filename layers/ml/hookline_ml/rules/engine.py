"""Rules: theme AND ask AND k of n signals AND NOT guard. The rules themselves are data, one file per category."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

from hookline_ml.categories import CATEGORIES
from hookline_ml.links.brands import DATA as _LINKS
from hookline_ml.normalise import Normalised
from hookline_ml.patterns import PatternError, PatternSet
from hookline_ml.signals import Signals
from hookline_ml.signals.catalog import DATA as _SIGNALS
from hookline_ml.signals.catalog import signal_kinds, vocabulary

Spans = tuple[tuple[int, int], ...]

DATA = Path(__file__).parent / "data"
MAX_SPANS = 4  # shown per hit
_FIELDS = frozenset({"points", "text", "theme", "ask", "signals", "need", "guard", "match", "benign"})
_PARTS = ("theme", "ask", "signals", "guard")


class RuleError(ValueError):
    """A rule file is not valid; the message names the rule and the field."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Each part holds names of facts: signal codes, vocabulary groups and the rule's own pattern groups."""

    id: str
    category: str
    points: float
    text: str
    theme: frozenset[str]
    ask: frozenset[str]
    signals: frozenset[str]
    need: int
    guard: frozenset[str]
    match: tuple[str, ...]
    benign: tuple[str, ...]

    @property
    def code(self) -> str:
        """The reason code: the id in capitals."""
        return self.id.upper().replace("-", "_")

    def holds(self, facts: frozenset[str]) -> bool:
        """Say whether the facts of a message satisfy this rule."""
        return (
            not self.theme.isdisjoint(facts)
            and (not self.ask or not self.ask.isdisjoint(facts))
            and (not self.need or len(self.signals & facts) >= self.need)
            and self.guard.isdisjoint(facts)
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that a message satisfies. `spans` are offsets into the normalised text."""

    rule_id: str
    code: str
    category: str
    points: float
    text: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class ReasonCode:
    """What the catalogue of reasons says about one code. `category` is None for signals."""

    code: str
    source: Literal["rule", "signal", "sender", "guard"]
    points: float
    text: str
    category: str | None


class Rules:
    """All rules, ready to match.

    Attributes
    ----------
    version
        Content hash over every rule and data file: the same files, the same version.
    """

    def __init__(self, rules: Iterable[Rule], patterns: Mapping[str, Iterable[str]], version: str) -> None:
        self.version = version
        self.rules = tuple(rules)
        self._patterns = PatternSet(patterns)
        self._by_theme: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for name in rule.theme:
                self._by_theme.setdefault(name, []).append(rule)

    def match(self, n: Normalised, signals: Signals) -> tuple[Hit, ...]:
        """Return the rules that a message satisfies, those with most points first.

        Parameters
        ----------
        n
            The normalised message.
        signals
            ``extract(n)``.
        """
        del n  # the signals carry the text as patterns see it
        own = self._patterns.match(signals.folded)
        facts = signals.codes | signals.terms | own
        themes = self._by_theme.keys() & facts
        held = {rule.id: rule for theme in themes for rule in self._by_theme[theme] if rule.holds(facts)}
        hits = [self._hit(rule, signals, facts) for rule in held.values()]
        return tuple(sorted(hits, key=lambda hit: (-hit.points, hit.rule_id)))

    def _hit(self, rule: Rule, signals: Signals, facts: frozenset[str]) -> Hit:
        spans = sorted({span for part in (rule.theme, rule.ask) for span in self._located(part & facts, signals)})
        return Hit(rule.id, rule.code, rule.category, rule.points, rule.text, tuple(spans[:MAX_SPANS]))

    def _located(self, names: Iterable[str], signals: Signals) -> Iterator[tuple[int, int]]:
        for name in sorted(names):
            if name in self._patterns:
                yield from self._patterns.spans(name, signals.folded, limit=1)
            elif name in vocabulary():
                yield from vocabulary().spans(name, signals.folded, limit=1)
            else:
                yield from signals.spans_of(name)[:1]

    def describe(self) -> tuple[ReasonCode, ...]:
        """List every reason code that signals and rules can give."""
        signals = (ReasonCode(kind.code, kind.source, kind.points, kind.text, None) for kind in signal_kinds().values())
        rules = (ReasonCode(rule.code, "rule", rule.points, rule.text, rule.category) for rule in self.rules)
        return (*signals, *rules)


def parse_rules(category: str, table: str) -> tuple[tuple[Rule, ...], dict[str, list[str]]]:
    """Read one rule file.

    Returns
    -------
    The rules, and the patterns of their own by group name.

    Raises
    ------
    RuleError
        If a field is unknown, missing or of the wrong kind, or names a signal or vocabulary group that does not exist.
    """
    if category not in CATEGORIES:
        raise RuleError(f"{category}: no such category")
    patterns: dict[str, list[str]] = {}
    rules = tuple(_rule(category, name, entry, patterns) for name, entry in tomllib.loads(table).items())
    return rules, patterns


def _rule(category: str, name: str, entry: object, patterns: dict[str, list[str]]) -> Rule:
    if not isinstance(entry, dict):
        raise RuleError(f"{category}: {name} is not a rule")
    if strange := entry.keys() - _FIELDS:
        raise RuleError(f"{name}: unknown fields {sorted(strange)}")
    if missing := {"points", "text", "theme", "match", "benign"} - entry.keys():
        raise RuleError(f"{name}: missing fields {sorted(missing)}")
    parts = {}
    for part in _PARTS:
        parts[part], own = _facts(name, part, entry.get(part, []))
        if own:
            patterns[f"{name}/{part}"] = own
    need = entry.get("need", 1 if parts["signals"] else 0)
    if not 0 <= need <= len(parts["signals"]):
        raise RuleError(f"{name}: needs {need} of {len(parts['signals'])} signals")
    return Rule(
        id=name,
        category=category,
        points=float(entry["points"]),
        text=entry["text"],
        need=need,
        match=tuple(entry["match"]),
        benign=tuple(entry["benign"]),
        **parts,
    )


def _facts(name: str, part: str, entries: list[str]) -> tuple[frozenset[str], list[str]]:
    """Sort the entries of one part into names of facts and patterns of its own (which become one fact)."""
    facts, own = set(), []
    for entry in entries:
        if entry.startswith("@"):
            if entry[1:] not in vocabulary():
                raise RuleError(f"{name}: {part} names {entry}, which the vocabulary does not have")
            facts.add(entry[1:])
        elif entry.isupper():
            if entry not in signal_kinds():
                raise RuleError(f"{name}: {part} names {entry}, which is no signal")
            facts.add(entry)
        else:
            own.append(entry)
    if own:
        facts.add(f"{name}/{part}")
    return frozenset(facts), own


def _version() -> str:
    digest = sha256()
    for folder in (_LINKS, DATA, _SIGNALS):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            content = file.read_bytes()
            digest.update(f"{file.relative_to(folder)} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()[:12]


@cache
def load_rules() -> Rules:
    """Return the shipped rules.

    Raises
    ------
    RuleError, PatternError
        If a rule file is not valid.
    """
    rules: list[Rule] = []
    patterns: dict[str, list[str]] = {}
    for file in sorted(DATA.glob("*.toml")):
        some, own = parse_rules(file.stem, file.read_text(encoding="utf-8"))
        rules.extend(some)
        patterns |= own
    ids = [rule.id for rule in rules]
    if len(set(ids)) != len(ids):
        raise RuleError(f"ids used twice: {sorted({each for each in ids if ids.count(each) > 1})}")
    return Rules(rules, patterns, _version())


__all__ = ["Hit", "PatternError", "ReasonCode", "Rule", "RuleError", "Rules", "load_rules", "parse_rules"]
