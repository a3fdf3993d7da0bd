"""Theme AND ask AND k of n signals AND NOT guard."""

from collections.abc import Set

import pytest
from hookline_ml.rules import Rule, Rules, load_rules
from hookline_ml.rules.engine import Asked
from hookline_ml.rules.source import RuleError, parse_rules
from hookline_ml.signals.catalog import signal_kinds

RULE = Rule(
    id="test-rule",
    category="parcel_delivery",
    points=10.0,
    text="Text",
    theme=frozenset({"parcel", "customs"}),
    ask=frozenset({"ASK_MONEY", "fee"}),
    signals=frozenset({"URL", "URGENCY", "THREAT"}),
    need=2,
    guard=frozenset({"OFFICIAL_LINK"}),
)


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        ({"parcel", "ASK_MONEY", "URL", "URGENCY"}, True),
        ({"customs", "fee", "URL", "THREAT"}, True),
        ({"ASK_MONEY", "URL", "URGENCY"}, False),
        ({"parcel", "URL", "URGENCY"}, False),
        ({"parcel", "ASK_MONEY", "URL"}, False),
        ({"parcel", "ASK_MONEY", "URL", "URGENCY", "OFFICIAL_LINK"}, False),
    ],
)
def test_a_rule_holds_when_every_part_does(facts: set[str], holds: bool) -> None:
    bits = {name: 1 << place for place, name in enumerate(sorted(RULE.theme | RULE.ask | RULE.signals | RULE.guard))}
    true = sum(bits[fact] for fact in facts)

    assert Asked.of(RULE, bits).holds(lambda asked, need: (asked & true).bit_count() >= need) is holds
    if holds:
        assert could_hold(facts, facts)


def could_hold(possible: Set[str], certain: Set[str]) -> bool:
    rules = Rules([RULE], "")
    return rules.could_hold(rules.joined(possible), rules.joined(certain)) == [0]


def test_a_guard_that_only_may_be_there_rules_nothing_out() -> None:
    everything = RULE.theme | RULE.ask | RULE.signals | RULE.guard

    assert could_hold(everything, everything - RULE.guard)
    assert not could_hold(everything, everything)


@pytest.mark.parametrize("part", [RULE.theme, RULE.ask, RULE.signals])
def test_a_rule_without_a_chance_is_not_looked_at(part: frozenset[str]) -> None:
    everything = RULE.theme | RULE.ask | RULE.signals

    assert not could_hold(everything - part, frozenset())


def test_the_code_is_the_id_in_capitals() -> None:
    assert RULE.code == "TEST_RULE"


def test_marketing_rules_never_weigh_like_fraud() -> None:
    assert max(rule.points for rule in load_rules().rules if rule.category == "spam_marketing") <= 20


def test_openers_that_prove_nothing_weigh_little() -> None:
    points = {rule.id: rule.points for rule in load_rules().rules}
    assert max(points["wrong-number-opener"], points["wrong-number-contact-list"], points["romance-opener"]) <= 20


WHOLE = 'points = 1\ntext = "Text"\ntheme = ["@parcel"]\nmatch = ["a"]\nbenign = ["b"]\n'


@pytest.mark.parametrize(
    ("category", "table", "complaint"),
    [
        ("no_such_category", "", "no such category"),
        ("charity", "[a]\n" + WHOLE + 'colour = "red"', "unknown fields"),
        ("charity", "[a]\npoints = 1", "missing fields"),
        ("charity", "[a]\n" + WHOLE + 'ask = ["@no_such_group"]', "vocabulary does not have"),
        ("charity", "[a]\n" + WHOLE + 'ask = ["NO_SUCH_SIGNAL"]', "is no signal"),
        ("charity", "[a]\n" + WHOLE + 'signals = ["URL"]\nneed = 2', "needs 2 of 1"),
    ],
)
def test_a_bad_rule_file_is_refused_with_its_reason(category: str, table: str, complaint: str) -> None:
    with pytest.raises(RuleError, match=complaint):
        list(parse_rules(category, table, {"parcel"}, signal_kinds()))


def test_a_rule_may_bring_patterns_of_its_own() -> None:
    (rule,) = parse_rules("charity", "[a]\n" + WHOLE + 'ask = ["URL", "two words"]', {"parcel"}, signal_kinds())
    assert rule.parts["ask"] == {"URL", "a/ask"}
    assert rule.patterns == {"a/ask": ["two words"]}
