"""Rules: theme AND ask AND k of n signals AND NOT guard. The rules themselves are data, one file per category."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, cached_property

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
    def facts(self) -> frozenset[str]:
        """All facts that it asks for."""
        return self.theme | self.ask | self.signals | self.guard

    @property
    def code(self) -> str:
        """The reason code: the id in capitals."""
        return self.id.upper().replace("-", "_")

    @property
    def source(self) -> Source:
        """Which kind of reason it gives: one that speaks for the message is a guard."""
        return "guard" if self.points < 0 else "rule"

    def holds(self, facts: AbstractSet[str], guards: AbstractSet[str]) -> bool:
        """Say whether a message with these facts satisfies this rule, when only `guards` can stand against it."""
        return (
            not self.theme.isdisjoint(facts)
            and (not self.ask or not self.ask.isdisjoint(facts))
            and (not self.need or len(self.signals & facts) >= self.need)
            and self.guard.isdisjoint(guards)
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
        del n  # the signals carry all that rules ask for
        codes, terms = signals.codes, signals.terms
        possible = codes | terms.possible
        hits = {}
        for theme in self._by_theme.keys() & possible:
            for rule in self._by_theme[theme]:
                # Most rules fail here, before any of their patterns has run.
                if rule.id not in hits and rule.holds(possible, codes):
                    facts = codes | {group for group in rule.facts & terms.possible if terms.spans(group)}
                    if rule.holds(facts, facts):
                        hits[rule.id] = self._hit(rule, signals, facts)
        return tuple(sorted(hits.values(), key=lambda hit: (-hit.points, hit.rule_id)))

    def _hit(self, rule: Rule, signals: Signals, facts: AbstractSet[str]) -> Hit:
        spans = {span for fact in (rule.theme | rule.ask) & facts for span in signals.spans_of(fact)[:1]}
        return Hit(rule.id, rule.code, rule.category, rule.points, rule.text, tuple(sorted(spans)[:MAX_SPANS]))


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
