"""Retraining learns new campaigns from few labels and forgets nothing; the gate stops what is worse."""

from random import Random

import numpy as np
import pytest
from hookline_ml import Detector, Level, Model, base_model, load_rules
from hookline_ml.reading import read
from retrain import trainer
from retrain.gate import GateMessage, gate_set, judge, rates
from retrain.trainer import Labelled, train

_NAMES = ("Ana", "Ben", "Cleo", "Dev", "Eli", "Fay", "Gus", "Hana")
_COLOURS = ("blue", "grey", "red", "green")


def _campaign(count: int, seed: int) -> list[str]:
    """Messages of a made-up campaign that no rule or model knows."""
    rng = Random(seed)  # noqa: S311  # no secret hangs on it
    return [
        f"Quibble locker {rng.randint(10, 99)}: {rng.choice(_NAMES)}, the {rng.choice(_COLOURS)} box was moved. "
        f"Keep slot {rng.randint(100, 999)} on the quibble board"
        for _ in range(count)
    ]


def _scores(model: Model, texts: list[str]) -> list[int]:
    return [verdict.risk_score for verdict in Detector(model, load_rules()).score_many(texts)]  # type: ignore[union-attr]  # none is empty


def _trained(labels: list[Labelled]) -> Model:
    candidate = train(labels, parent=base_model(), seed=1)
    return Model.load(candidate.manifest, candidate.arrays)


@pytest.fixture
def little_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold training to a tenth of what ships, for tests in which nothing could be forgotten: it takes a quarter."""
    monkeypatch.setattr(trainer, "_REPLAYED", 300)


def test_fifty_labels_of_a_new_campaign_are_enough() -> None:
    unseen = _campaign(20, seed=2)
    assert max(_scores(base_model(), unseen)) < 70

    model = _trained([Labelled(text, "scam") for text in _campaign(50, seed=1)])

    assert min(_scores(model, unseen)) >= 70
    assert model.manifest.parent == base_model().version


def test_four_labels_wipe_nothing_out() -> None:
    model = _trained(
        [
            Labelled("Your gym class on Tuesday is cancelled", "legit"),
            Labelled("Lunch at noon?", "legit"),
            *[Labelled(text, "scam") for text in _campaign(2, seed=1)],
        ]
    )
    before, after = rates(base_model(), gate_set()), rates(model, gate_set())

    assert after.recall >= before.recall - 0.02
    assert after.false_alarms <= before.false_alarms + 0.005
    assert judge(model, base_model()).passed


def test_labels_the_wrong_way_round_do_not_pass_the_gate() -> None:
    turned = [
        Labelled(message.text, "legit" if message.label == "scam" else "scam")
        for message in gate_set()[::4]
        if message.label != "spam"
    ]

    result = judge(_trained(turned), base_model())

    assert not result.passed
    assert "Worse than the champion" in result.reason
    assert result.metrics["candidate"] != result.metrics["champion"]


@pytest.mark.usefixtures("little_replayed")
def test_the_same_labels_give_the_same_bytes() -> None:
    labels = [Labelled("Win a prize today", "scam"), Labelled("See you at noon", "legit")]

    assert train(labels, parent=base_model(), seed=1) == train(labels, parent=base_model(), seed=1)


@pytest.mark.usefixtures("little_replayed")
def test_a_retrained_model_can_be_a_parent() -> None:
    first = _trained([Labelled(text, "scam") for text in _campaign(10, seed=1)])
    second = train([Labelled("ok", "legit")], parent=first, seed=1)

    assert Model.load(second.manifest, second.arrays).manifest.parent == first.version


@pytest.mark.usefixtures("little_replayed")
@pytest.mark.parametrize("text", ["", "\u0301" * 100, "\ud800", "a" * 10_000])
def test_strange_labels_train_a_sound_model(text: str) -> None:
    model = _trained([Labelled(text, "scam"), Labelled("hello", "legit")])

    assert np.isfinite(model.chars.weights()).all()


def test_no_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="no labels"):
        train([], parent=base_model(), seed=1)


def test_the_gate_set_is_large_and_speaks_of_both_sides() -> None:
    labels = [message.label for message in gate_set()]

    assert len(labels) >= 1000
    assert labels.count("legit") >= 400
    assert labels.count("scam") >= 300


def test_the_champion_is_never_worse_than_itself() -> None:
    shown = [
        GateMessage("482913 is your code. Do not share it.", "legit", "legitimate"),
        GateMessage("USPS: pay 1.99 at https://usps.com-held.xin to get your parcel", "scam", "parcel_delivery"),
    ]

    result = judge(base_model(), base_model(), shown)

    assert result.passed
    assert result.metrics["messages"] == 2
    assert Level.HIGH.value not in result.reason


def test_messages_that_were_read_once_get_the_scores_of_any_other_way() -> None:
    texts = [message.text for message in gate_set()[::500]]
    detector = Detector(base_model(), load_rules())

    assert detector.weigh([read(text, load_rules()) for text in texts]) == detector.score_many(texts)
