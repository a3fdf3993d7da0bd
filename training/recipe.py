"""The recipe of the base model."""

from pathlib import Path

import numpy as np
from hookline_ml.artefact import ARRAYS
from hookline_ml.model import Model
from hookline_ml.rules import load_rules
from numpy.typing import NDArray
from retrain.matrix import Design

from training.augment import marked
from training.calibrate import precision_at, thresholds
from training.data import Message, corpus_messages, public_messages, summary, thinned, weighted
from training.fit import Recipe, Weights, designed, fit, pack

Floats = NDArray[np.float32]

CREATED_AT = "2026-11-23T00:00:00.000Z"
"""Part of the recipe, so that the same data gives the same bytes."""

PER_TEMPLATE = 6


def training_messages(data: Path, *, seed: int) -> list[Message]:
    """Return all messages that the base model learns from, weighted."""
    messages = [
        *thinned(public_messages(data, "train", seed=seed), seed),
        *corpus_messages("train", seed=seed, per_template=PER_TEMPLATE),
    ]
    return weighted([*messages, *marked(messages, seed)])


def margins(weights: Weights, features: Design) -> Floats:
    """Return the margin of each message, as the detector works it out."""
    dense = features.dense(weights.facts) @ np.array([weights.dense.get(fact, 0.0) for fact in weights.facts], np.float32)
    found: Floats = features.chars @ weights.chars + features.words @ weights.words + dense + np.float32(weights.bias)
    return found


def train(data: Path, into: Path, *, seed: int) -> Model:
    """Train, calibrate and write the base model."""
    rules = load_rules()
    messages = training_messages(data, seed=seed)
    print(f"Reading {len(messages)} messages …", flush=True)
    features = designed(messages, rules)
    print("Fitting …", flush=True)
    weights = fit(messages, features, Recipe())
    held = [*public_messages(data, "dev", seed=seed), *corpus_messages("gate", seed=seed, per_template=PER_TEMPLATE)]
    found = margins(weights, designed(held, rules))
    targets = np.array([message.target for message in held])
    scams, genuine = found[targets == 1.0], found[np.array([message.label == "legit" for message in held])]
    levels = thresholds(scams, genuine)
    metrics = {
        level: {
            "precision": round(precision_at(scams, genuine, levels[level]), 4),
            "recall": round(float((scams >= levels[level]).mean()), 4),
        }
        for level in ("medium", "high", "critical")
    }
    print(metrics)
    manifest, arrays = pack(
        weights,
        name="base",
        created_at=CREATED_AT,
        thresholds=levels,
        data=summary(messages),
        metrics=metrics,
        rules_version=rules.version,
    )
    model = Model.load(manifest, arrays)
    into.mkdir(parents=True, exist_ok=True)
    (into / "manifest.json").write_bytes(manifest)
    (into / ARRAYS).write_bytes(arrays)
    print(f"Wrote {model.version}: {len(arrays)} bytes")
    return model


__all__ = ["margins", "train", "training_messages"]
