"""Verdicts: scores, reasons that add up, spans that hold, and clear answers to bad input."""

import pytest
from hookline_ml import (
    CATEGORIES,
    Brief,
    Cutoffs,
    Detector,
    EmptyMessageError,
    Level,
    Sender,
    Verdict,
    base_model,
    load_rules,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from training.corpus import generate

SCAM = "USPS: your parcel is held at the depot. Pay the 1.99 fee at https://usps.com-held.xin/pay within 24 hours"
NOTICE = "482913 is your Chase verification code. Do not share it with anyone."
OPENER = "Hi, is this Anna? Are we still on for dinner on Friday?"
MARKETING = "FLASH SALE! 50% off everything this weekend only. Shop now or reply STOP to opt out"


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(base_model(), load_rules())


def test_a_scam_is_told_from_a_notice(detector: Detector) -> None:
    scam, notice = detector.score(SCAM), detector.score(NOTICE)

    assert scam.risk_level in {Level.HIGH, Level.CRITICAL}
    assert scam.category.code == "parcel_delivery"
    assert scam.primary_reason
    assert scam.advice
    assert notice.risk_level is Level.LOW
    assert notice.category.code == "legitimate"


@pytest.mark.parametrize("text", [SCAM, NOTICE, OPENER, MARKETING, "a", "🎉", "日本語のメッセージ", "0" * 500])
@pytest.mark.parametrize("listed", [None, "block", "allow"])
def test_points_add_up_and_spans_hold(detector: Detector, text: str, listed: str | None) -> None:
    verdict = detector.score(text, sender=Sender("+15551234567", listed))  # type: ignore[arg-type]  # as parametrised

    _check(text, verdict)


def test_an_opener_is_capped_and_says_why(detector: Detector) -> None:
    verdict = detector.score(OPENER)

    assert verdict.risk_score <= 69
    assert "proves nothing" in verdict.primary_reason or verdict.risk_level is Level.LOW


def test_marketing_is_never_critical(detector: Detector) -> None:
    verdict = detector.score(MARKETING)

    assert verdict.category.code == "spam_marketing"
    assert verdict.risk_level in {Level.LOW, Level.MEDIUM}


def test_the_allow_list_wins(detector: Detector) -> None:
    verdict = detector.score(SCAM, sender=Sender("+15551234567", "allow"))

    assert verdict.risk_level is Level.LOW
    assert next(reason for reason in verdict.reasons if reason.code == "SENDER_ALLOWED").points < 0


def test_a_blocked_sender_raises_the_score(detector: Detector) -> None:
    plain, blocked = detector.score(OPENER), detector.score(OPENER, sender=Sender("+15551234567", "block"))

    assert blocked.risk_score > plain.risk_score
    assert "SENDER_BLOCKED" in {reason.code for reason in blocked.reasons}


def test_cutoffs_move_levels_not_scores(detector: Detector) -> None:
    strict = Detector(detector.model, detector.rules, Cutoffs(5, 10, 20))

    assert strict.score(SCAM).risk_score == detector.score(SCAM).risk_score
    assert strict.score(SCAM).risk_level is Level.CRITICAL


@pytest.mark.parametrize("cutoffs", [(0, 70, 90), (70, 40, 90), (40, 70, 101), (40, 40, 90)])
def test_cutoffs_must_rise(cutoffs: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="must rise"):
        Cutoffs(*cutoffs)


def test_disguised_words_are_pointed_at_in_the_original(detector: Detector) -> None:
    text = "USPS: your p.a.c.k.a.g.e is h3ld, pay at hxxps://usps[.]com-track[.]xin"

    spans = [text[start:end] for reason in detector.score(text).reasons for start, end in reason.spans]

    assert any("p.a.c.k.a.g.e" in span for span in spans)
    assert "hxxps://usps[.]com-track[.]xin" in spans


def test_brief_scores_are_those_of_full_verdicts(detector: Detector) -> None:
    texts = [SCAM, NOTICE, OPENER, MARKETING, "", "ok", "日本語 https://a.xin", "x" * 3000] * 100

    briefs = detector.score_many(texts)

    for text, brief in zip(texts[:8], briefs, strict=False):
        if not text:
            assert isinstance(brief, EmptyMessageError)
            continue
        assert isinstance(brief, Brief)
        verdict = detector.score(text)
        assert abs(brief.risk_score - verdict.risk_score) <= 1
        assert brief.category is verdict.category
    assert len(briefs) == len(texts)


def test_a_batch_calls_messages_by_the_same_names(detector: Detector) -> None:
    texts = [row["text"] for row in generate("test", 5, 1)][::8]
    strict = Detector(detector.model, detector.rules, Cutoffs(1, 2, 60))  # most of them need a name then

    for each in (detector, strict):
        verdicts = [each.score(text) for text in texts]
        named = [(verdict.category.code, verdict.risk_level) for verdict in verdicts]
        assert [(b.category.code, b.risk_level) for b in each.score_many(texts) if isinstance(b, Brief)] == named
        assert len({code for code, _ in named}) > 20


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u200d\ufeff", "\u0301" * 10_000, "\x00\x01", "\u202e\u202c"])
def test_a_message_with_nothing_in_it_is_refused(detector: Detector, text: str) -> None:
    with pytest.raises(EmptyMessageError):
        detector.score(text)


HOSTILE = {
    "repeated characters": "a" * 10_000,
    "repeated digits": "7" * 10_000,
    "marks on a letter": "a" + "\u0301" * 9_999,
    "every plane": "".join(chr(plane << 16 | 0x1234) for plane in range(17)),
    "lone surrogates": "\ud800\udc00\udfff win a prize \ud83d",
    "only emoji": "🎉🎉🎉",
    "only a link": "https://example.com",
    "long link": "https://example.com/" + "a" * 9_000,
    "links": "http://a.b " * 5_000,
    "mixed scripts": "аbγ" * 3_000,
    "nested encodings": "&amp;#38;%2525#102;" * 500,
    "separators": "\x02\x00 \x02" * 1_000 + "x",
    "brackets": "[" * 5_000 + "](" * 2_500,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_messages_get_a_verdict(detector: Detector, name: str) -> None:
    _check(HOSTILE[name], detector.score(HOSTILE[name]))


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_any_message_gets_a_verdict_or_is_empty(text: str) -> None:
    try:
        verdict = Detector(base_model(), load_rules()).score(text)
    except EmptyMessageError:
        return
    _check(text, verdict)


def test_every_category_says_why_and_what_to_do() -> None:
    assert len(CATEGORIES) == 26
    for category in CATEGORIES.values():
        assert category.reason
        assert category.advice.endswith(".")
    assert set(base_model().head.categories) == set(CATEGORIES)


def _check(text: str, verdict: Verdict) -> None:
    assert 0 <= verdict.risk_score <= 100
    assert abs(sum(reason.points for reason in verdict.reasons) - verdict.risk_score) <= 1
    assert 0 <= verdict.probability <= 1
    assert verdict.runner_up is not verdict.category
    for reason in verdict.reasons:
        assert reason.text
        for start, end in reason.spans:
            assert 0 <= start < end <= len(text), reason


def test_the_way_a_link_is_written_is_a_reason_at_the_link(detector: Detector) -> None:
    text = "Your parcel waits, pay the fee at http://usps.com-redelivery.top/pay before Friday"
    (reason,) = (reason for reason in detector.score(text).reasons if reason.code == "MODEL_LINK")

    assert [text[start:end] for start, end in reason.spans] == ["http://usps.com-redelivery.top/pay"]
    assert reason.points > 0
