"""Retrains a model on people's labels, starting from what its parent knows."""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from random import Random
from typing import Any, Literal

import numpy as np
from hookline_ml.artefact import ARRAYS, Manifest, fingerprint
from hookline_ml.facts import weighs
from hookline_ml.model import Model, write_weights
from hookline_ml.reading import read
from hookline_ml.rules import load_rules
from numpy.typing import NDArray

from retrain.matrix import Design, Matrix, design
from retrain.solver import Head, Penalty, Problem, scaled

Floats = NDArray[np.float32]

REPLAY = Path(__file__).with_name("replay.jsonl.gz")
_REPLAYED = 3000  # messages on which the parent's answers are kept
_PENALTY = Penalty(strength=500.0, dense=0.02, rounds=40)
_PARENT_SCALE = 1.0  # the parent's margin is one more feature, which costs next to nothing to lean on
_MOST_LABELS_WEIGH = 20_000.0  # all labels together weigh at most this many times one replayed message
_LABEL_WEIGHT = 3.0
_TARGETS = {"scam": 1.0, "spam": 0.2, "legit": 0.0}  # how sure it is that a message is a scam, as for the base model
_READ_SHARE = 0.7  # of the time that training takes
_PART = 1000  # messages laid out at a time
_GRAM_SCALE = 0.3
_MOST_PROBED = 20_000  # labels that a probe learns from: enough to tell what it is there for


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message with the label that somebody gave it, and where the label came from.

    Spam is unwanted, and no scam: it is learned from as it was in the base model's training.
    """

    text: str
    label: Literal["scam", "legit", "spam"]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trained model, packed. `metrics` are also in the manifest.

    Parameters
    ----------
    probe
        The same recipe on the same labels but those held out; nothing if none were.
    """

    manifest: bytes
    arrays: bytes
    metrics: dict[str, Any]
    probe: Model | None = None


Progress = Callable[[str, float], None]
"""Is told the stage, and how much of the whole training is done (0..1)."""


def _silent(stage: str, share: float) -> None:
    del stage, share


@cache
def replayed() -> tuple[str, ...]:
    """Return the texts that ship for this: messages of the project's own corpus, scams and genuine ones."""
    with gzip.open(REPLAY, "rt", encoding="utf-8") as lines:
        return tuple(json.loads(line)["text"] for line in lines)


def train(
    labels: Sequence[Labelled],
    *,
    parent: Model,
    seed: int,
    created_at: str = "",
    held_out: AbstractSet[int] = frozenset(),
    progress: Progress = _silent,
) -> Candidate:
    """Train a new model on labels.

    The new margin is the parent's margin plus a correction for each feature. Corrections are held near zero, and on
    replayed messages the fit is held to the parent's own answers: a few labels change little beside what they are
    about, many labels change much.

    Parameters
    ----------
    labels
        All labels, of this and of earlier times.
    parent
        The model to start from.
    seed
        The same labels, parent and seed give the same bytes.
    created_at
        ISO time for the manifest.
    held_out
        Places of labels that the probe does not see; of the others it sees the first 20 000. The model itself sees all.
    progress
        Is told how far the training is.

    Raises
    ------
    ValueError
        If there are no labels.
    """
    if not labels:
        raise ValueError("no labels to train on")
    texts = list(replayed())
    Random(seed).shuffle(texts)  # noqa: S311  # no secret hangs on it
    texts = texts[:_REPLAYED]
    problem = _problem(parent, labels, texts, progress)
    each = min(_LABEL_WEIGHT, _MOST_LABELS_WEIGH / len(labels))
    weights = np.concatenate([np.full(len(labels), each, np.float32), np.ones(len(texts), np.float32)])
    progress("fitting", _READ_SHARE)
    candidate = _pack(labels, parent, problem.fit(weights, _PENALTY), created_at=created_at)
    if not held_out:
        return candidate
    progress("probing", (1 + _READ_SHARE) / 2)
    weights[sorted(held_out)] = 0
    weights[_MOST_PROBED : len(labels)] = 0
    probe = _pack(labels, parent, problem.fit(weights, _PENALTY), created_at=created_at)
    return replace(candidate, probe=Model.load(probe.manifest, probe.arrays))


def _problem(parent: Model, labels: Sequence[Labelled], texts: Sequence[str], progress: Progress) -> Problem:
    """Lay out labels and replayed messages, a part at a time."""
    rules = load_rules()
    everything = chain((label.text for label in labels), texts)
    total = len(labels) + len(texts)
    scales = _scales(parent)
    parts: list[Matrix] = []
    margins: list[Floats] = []
    while part := list(islice(everything, _PART)):
        progress("reading", _READ_SHARE * len(parts) * _PART / total)
        features = design((read(text, rules) for text in part), char_bits=parent.char_bits, word_bits=parent.word_bits)
        margins.append(parent_margins(parent, features))
        parts.append(scaled(list(zip(_columns(parent, features, margins[-1]), scales, strict=True))))
    replayed_margins = np.concatenate(margins)[len(labels) :]
    known = np.array([_TARGETS[label.label] for label in labels], np.float32)
    return Problem.joined(parts, scales, np.concatenate([known, 1 / (1 + np.exp(-replayed_margins))]))


def parent_margins(parent: Model, features: Design) -> Floats:
    """Return what the parent says about each message (log-odds)."""
    names = list(parent.dense)
    dense = features.dense(names) @ np.array([parent.dense[name] for name in names], np.float32)
    wording = features.chars @ parent.chars.weights() + features.words @ parent.words.weights()
    margins: Floats = wording + dense + np.float32(parent.bias)
    return margins


def _columns(parent: Model, features: Design, margins: Floats) -> tuple[Matrix, ...]:
    """Return what the correction is made of, the parent's margin last."""
    return features.chars, features.words, Matrix(features.dense(list(parent.dense))), Matrix(margins[:, None])


def _scales(parent: Model) -> tuple[Floats, ...]:
    """Return the scales of the columns, in the same order."""

    def everywhere(size: int, scale: float) -> Floats:
        return np.full(size, scale, np.float32)

    return (
        everywhere(len(parent.chars.counts), _GRAM_SCALE),
        everywhere(len(parent.words.counts), _GRAM_SCALE),
        np.array([_PENALTY.dense * weighs(name) for name in parent.dense], np.float32),
        everywhere(1, _PARENT_SCALE),
    )


def _pack(labels: Sequence[Labelled], parent: Model, head: Head, *, created_at: str) -> Candidate:
    chars, words, dense, lean = head.weights
    arrays = write_weights(
        parent.bias * lean[0] + head.bias,
        parent.per_ten_points * lean[0],
        parent.chars.weights() * lean + chars,
        parent.words.weights() * lean + words,
        np.array(list(parent.dense.values()), np.float32) * lean + dense,
        parent.head,
    )
    content = sha256()
    for label in labels:
        content.update(f"{label.label}\t{label.text}\n".encode("utf-8", "replace"))
    metrics = {"labels": dict(Counter(label.label for label in labels)), "lean_on_parent": round(float(lean[0]), 3)}
    rows: dict[str, Counter[str]] = {}
    for label in labels:
        rows.setdefault(label.source or "labels", Counter())[label.label] += 1
    manifest = Manifest(
        version=f"labels-{sha256(arrays + created_at.encode()).hexdigest()[:12]}",
        parent=parent.version,
        created_at=created_at,
        features=parent.manifest.features,
        data={"hash": content.hexdigest(), "rows": {source: dict(found) for source, found in sorted(rows.items())}},
        metrics=metrics,
        thresholds=parent.manifest.thresholds,
        rules_version=load_rules().version,
        files={ARRAYS: fingerprint(arrays)},
    )
    return Candidate(manifest.dump(), arrays, metrics)
