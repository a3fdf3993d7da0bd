"""The corpus reads, fills, repeats itself and keeps its splits apart."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hookline_ml import CATEGORIES

from training.corpus import SPLITS, Row, Template, generate, load_templates
from training.corpus.counts import tables
from training.corpus.generator import multiply
from training.corpus.grammar import GrammarError, expand, parse, slots
from training.corpus.slots import Filler, UnknownSlotError
from training.corpus.surface import dress
from training.corpus.vocabulary import places, places_for

ROOT = Path(__file__).parents[3]
SCAMS = set(CATEGORIES) - {"legitimate", "spam_marketing"}
ENGLISH_SHARE = 0.5
LEFTOVER = re.compile(r"\{[a-z_]+[^}]*\}|<(?:slug|site|word|end|tail|token|free|typo|country|nobody)>|\\n")


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - repeatable, not secret


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [row for split in SPLITS for row in generate(split, seed=11, per_template=4)]


def english(rows: list[Row], label: str) -> list[str]:
    return [row["text"] for row in rows if row["lang"] == "en" and row["label"] == label]


class TestTemplates:
    def test_every_slot_is_filled_in_every_place(self) -> None:
        unfilled = set()
        for template in load_templates():
            for place in places_for(template.lang, template.places):
                filler = Filler(seeded(1), place, template.lang)
                for slot in slots(template.body):
                    try:
                        filler.fill(slot)
                    except UnknownSlotError as error:
                        unfilled.add((template.id, str(error)))
        assert not unfilled

    def test_places_speak_the_language(self) -> None:
        wrong = [
            (template.id, place.code)
            for template in load_templates()
            for place in places_for(template.lang, template.places)
            if template.lang not in place.langs
        ]
        assert not wrong

    def test_no_template_is_written_twice(self) -> None:
        twice = [key for key, count in Counter(template.id for template in load_templates()).items() if count > 1]
        assert not twice

    def test_labels_and_topics(self) -> None:
        for template in load_templates():
            if template.label == "scam":
                assert template.topic in SCAMS
                assert template.kind is None
            else:
                assert template.topic not in SCAMS
                assert template.kind == template.topic

    def test_counts(self) -> None:
        templates = load_templates()
        chatter = {
            "chat",
            "mail_personal",
            "mail_list",
            "job_chat",
            "marketplace",
            "dating",
            "support_chat",
            "work",
            "school",
            "community",
        }
        by_label = Counter(template.label for template in templates)
        notices = sum(template.label == "legit" and template.topic not in chatter for template in templates)
        talk = sum(template.label == "legit" and template.topic in chatter for template in templates)
        assert len(templates) >= 6000
        assert notices >= 2500
        assert talk >= 400
        assert by_label["scam"] >= 2000
        assert by_label["spam"] >= 300

    def test_every_category_has_english_families_in_every_split(self) -> None:
        scams = [template for template in load_templates() if template.label == "scam"]
        english = Counter(template.topic for template in scams if template.lang == "en")
        assert {topic: count for topic, count in english.items() if count < 20} == {}
        assert set(english) == SCAMS
        for split, least in (("train", 30), ("gate", 4), ("test", 15)):
            here = Counter(template.topic for template in scams if template.split == split)
            assert {topic for topic in SCAMS if here[topic] < least} == set(), split

    def test_every_language_has_both_sides(self) -> None:
        by_lang = Counter((template.lang, template.label == "scam") for template in load_templates())
        for lang in {template.lang for template in load_templates()}:
            assert by_lang[lang, False] >= 60, lang
            assert by_lang[lang, True] >= 45, lang


class TestSplits:
    def test_shares(self) -> None:
        share = Counter(template.split for template in load_templates())
        total = sum(share.values())
        assert 0.70 <= share["train"] / total <= 0.80
        assert 0.09 <= share["gate"] / total <= 0.15
        assert 0.10 <= share["test"] / total <= 0.16

    def test_a_family_is_in_one_split_only(self) -> None:
        seen: dict[str, set[str]] = {}
        for template in load_templates():
            seen.setdefault(template.family, set()).add(template.split)
        assert all(len(splits) == 1 for splits in seen.values())
        families = Counter(template.family for template in load_templates())
        assert max(families.values()) > 1

    def test_no_text_is_in_two_splits(self) -> None:
        train = {row["text"] for row in generate("train", seed=2, per_template=3)}
        held = {row["text"] for split in ("gate", "test") for row in generate(split, seed=2, per_template=3)}
        assert len(train & held) <= 3  # a bare code looks the same whoever wrote it


class TestRows:
    def test_nothing_is_left_unfilled(self, rows: list[Row]) -> None:
        assert [row["text"] for row in rows if LEFTOVER.search(row["text"])] == []

    def test_no_row_is_empty_or_endless(self, rows: list[Row]) -> None:
        assert all(row["text"].strip() and len(row["text"]) <= 2000 for row in rows)

    def test_no_text_has_two_labels(self, rows: list[Row]) -> None:
        labels: dict[str, set[str]] = {}
        for row in rows:
            labels.setdefault(row["text"].strip().lower(), set()).add(row["label"])
        assert {text for text, found in labels.items() if len(found) > 1} == set()

    def test_rows_of_a_template_differ(self) -> None:
        for template in load_templates()[::40]:
            texts = [row["text"] for row in multiply(template, seed=5, count=8)]
            assert len(set(texts)) == len(texts) >= 2

    def test_same_seed_same_rows(self) -> None:
        first, again, other = (list(generate("gate", seed=seed, per_template=2)) for seed in (4, 4, 5))
        assert first == again
        assert first != other

    def test_row_does_not_depend_on_its_neighbours(self) -> None:
        template = load_templates()[100]
        alone = list(multiply(template, seed=9, count=2))
        among = [row for row in generate(template.split, seed=9, per_template=2) if row["template"] == template.id]
        assert alone == among

    def test_english_leads(self, rows: list[Row]) -> None:
        langs = Counter(row["lang"] for row in rows)
        assert langs.most_common(1)[0][0] == "en"
        assert langs["en"] / len(rows) >= ENGLISH_SHARE

    def test_command_line(self) -> None:
        command = [sys.executable, "-m", "training.corpus", "--seed", "3", "--per-template", "1", "--split", "test"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert lines == list(generate("test", seed=3, per_template=1))


MARKERS = {
    "link": r"https?://|www\.|\b[\w-]+\.[a-z]{2,}/|\b[\w-]+\.(?:com|net|org|top|xin|in|co|app|uk|me)\b",
    "https": r"https://",
    "amount": r"[$£€₹₦]|\bRs\.?|INR|AED|Ksh|RM\d|PHP|SGD|USD|NGN",
    "exclamation": r"!",
    "question": r"\?",
    "stop": r"\bSTOP\b",
    "reference": r"\b[Rr]ef\b",
    "prefix": r"^[\[<(【]",
    "emoji": r"[\U0001F300-\U0001FAFF✅⚠❤]",
    "subject": r"^Subject: ",
    "greeting": r"^(?:Dear|Hi|Hello|Hey)\b",
    "account": r"(?i)account|a/c",
    "verify": r"(?i)verif|confirm",
    "urgency": r"(?i)urgent|immediately|within|expire",
    "suspended": r"(?i)suspend|lock|block",
    "code": r"(?i)\bcode\b|\bOTP\b",
    "call": r"(?i)\bcall\b",
    "click": r"(?i)\bclick|\btap\b",
    "telephone": r"\d{3}[ -]\d{3,4}[ -]?\d{2,4}|\+\d{8}",
    "final stop": r"\.$",
    "trailing space": r"\s$",
    "lower case": r"^[^A-Z]*$",
    "doubled mark": r"[!.?]{2}",
    "line break": r"\n",
}


class TestArtefacts:
    """No surface marker alone may tell scams from the rest."""

    @pytest.mark.parametrize("marker", sorted(MARKERS))
    def test_both_sides_carry_the_marker(self, rows: list[Row], marker: str) -> None:
        pattern = re.compile(MARKERS[marker])
        scam, legit = (
            sum(bool(pattern.search(text)) for text in texts) / len(texts)
            for texts in (english(rows, "scam"), english(rows, "legit"))
        )
        assert scam > 0
        assert legit > 0
        # Youden's index of the one-marker classifier: 0 tells nothing, 1 tells all.
        assert abs(scam - legit) < 0.35
        assert scam / (scam + legit) == pytest.approx(0.5, abs=0.4)

    def test_lengths_overlap(self, rows: list[Row]) -> None:
        scam, legit = (sorted(len(text) for text in english(rows, label)) for label in ("scam", "legit"))
        assert legit[len(legit) // 4] < scam[len(scam) // 2] < legit[-len(legit) // 20]

    def test_brands_are_on_both_sides(self, rows: list[Row]) -> None:
        brands = {
            org.name
            for place in places().values()
            if "en" in place.langs
            for kind in ("bank", "carrier", "telco", "shop", "tax")
            for org in place.organisations[kind]
            if len(org.name) > 3
        }
        scam, legit = (" \n".join(english(rows, label)) for label in ("scam", "legit"))
        shares = {brand: (scam.count(brand), legit.count(brand)) for brand in brands}
        frequent = {brand: pair for brand, pair in shares.items() if sum(pair) >= 8}
        assert len(frequent) >= 30
        one_sided = {brand: pair for brand, pair in frequent.items() if min(pair) / sum(pair) < 0.05}
        assert len(one_sided) <= len(frequent) * 0.1, one_sided

    def test_language_is_not_the_label(self, rows: list[Row]) -> None:
        share = {
            lang: Counter(row["label"] for row in rows if row["lang"] == lang) for lang in {r["lang"] for r in rows}
        }
        for lang, labels in share.items():
            assert 0.2 <= labels["scam"] / sum(labels.values()) <= 0.6, lang

    def test_surface_does_not_know_the_label(self) -> None:
        place = places_for("en", ("us",))[0]
        dressed = [dress("Same words. Same message.", seeded(n), Filler(seeded(n), place, "en")) for n in range(300)]
        assert len(set(dressed)) > 40
        assert "label" not in dress.__annotations__


class TestGrammar:
    @pytest.mark.parametrize("source", ["a [b", "a b]", "a|b", "{", "x {a", "}", "tail\\"])
    def test_broken_templates_are_refused(self, source: str) -> None:
        with pytest.raises(GrammarError):
            parse(source)

    def test_alternation_option_and_escape(self) -> None:
        body = parse("[a|b[c|]] \\[{x}\\]\\n")
        written = {expand(body, seeded(seed), lambda slot: slot.upper()) for seed in range(60)}
        assert written == {"a [X]\n", "b [X]\n", "bc [X]\n"}
        assert list(slots(body)) == ["x"]

    def test_a_slot_keeps_its_value_and_numbers_ask_for_another(self) -> None:
        filler = Filler(seeded(3), places()["uk"], "en")
        assert filler.fill("names") == filler.fill("names")
        assert len({filler.fill("names"), filler.fill("names#2"), filler.fill("names#3")}) == 3

    def test_parts_belong_to_one_organisation(self) -> None:
        for seed in range(30):
            filler = Filler(seeded(seed), places()["us"], "en")
            assert filler.fill("bank!chase") == "Chase"
            assert filler.fill("bank!chase.site") == "chase.com"

    def test_unknown_slot_is_named(self) -> None:
        filler = Filler(seeded(3), places()["uk"], "en")
        with pytest.raises(UnknownSlotError, match="nonsense"):
            filler.fill("nonsense")


def test_the_data_statement_has_the_counts() -> None:
    statement = (ROOT / "docs" / "data-statement.md").read_text(encoding="utf-8")
    assert tables() in statement, "paste the output of: python -m training.corpus --counts"


def test_a_template_says_where_it_stands() -> None:
    template = next(t for t in load_templates() if t.topic == "toll_fine")
    assert isinstance(template, Template)
    assert template.id.startswith("en/toll_fine/") or template.id.count("/") == 2
    assert template.category == "toll_fine"
