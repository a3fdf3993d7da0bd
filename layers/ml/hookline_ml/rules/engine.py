"""Rules: theme AND ask AND k of n signals AND NOT guard. The rules themselves are data, one file per category."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, cached_property, reduce
from operator import or_
from typing import NamedTuple, Self

from hookline_ml.normalise import Normalised
from hookline_ml.patterns import Spans
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
        size = len(self.rules)
        parts: dict[str, int] = {}
        for place, rule in enumerate(self.rules):
            for part, names in enumerate((rule.theme, rule.ask, rule.signals, rule.guard)):
                for name in names:
                    parts[name] = parts.get(name, 0) | 1 << (part * size + place)
        # For each fact, side by side in one number so that one pass joins them all: the rules that name it as a theme,
        # as an ask, as a signal and as a guard, and its own bit.
        self._lanes = {name: rules | 1 << (4 * size + place) for place, (name, rules) in enumerate(parts.items())}
        self._names = tuple(parts)
        bits = {name: 1 << place for place, name in enumerate(parts)}
        self._asked = tuple(Asked.of(rule, bits) for rule in self.rules)
        self._all = (1 << size) - 1
        self._without_ask = sum(1 << place for place, rule in enumerate(self.rules) if not rule.ask)
        self._without_signals = sum(1 << place for place, rule in enumerate(self.rules) if not rule.need)

    def joined(self, names: Set[str]) -> int:
        """Return what rules make of some facts, as `could_hold` takes it."""
        return reduce(or_, map(self._lanes.__getitem__, self._lanes.keys() & names), 0)

    def could_hold(self, possible: int, certain: int) -> list[int]:
        """Return the places of the rules that may hold when only `possible` facts can be true and `certain` ones are.

        Most rules fail here, before any of their patterns has run.
        """
        size, either = len(self.rules), possible | certain
        asks = either >> size | self._without_ask
        signals = either >> 2 * size | self._without_signals
        return _places(either & asks & signals & ~(certain >> 3 * size) & self._all)

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
        possible, certain = self.joined(signals.terms.possible), self.joined(signals.codes)
        places = self.could_hold(possible, certain)
        if not places:
            return ()
        own = 4 * len(self.rules)
        true = _Truths(self._names, certain >> own, possible >> own, signals.terms.holds).at_least
        hits = [Hit(self.rules[place], signals) for place in places if self._asked[place].holds(true)]
        return tuple(sorted(hits, key=lambda hit: (-hit.points, hit.rule_id)))


def _places(number: int) -> list[int]:
    """Return the places of the bits that are set, least first."""
    found = []
    while number:
        bit = number & -number
        found.append(bit.bit_length() - 1)
        number ^= bit
    return found


class _Truths:
    """Which facts are true of one message; patterns run when a rule first asks for them, and no more than it needs."""

    __slots__ = ("_holds", "_names", "_open", "_true")

    def __init__(self, names: Sequence[str], certain: int, possible: int, holds: Callable[[str], bool]) -> None:
        self._names, self._true, self._open, self._holds = names, certain, possible, holds

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
            if self._holds(self._names[bit.bit_length() - 1]):
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
