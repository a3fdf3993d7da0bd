"""What training takes care of: no marks of sources, no source that outvotes the rest, levels that mean something."""

import gzip
import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hookline_ml import Model, base_model, load_rules
from hookline_ml.artefact import ARRAYS

from training.augment import base_forms, marked
from training.calibrate import precision_at, thresholds
from training.clean import clean
from training.data import NON_COMMERCIAL, Message, public_messages, weighted
from training.fit import CHAR_BITS, Recipe, designed, fit, model_of, pack
from training.lexicon import common_words
from training.measure import macro_f1, quality, recall_at
from training.recipe import margins

_ROOT = Path(__file__).parents[3]


def _message(text: str, label: str, source: str = "hookline_corpus", category: str = "", **more: object) -> Message:
    return Message(text=text, label=label, source=source, lang="en", category=category, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "text", "left"),
    [
        ("spamhunter_twitter", "Your parcel XXXX be hold http //a.b/c", ("X", "http //")),
        ("nus_sms_en", "Call me at <#> or <#>", ("<#>",)),
        ("fbs_sms_ccs20", "尊敬的 NAME 您 的 卡 URL DIGIT 元", ("NAME", "URL", "DIGIT", "尊敬的 ")),
    ],
)
def test_marks_of_a_source_are_cleaned(source: str, text: str, left: tuple[str, ...]) -> None:
    cleaned = clean(text, source, seed=1)

    assert not any(mark in cleaned for mark in left)
    assert clean(text, source, seed=1) == cleaned
    assert clean(text, "another_source", seed=1) == text


def test_non_commercial_rows_are_never_learned_from(tmp_path: Path) -> None:
    sources = {"phishing_pot": {"class": NON_COMMERCIAL}, "thai_sms_2022": {"class": "permissive"}}
    (tmp_path / "sources.json").write_text(json.dumps(sources))
    rows = [{"text": "a", "label": "scam", "source": source, "lang": None, "category": None} for source in sources]
    (tmp_path / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    packed = tmp_path / "train.jsonl.gz"
    packed.write_bytes(gzip.compress((tmp_path / "train.jsonl").read_bytes()))

    assert [message.source for message in public_messages(tmp_path, "train", seed=1)] == ["thai_sms_2022"]


def test_the_shipped_model_names_no_non_commercial_source() -> None:
    assert "phishing_pot" not in base_model().manifest.data["rows"]
    assert "hookline_corpus" in base_model().manifest.data["rows"]


def test_a_large_source_does_not_outvote_the_rest() -> None:
    messages = [_message("hi", "legit", "nus_sms_en")] * 12_000 + [_message("hi", "legit", "another_source")]

    weights = [message.weight for message in weighted(messages)]

    assert sum(weights[:-1]) == pytest.approx(2500)
    assert weights[-1] == 1


def test_copies_with_marks_are_of_honest_messages_only() -> None:
    messages = [_message("We were waiting for the parcels.", "legit"), _message("You were selected!", "scam")] * 50

    copies = list(marked(messages, seed=1))

    assert copies
    assert {copy.label for copy in copies} == {"legit"}
    assert all(copy.changed for copy in copies)
    assert base_forms("Parcels, held.", Random(1)).count(",") == 0  # noqa: S311


def test_levels_follow_the_genuine_messages() -> None:
    rng = np.random.default_rng(1)
    genuine = rng.normal(-4, 1, 20_000).astype(np.float32)
    scams = rng.normal(4, 2, 2000).astype(np.float32)

    levels = thresholds(scams, genuine)

    assert levels["medium"] < levels["high"] < levels["critical"]
    assert (genuine >= levels["high"]).mean() <= 0.01
    assert (genuine >= levels["critical"]).mean() <= 0.001
    assert precision_at(scams, genuine, levels["critical"]) > 0.99


def test_a_level_beyond_the_data_lies_beyond_the_data() -> None:
    genuine = np.linspace(-5, 0, 200).astype(np.float32)

    assert thresholds(genuine + 6, genuine)["critical"] > genuine.max()


def test_quality_knows_a_perfect_and_a_useless_filter() -> None:
    low, high = np.linspace(0, 1, 100).astype(np.float32), np.linspace(2, 3, 100).astype(np.float32)

    assert quality(high, low).auc == 1
    assert quality(low, low).auc == pytest.approx(0.5)
    assert recall_at(low, high, 0.01) == 0
    assert macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx(2 / 3)


def test_a_fit_is_the_same_twice_and_margins_are_the_detectors() -> None:
    messages = [
        *[_message(f"win prize {n} now", "scam", category="prize_lottery", target=1.0) for n in range(8)],
        *[_message(f"pay {n} for your parcel", "scam", category="parcel_delivery", target=1.0) for n in range(6)],
        *[_message(f"your account {n} is frozen", "scam", category="bank_impersonation", target=1.0) for n in range(6)],
        *[_message(f"see you at {n} for lunch", "legit", category="legitimate") for n in range(20)],
        *[_message(f"half price on shoes {n}", "spam", category="spam_marketing", target=0.2) for n in range(20)],
    ]
    features = designed(messages, load_rules())
    packed = [
        pack(
            fit(messages, features, Recipe()),
            name="t",
            created_at="",
            thresholds=_SCALE,
            data={},
            metrics={},
            rules_version="",
        )
        for _ in range(2)
    ]
    weights = fit(messages, features, Recipe())
    model = model_of(weights)

    assert packed[0] == packed[1]
    found = margins(weights, features)
    assert found[:20].min() > found[20:40].max()
    assert model.chars.counts.shape == (1 << CHAR_BITS,)
    assert Model.load(*packed[0]).manifest.files[ARRAYS]["bytes"] == len(packed[0][1])


_SCALE = {"medium": -1.0, "high": 1.0, "critical": 3.0, "slope": 1.0, "shift": 0.0}


def test_common_words_are_words() -> None:
    assert common_words([("hello hello world http://a.b xkcdq", 1), ("hello q1", 5)], at_least=5, limit=9) == ["hello"]


def test_the_card_is_about_the_model_that_ships() -> None:
    assert f"`{base_model().version}`" in (_ROOT / "docs" / "model-card.md").read_text()
