"""The recipe of the base model: which rows, in which passes, with which levels."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hookline_ml.rules import Rules, load_rules
from numpy.typing import NDArray
from retrain.matrix import Design

from training.augment import marked
from training.calibrate import thresholds
from training.data import (
    NON_COMMERCIAL,
    Message,
    apart_messages,
    corpus_messages,
    public_messages,
    thinned,
    weighted,
)
from training.fit import Recipe, Weights, designed, fit
from training.measure import CHAT

Floats = NDArray[np.float32]

CREATED_AT = "2026-11-23T00:00:00.000Z"
"""Part of the recipe, so that the same data gives the same bytes."""

_PER_TEMPLATE = 3  # rows of a template for training; more repeat what is known
_HELD_PER_TEMPLATE = 2


@dataclass(frozen=True, slots=True)
class Pool:
    """All messages with their features: those to learn from, those to set levels by, those to judge by.

    `test` are messages of templates that nothing learned from, `apart` those written by hand apart from all templates,
    `barred` those of sources whose licence bars them from what ships: they are judged on.
    """

    train: list[Message]
    dev: list[Message]
    gate: list[Message]
    test: list[Message]
    apart: list[Message]
    barred: list[Message]
    train_design: Design
    dev_design: Design
    gate_design: Design
    test_design: Design
    apart_design: Design
    barred_design: Design
    rules: Rules


def gather(data: Path, *, seed: int, allowed: frozenset[str] | None = None, say: Callable[[str], None] = print) -> Pool:
    """Read and featurise all messages.

    Parameters
    ----------
    allowed
        Licence classes of public messages to learn from; all but non-commercial when left out.
    """
    rules = load_rules()
    raw = [
        *thinned(public_messages(data, "train", allowed=allowed, seed=seed), seed),
        *corpus_messages("train", seed=seed, per_template=_PER_TEMPLATE),
    ]
    train = [*raw, *marked(raw, seed)]
    dev = public_messages(data, "dev", seed=seed)
    gate = corpus_messages("gate", seed=seed, per_template=_HELD_PER_TEMPLATE)
    test = corpus_messages("test", seed=seed, per_template=_HELD_PER_TEMPLATE)
    apart = apart_messages()
    barred = [
        message
        for split in ("train", "dev")
        for message in public_messages(data, split, allowed=frozenset({NON_COMMERCIAL}), seed=seed)
    ]
    say(f"Reading {sum(map(len, (train, dev, gate, test, apart, barred)))} messages …")
    return Pool(
        train,
        dev,
        gate,
        test,
        apart,
        barred,
        designed(train, rules),
        designed(dev, rules),
        designed(gate, rules),
        designed(test, rules),
        designed(apart, rules),
        designed(barred, rules),
        rules,
    )


def learn(pool: Pool, rows: NDArray[np.intp], *, categories: bool = True, recipe: Recipe | None = None) -> Weights:
    """Fit on some of the training messages."""
    messages = weighted(pool.train[row] for row in rows)
    return fit(messages, pool.train_design.take(rows), recipe or Recipe(), categories=categories)


def margins(weights: Weights, features: Design) -> Floats:
    """Return the margin of each message, as the detector works it out."""
    values = np.array([weights.dense.get(fact, 0.0) for fact in weights.facts], np.float32)
    found: Floats = (
        features.chars @ weights.chars
        + features.words @ weights.words
        + features.dense(weights.facts) @ values
        + np.float32(weights.bias)
    )
    return found


def is_notice(message: Message) -> bool:
    """Say whether a message of the corpus is a genuine notice, such as of a bank, a carrier or a clinic."""
    return message.label == "legit" and message.kind not in CHAT


def is_scam(message: Message) -> bool:
    """Say whether a message is certainly a scam; openers are not."""
    return message.target == 1.0


def levels(weights: Weights, pool: Pool) -> dict[str, float]:
    """Set the levels on templates of the corpus that were kept out of training."""
    found = margins(weights, pool.gate_design)
    return thresholds(
        found[np.array([is_scam(message) for message in pool.gate])],
        found[np.array([is_notice(message) for message in pool.gate])],
    )
