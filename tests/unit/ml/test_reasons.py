"""The catalogue of reasons names whatever a verdict can say."""

import pytest
from hookline_ml import CATEGORIES, Detector, Sender, base_model, load_rules, reason_codes

MESSAGES = [
    "USPS: your parcel is held at the depot, pay 1.99 at https://usps.com-held.xin within 24 hours",
    "Hi mum, my phone broke, this is my new number. Can you pay a bill for me today? F.r.e.e",
    "Your code is 482913. Do not share it with anybody.",
    "Hello dear, I saw your profile and I am looking for true love, add me on WhatsApp, beautiful",
    "Your parcel was delivered, thank you for your order. https://www.usps.com/track",
]
SENDERS = [Sender(), Sender("+15551234567", "block"), Sender("+447700900123", "allow"), Sender("24273")]


def test_codes_are_unique_with_one_plain_sentence_each() -> None:
    reasons = reason_codes()
    assert len({reason.code for reason in reasons}) == len(reasons) > 150
    for reason in reasons:
        assert reason.text[0].isupper(), reason
        assert not reason.text.endswith("."), reason
        assert reason.category_code is None or reason.category_code in CATEGORIES, reason


def test_a_reason_that_speaks_for_the_message_is_called_a_guard() -> None:
    sources = {reason.code: reason.source for reason in reason_codes()}
    for rule in load_rules().rules:
        assert (rule.points < 0) == (sources[rule.code] == "guard"), rule.id
        assert (rule.points < 0) == (rule.category == "legitimate"), rule.id


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("message", MESSAGES)
def test_a_verdict_gives_no_reason_that_the_catalogue_lacks(message: str, sender: Sender) -> None:
    known = {(reason.code, reason.source) for reason in reason_codes()}
    verdict = Detector(base_model(), load_rules()).score(message, sender=sender)
    assert {(reason.code, reason.source) for reason in verdict.reasons} <= known
