"""Every language has rules for the usual tricks."""

from pathlib import Path

import pytest
from hookline_ml.normalise import normalise
from hookline_ml.rules import load_rules
from hookline_ml.signals import extract

STRONG = 20  # points
MESSAGES = [
    line.split("|", 2)
    for line in Path(__file__).with_name("languages.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_every_trick_has_a_message_in_every_language() -> None:
    tricks = {trick for trick, _, _ in MESSAGES}
    languages = {language for _, language, _ in MESSAGES}
    assert len(MESSAGES) == len(tricks) * len(languages) == 8 * 20


@pytest.mark.parametrize(("trick", "language", "text"), MESSAGES)
def test_a_usual_trick_meets_a_strong_rule(trick: str, language: str, text: str) -> None:
    normalised = normalise(text)
    hits = load_rules().match(normalised, extract(normalised))
    assert [hit for hit in hits if hit.points >= STRONG], f"{trick} in {language}"
