"""The rulebook that ships is the one that the data files make, and its index loses nothing."""

import json
from collections.abc import Mapping

import pytest
from hookline_ml.normalise import normalise
from hookline_ml.patterns import Folded, PatternIndex, Spans
from hookline_ml.rulebook import RULEBOOK, rulebook
from hookline_ml.rules import load_rules
from hookline_ml.rules.build import build, build_index
from hookline_ml.rules.notation import PatternError
from hookline_ml.rules.source import read_rules, read_vocabulary
from hookline_ml.signals.catalog import pattern_index, signal_kinds

from training.corpus import generate


def matches(groups: Mapping[str, list[str]], text: str) -> dict[str, Spans]:
    found = PatternIndex(**json.loads(json.dumps(build_index(groups)))).search(Folded.of(text))
    return {group: found.spans(group) for group in groups if found.spans(group)}


def test_the_rulebook_is_up_to_date() -> None:
    assert RULEBOOK.read_text(encoding="utf-8") == build(), "run: python -m hookline_ml.rules.build"


def test_the_version_is_that_of_the_rulebook() -> None:
    assert load_rules().version == rulebook()["version"]


def test_looking_patterns_up_by_words_finds_what_running_all_of_them_finds() -> None:
    index = pattern_index()
    entries = rulebook()["index"]
    of_rules = [rule.match[0] for rule in read_rules(read_vocabulary(), signal_kinds())][::2]
    by_language = {row["lang"]: row["text"] for row in generate("train", 5, 1) if row["label"] == "scam"}
    for sample in (*of_rules, *by_language.values()):
        text = Folded.of(normalise(sample).text)
        everything: dict[str, list[tuple[int, int]]] = {group: [] for group in entries["groups"]}
        for number, (group, _, _) in enumerate(entries["patterns"]):
            if span := index.pattern(number).run(text.raw):
                everything[entries["groups"][group]].append(text.span(*span))
        found = index.search(text)
        assert {group: list(found.spans(group)) for group in everything} == {
            group: sorted(spans) for group, spans in everything.items()
        }, sample


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("parcels?", "two Parcels"),
        ("your .. (parcel|package)", "Your long lost package"),
        ("any ?desk", "AnyDesk"),
        ("any ?desk", "any desk"),
        ("sign ?in", "sign-in"),
        ("suspen\\w*", "suspending it"),
        ("¤ ?\\d+", "only € 12"),
        ("rs ?\\d+", "Rs500"),
        ("(¤|usd) ?\\d+", "USD 5"),
        ("e-?kyc", "eKYC"),
        ("100% free", "100% free"),
        ("contrasena", "Contraseña"),
        ("验证码", "您的验证码是1"),
        ("(验证码|otp)", "您的验证码是1"),
        ("ยืนยัน(ข้อมูล|ตัวตน)", "กรุณายืนยันตัวตนด่วน"),
        ("^hello", "hello there"),
        ("x\\.com", "on x.com now"),
    ],
)
def test_a_pattern_is_found(pattern: str, text: str) -> None:
    assert matches({"group": [pattern]}, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("parcel", "parcels"),
        ("cat", "concatenate"),
        ("(cat|dog (house|food)|deal)", "dealing"),
        ("(cat|dog)s?", "dogsled"),
        ("your .. parcel", "your one two three four parcel"),
        ("¤ ?\\d+", "12 pieces"),
        ("x\\.com", "xacom"),
    ],
)
def test_a_pattern_is_not_found_in_what_only_resembles_it(pattern: str, text: str) -> None:
    assert not matches({"group": [pattern]}, text)


def test_a_match_is_located_in_characters() -> None:
    text = "Größe 😀 Paket"
    (span,) = matches({"group": ["paket"]}, text)["group"]
    assert text[slice(*span)] == "Paket"


@pytest.mark.parametrize("pattern", ["", "(", "a*", "[áé]", "(?=look)ahead"])
def test_a_bad_pattern_is_named(pattern: str) -> None:
    with pytest.raises(PatternError, match="colours"):
        build_index({"colours": ["red", pattern]})
