"""Rules: theme AND ask AND k of n signals AND NOT guard. The rules themselves are data, one file per category."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
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

    def holds(self, true: Callable[[int, int], bool]) -> bool:
        """Say whether the rule holds, given a function that says whether at least so many of some facts are true."""
        return (
            true(self.theme, 1)
            and (not self.ask or true(self.ask, 1))
            and true(self.signals, self.need)
            and not true(self.guard, 1)
        )


class _Named(NamedTuple):
    """Which rules name a fact in each of their parts: numbers with a bit for each rule."""

    theme: int
    ask: int
    signals: int
    guard: int


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
        parts = [(rule.theme, rule.ask, rule.signals, rule.guard) for rule in self.rules]
        named: dict[str, list[int]] = {}
        for place, parts_of_rule in enumerate(parts):
            for part, names in enumerate(parts_of_rule):
                for name in names:
                    named.setdefault(name, [0, 0, 0, 0])[part] |= 1 << place
        self._named = {name: _Named(*rules) for name, rules in named.items()}
        self._names = tuple(self._named)
        self._bits = {name: 1 << place for place, name in enumerate(self._names)}
        self._asked = tuple(Asked.of(rule, self._bits) for rule in self.rules)
        self._without_ask = _places(not rule.ask for rule in self.rules)
        self._without_signals = _places(not rule.need for rule in self.rules)

    def could_hold(self, possible: Set[str], certain: Set[str]) -> list[int]:
        """Return the places of the rules that may hold when only `possible` facts can be true and `certain` ones are.

        Most rules fail here, before any of their patterns has run.
        """
        theme, ask, signals, guard = 0, self._without_ask, self._without_signals, 0
        for name in self._named.keys() & possible:
            in_theme, in_ask, in_signals, in_guard = self._named[name]
            theme |= in_theme
            ask |= in_ask
            signals |= in_signals
            if name in certain:
                guard |= in_guard
        return _bits_of(theme & ask & signals & ~guard)

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
        codes, possible = signals.codes, signals.terms.possible
        true = _Truths(self._names, self._bits, signals.terms, codes).at_least
        places = self.could_hold(possible | codes, codes)
        hits = [Hit(self.rules[place], signals) for place in places if self._asked[place].holds(true)]
        return tuple(sorted(hits, key=lambda hit: (-hit.points, hit.rule_id))) if hits else ()


def _places(truths: Iterable[bool]) -> int:
    """Return a number with the bits set whose places hold."""
    return sum(1 << place for place, truth in enumerate(truths) if truth)


def _bits_of(number: int) -> list[int]:
    """Return the places of the bits that are set, least first."""
    found = []
    while number:
        bit = number & -number
        found.append(bit.bit_length() - 1)
        number ^= bit
    return found


class _Truths:
    """Which facts are true of one message; patterns run when a rule first asks for them, and no more than it needs."""

    __slots__ = ("_names", "_open", "_terms", "_true")

    def __init__(self, names: Sequence[str], bits: Mapping[str, int], terms: Matches, certain: Set[str]) -> None:
        self._names, self._terms = names, terms
        self._true = sum([bits[name] for name in certain if name in bits])
        self._open = sum([bits[name] for name in terms.possible if name in bits])

    def at_least(self, facts: int, need: int) -> bool:
        """Say whether at least `need` of `facts` are true."""
        need -= (facts & self._true).bit_count()
        unknown = facts & self._open
        if need > unknown.bit_count():
            return False
        while unknown and need > 0:
            bit = unknown & -unknown
            unknown ^= bit
            self._open ^= bit
            if self._terms.holds(self._names[bit.bit_length() - 1]):
                self._true |= bit
                need -= 1
        return need <= 0


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
