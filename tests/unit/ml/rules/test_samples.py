"""Every rule is held to its samples: what must match, and what must not."""

import pytest
from hookline_ml.categories import CATEGORIES
from hookline_ml.normalise import normalise
from hookline_ml.rules import Hit, load_rules
from hookline_ml.rules.source import RuleSource, read_rules, read_vocabulary
from hookline_ml.signals import extract
from hookline_ml.signals.catalog import signal_kinds
from hookline_ml.types import Sender

WORRYING = 20  # points; less is honest doubt

RULES = read_rules(read_vocabulary(), signal_kinds())
CASES = [pytest.param(rule, id=rule.id) for rule in RULES]


def hits(text: str, sender: str | None = None) -> dict[str, Hit]:
    normalised = normalise(text)
    signals = extract(normalised, sender=Sender(phone_number=sender))
    return {hit.rule_id: hit for hit in load_rules().match(normalised, signals)}


def test_there_are_enough_rules_and_every_category_has_some() -> None:
    assert len(RULES) >= 120
    assert {rule.category for rule in RULES} == set(CATEGORIES)


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_matches_its_samples(rule: RuleSource) -> None:
    assert rule.match
    for sample in rule.match:
        assert rule.id in hits(sample, rule.sender), sample


@pytest.mark.parametrize("rule", CASES)
def test_no_rule_worries_about_the_benign_samples_of_any(rule: RuleSource) -> None:
    assert rule.benign
    for sample in rule.benign:
        found = hits(sample)
        assert rule.id not in found, sample
        if rule.points > 0:
            assert [hit.rule_id for hit in found.values() if hit.points >= WORRYING] == [], sample


@pytest.mark.parametrize("rule", CASES)
def test_a_hit_says_where_it_was_seen(rule: RuleSource) -> None:
    for sample in rule.match:
        length = len(normalise(sample).text)
        for hit in hits(sample, rule.sender).values():
            assert all(0 <= start < end <= length for start, end in hit.spans)
