"""Weighs signals and rules: the part of the evidence that reads the same in every year and house style."""

from collections.abc import Mapping, Sequence
from functools import cache

from hookline_ml.rulebook import rulebook
from hookline_ml.rules import Hit
from hookline_ml.signals import Signals

RULES = "RULES"
"""The fact that holds the joint weight of all rules."""

TOPIC = "topic:"
"""Begins the names of the facts that say what a message is about."""

_NEXT = 0.5  # each further rule counts half of the one before: they often see the same words


def hit_points(hits: Sequence[Hit]) -> list[float]:
    """Return what each hit adds to the score by itself, given hits in order of their points.

    The weightiest rule on each side (for and against the message) counts in full.
    """
    speaking_for = sum(hit.points < 0 for hit in hits)
    speaking_against = len(hits) - speaking_for
    order = [*range(speaking_against), *reversed(range(speaking_for))]
    return [hit.points * _NEXT**place for hit, place in zip(hits, order, strict=True)]


def weighs(fact: str) -> bool:
    """Say whether a fact is part of the margin; those about rules' categories and topics tell only the category."""
    return not fact.startswith(("rule:", TOPIC))


@cache
def topics() -> Mapping[str, str]:
    """Return the groups of the vocabulary, without brands, each with the name of its fact."""
    groups = rulebook()["index"]["groups"]
    return {group: f"{TOPIC}{group}" for group in groups if not group.startswith("brand ")}


def facts(signals: Signals, hits: Sequence[Hit]) -> dict[str, float]:
    """Return the dense features of a message: its `evidence`, and its topics.

    ``topic:<group>`` is 1 where the words occur that a group of the vocabulary needs: it says what a message is about
    in any language, and costs no pattern.
    """
    found, fact_of = evidence(signals, hits), topics()
    for group in signals.terms.possible:
        if group in fact_of:
            found[fact_of[group]] = 1.0
    return found


def evidence(signals: Signals, hits: Sequence[Hit]) -> dict[str, float]:
    """Return 1 for each signal of a message, and the points of its rules, in tens.

    ``rule:<category>`` holds the points of the weightiest rule of a category, in tens.
    """
    found = dict.fromkeys(signals.codes, 1.0)
    if hits:
        found[RULES] = sum(hit_points(hits)) / 10
        for hit in reversed(hits):
            found[f"rule:{hit.category}"] = hit.points / 10
    return found
