"""Champion and challenger on the same messages: counted by the pair, read by the pair."""

import itertools
from collections import Counter

import pytest
from hookline_core.challenger import Challenger
from hookline_core.contracts import Feedback, Shadow
from hookline_core.pairs import compare, judged_counters, pair_counters
from hookline_core.stores.counters import counters_of, feedback_counters_of
from hookline_core.stores.records import from_record, to_record

from tests.builders import a_harmless_message, a_message


def _shadow(level: str, role: str = "challenger") -> Shadow:
    return Shadow(role=role, model_version="new", risk_score=1, risk_level=level, category_code="x")  # type: ignore[arg-type]  # one of the two


def test_agreement_and_flips_are_summed_up() -> None:
    messages = [
        a_message(shadow=_shadow("Critical")),
        a_message(shadow=_shadow("High")),
        a_message(shadow=_shadow("High")),
        a_harmless_message(shadow=_shadow("Low")),
        a_message(),
    ]
    counts = Counter(name for message in messages for name in counters_of(message))
    found = compare(counts, champion="base-1", challenger="new")
    assert (found.messages, found.agreed) == (4, 2)
    assert found.flips == {("Critical", "High"): 2}
    assert compare(counts, champion="base-1", challenger="other").messages == 0


def test_it_does_not_matter_which_of_the_two_answered() -> None:
    answered = a_message(model_version="new", risk_level="High", shadow=Shadow(
        role="champion", model_version="base-1", risk_score=95, risk_level="Critical", category_code="x"
    ))  # fmt: skip
    assert pair_counters(answered) == pair_counters(a_message(shadow=_shadow("High")))


@pytest.mark.parametrize(
    ("challenger_level", "scam", "right"),
    [("High", True, "both"), ("Medium", True, "champion"), ("Medium", False, "challenger"), ("High", False, "neither")],
)
def test_who_was_right(challenger_level: str, scam: bool, right: str) -> None:
    counters = judged_counters(a_message(shadow=_shadow(challenger_level)), scam=scam)
    assert dict(compare(Counter(counters), champion="base-1", challenger="new").judged) == {right: 1}


def test_the_shadow_is_kept_beside_the_message_and_never_shown() -> None:
    message = a_message(shadow=_shadow("High"))
    record = to_record(message, expires_at=1)
    assert from_record(record) == message
    assert "shadow" not in record["body"]["S"]
    assert "shadow" not in message.model_dump()
    assert "shadow" not in type(message).model_json_schema(mode="serialization")["properties"]


def test_a_challengers_senders_stay_and_only_become_more() -> None:
    numbers = [f"+1202555{n:04d}" for n in range(2000)]

    def answered(percent: float) -> set[str]:
        challenger = Challenger("new", "live", percent)
        return {number for number in numbers if challenger.answers(number)}

    shares = [answered(percent) for percent in (0, 1, 10, 50, 99.99, 100)]
    assert all(smaller <= larger for smaller, larger in itertools.pairwise(shares))
    assert shares[0] == set()
    assert shares[-1] == set(numbers)
    assert len(shares[3]) == pytest.approx(1000, abs=100)
    assert not Challenger("new", "live", 100).answers(None)
    assert not Challenger("new", "shadow", 100).answers(numbers[0])


def test_what_analysts_say_counts_for_and_against_the_pair() -> None:
    given = {"category": None, "note": None, "learn": True, "list_action": "none", "given_by": "x", "given_at": "y"}
    message = a_message(shadow=_shadow("Medium"))

    def counted(verdict: str) -> dict[str, int]:
        counters = feedback_counters_of(message, Feedback.model_validate({"verdict": verdict, **given}))
        return dict(compare(Counter(counters), champion="base-1", challenger="new").judged)

    assert counted("scam") == {"champion": 1}
    assert counted("spam") == counted("legitimate") == {"challenger": 1}
    assert counted("unsure") == {}
