"""Rules: theme AND ask AND k of n signals AND NOT guard. The rules themselves are data, one file per category."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple, Self

from hookline_ml.normalise import Normalised
from hookline_ml.patterns import Matches, Spans
from hookline_ml.rulebook import rulebook
from hookline_ml.signals import Signals
from hookline_ml.types import Source

MAX_SPANS = 4  # shown per hit


@dataclass(frozen=True)
class Rule:
    """One rule.

    `theme`, `ask`, `signals` and `guard` hold names of facts: signal codes and pattern groups.
    """

    id: str
    category: str
    points: float
    text: str
    theme: frozenset[str]
    ask: frozenset[str]
    signals: frozenset[str]
    need: int
    guard: frozenset[str]

    @cached_property
    def code(self) -> str:
        """The reason code: the id in capitals."""
        return self.id.upper().replace("-", "_")

    @property
    def source(self) -> Source:
        """Which kind of reason it gives: one that speaks for the message is a guard."""
        return "guard" if self.points < 0 else "rule"


class Asked(NamedTuple):
    """What a rule asks for, each part as a number with a bit for each fact: quicker to compare than sets of names."""

    theme: int
    ask: int
    signals: int
    need: int
    guard: int

    @classmethod
    def of(cls, rule: Rule, bits: Mapping[str, int]) -> Self:
        """Write a rule down in bits, given the bit of each fact."""
        theme, ask, signals, guard = (
            sum(bits[name] for name in names) for names in (rule.theme, rule.ask, rule.signals, rule.guard)
        )
        return cls(theme, ask, signals, rule.need, guard)

    def could_hold(self, possible: int, certain: int) -> bool:
        """Say whether the rule may hold when only `possible` facts can be true and `certain` ones are."""
        return bool(
            (not self.ask or self.ask & possible)
            and self.theme & possible
            and not self.guard & certain
            and (self.signals & possible).bit_count() >= self.need
        )

    def holds(self, true: Callable[[int], int]) -> bool:
        """Say whether the rule holds, given a function that keeps, of some facts, those that are true."""
        return bool(
            true(self.theme)
            and (not self.ask or true(self.ask))
            and true(self.signals).bit_count() >= self.need
            and not true(self.guard)
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that a message satisfies."""

    rule: Rule
    signals: Signals = field(repr=False)

    @property
    def rule_id(self) -> str:
        """The rule's name."""
        return self.rule.id

    @property
    def code(self) -> str:
        """The reason code."""
        return self.rule.code

    @property
    def category(self) -> str:
        """The category that it speaks for."""
        return self.rule.category

    @property
    def points(self) -> float:
        """What it brings."""
        return self.rule.points

    @property
    def text(self) -> str:
        """What people read."""
        return self.rule.text

    @property
    def spans(self) -> Spans:
        """Where it was seen: offsets into the normalised text. Worked out when asked for, as only reasons show it."""
        spans = {span for fact in self.rule.theme | self.rule.ask for span in self.signals.spans_of(fact)[:1]}
        return tuple(sorted(spans)[:MAX_SPANS])


class Rules:
    """All rules, ready to match.

    Attributes
    ----------
    version
        Content hash over every rule and data file: the same files, the same version.
    """

    def __init__(self, rules: Iterable[Rule], version: str) -> None:
        self.version = version
        self.rules = tuple(rules)
        names = {name for rule in self.rules for name in rule.theme | rule.ask | rule.signals | rule.guard}
        self._names = sorted(names)
        self._bits = {name: 1 << place for place, name in enumerate(self._names)}
        self._asked = tuple(Asked.of(rule, self._bits) for rule in self.rules)
        self._by_theme: dict[str, list[int]] = {}
        for place, rule in enumerate(self.rules):
            for name in rule.theme:
                self._by_theme.setdefault(name, []).append(place)

    def match(self, n: Normalised, signals: Signals) -> tuple[Hit, ...]:
        """Return the rules that a message satisfies, those with most points first.

        Parameters
        ----------
        n
            The normalised message.
        signals
            ``extract(n)``.
        """
        del n  # the signals carry all that rules ask for
        codes, bits = signals.codes, self._bits
        possible = codes | signals.terms.possible
        certain = sum(bits[code] for code in codes & bits.keys())
        all_possible = sum(bits[name] for name in possible & bits.keys())
        places = {place for theme in self._by_theme.keys() & possible for place in self._by_theme[theme]}
        # Most rules fail here, before any of their patterns has run.
        open_places = [place for place in places if self._asked[place].could_hold(all_possible, certain)]
        true = _Truths(self._names, signals.terms, all_possible, certain).true
        hits = [Hit(self.rules[place], signals) for place in open_places if self._asked[place].holds(true)]
        return tuple(sorted(hits, key=lambda hit: (-hit.points, hit.rule_id)))


class _Truths:
    """Which facts are true of one message; patterns run when a rule first asks for them."""

    __slots__ = ("_names", "_open", "_terms", "_true")

    def __init__(self, names: Sequence[str], terms: Matches, possible: int, certain: int) -> None:
        self._names, self._terms = names, terms
        self._true, self._open = certain, possible & ~certain

    def true(self, facts: int) -> int:
        """Return those of `facts` that are true."""
        unknown = facts & self._open
        self._open ^= unknown
        while unknown:
            bit = unknown & -unknown
            unknown ^= bit
            if self._terms.spans(self._names[bit.bit_length() - 1]):
                self._true |= bit
        return facts & self._true


@cache
def load_rules() -> Rules:
    """Return the shipped rules."""
    rules = (
        Rule(
            id=entry["id"],
            category=entry["category"],
            points=entry["points"],
            text=entry["text"],
            theme=frozenset(entry["theme"]),
            ask=frozenset(entry["ask"]),
            signals=frozenset(entry["signals"]),
            need=entry["need"],
            guard=frozenset(entry["guard"]),
        )
        for entry in rulebook()["rules"]
    )
    return Rules(rules, rulebook()["version"])
