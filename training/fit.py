"""Fits a model to messages, and packs it."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import numpy as np
from hookline_ml.artefact import ARRAYS, Manifest, fingerprint, write_arrays
from hookline_ml.categories import CATEGORIES
from hookline_ml.facts import RULES, TOPIC, topics
from hookline_ml.features import ORDERS
from hookline_ml.model import Model
from hookline_ml.reading import read
from hookline_ml.rules import Rules
from hookline_ml.signals.catalog import signal_kinds
from numpy.typing import NDArray
from retrain.matrix import Design, Matrix, design
from retrain.solver import Head, Penalty, fit_binary, fit_categories, rarity
from scipy import sparse

from training.data import CORPUS, Message

Floats = NDArray[np.float32]

CHAR_BITS, WORD_BITS, CATEGORY_BITS = 18, 17, 15
_PUBLIC_STEP = 6  # one in so many public messages: nearly all of them are small talk or marketing
_AT_LEAST = 3  # messages that an n-gram must be in


@dataclass(frozen=True, slots=True)
class Recipe:
    """What can be turned about a fit.

    Parameters
    ----------
    knowledge_bonus
        Added to the fitted weight of ten points. A fit sees rules and words on the same messages and leans on the
        words, which serve it less well on messages of other authors: judged on templates kept out of training.
    unknown_link
        Log-odds added for a link that leads to no official domain. In our corpus both sides have links in plenty, so
        that a link alone proves nothing; among messages that people get, most smishing has one and few notices do.
    """

    penalty: Penalty = field(default_factory=lambda: Penalty(strength=30.0, dense=0.1, rounds=80))
    knowledge_bonus: float = 0.25
    unknown_link: float = 0.7
    category_strength: float = 100.0
    category_rounds: int = 80


def designed(messages: Sequence[Message], rules: Rules) -> Design:
    """Read and featurise messages."""
    return design((read(message.text, rules) for message in messages), char_bits=CHAR_BITS, word_bits=WORD_BITS)


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted model before it is packed."""

    chars: Floats
    words: Floats
    dense: dict[str, float]
    bias: float
    per_ten_points: float
    category_words: Floats
    category_dense: Floats
    category_bias: Floats
    categories: tuple[str, ...]
    facts: tuple[str, ...]


def fit(messages: Sequence[Message], features: Design, recipe: Recipe, *, categories: bool = True) -> Weights:
    """Fit both heads.

    Parameters
    ----------
    features
        ``designed(messages)``.
    categories
        Whether to fit the categories' head; without it there is one category.
    """
    kinds = signal_kinds()
    names = tuple(kinds)
    head = _binary(messages, features, names, recipe)
    per_ten = max(float(head.weights[3][0]), 0.0) + recipe.knowledge_bonus
    dense = {
        name: _on_its_side(float(weight) + per_ten * kinds[name].points / 10, kinds[name].points)
        for name, weight in zip(names, head.weights[2], strict=True)
    }
    dense["URL"] += recipe.unknown_link
    dense["OFFICIAL_LINK"] -= recipe.unknown_link
    dense[RULES] = per_ten
    facts = (*dense, *(f"rule:{code}" for code in CATEGORIES), *(f"{TOPIC}{group}" for group in sorted(topics())))
    codes, words, by_fact, bias = (
        _categories(messages, features, facts, recipe) if categories else _no_categories(facts)
    )
    return Weights(head.weights[0], head.weights[1], dense, head.bias, per_ten, words, by_fact, bias, codes, facts)


def _on_its_side(weight: float, points: float) -> float:
    """Let no suspicious signal speak for a message, and no guard against it: people would not believe the reasons."""
    return max(weight, 0.0) if points > 0 else min(weight, 0.0)


def _binary(messages: Sequence[Message], features: Design, names: Sequence[str], recipe: Recipe) -> Head:
    dense = features.dense([*names, RULES])
    points = np.array([signal_kinds()[name].points for name in names], np.float32) / 10
    knowledge = dense[:, :-1] @ points + dense[:, -1]
    held = np.full(len(names), recipe.penalty.dense, np.float32)
    blocks = [
        (features.chars, rarity(features.chars, at_least=_AT_LEAST)),
        (features.words, rarity(features.words, at_least=_AT_LEAST)),
        (Matrix(dense[:, :-1]), held),
        (Matrix(knowledge[:, None]), np.ones(1, np.float32)),
    ]
    targets = np.array([message.target for message in messages], np.float32)
    weights = np.array([message.weight for message in messages], np.float32)
    return fit_binary(blocks, targets, weights, recipe.penalty)


def _categories(
    messages: Sequence[Message], features: Design, facts: Sequence[str], recipe: Recipe
) -> tuple[tuple[str, ...], Floats, Floats, Floats]:
    rows, codes = _told_apart(messages)
    folded = _folded(features.words[rows])
    scale = np.array([_fact_scale(fact) for fact in facts], np.float32)
    solver = fit_categories(
        sparse.hstack([folded, Matrix(features.dense(facts)[rows] * scale)], format="csr", dtype=np.float32),
        codes,
        _balance(codes),
        strength=recipe.category_strength,
        rounds=recipe.category_rounds,
    )
    weights = solver.coef_.T.astype(np.float32)
    size = folded.shape[1]
    return (
        tuple(solver.classes_.tolist()),
        weights[:size],
        weights[size:] * scale[:, None],
        solver.intercept_.astype(np.float32),
    )


def _told_apart(messages: Sequence[Message]) -> tuple[NDArray[np.intp], list[str]]:
    """Return the messages that categories are learned from: all our own, and as many public ones as help."""
    labelled = [
        (row, code)
        for row, message in enumerate(messages)
        if not message.changed
        and (message.source == CORPUS or row % _PUBLIC_STEP == 0)
        and (code := category_of(message))
    ]
    return np.array([row for row, _ in labelled], np.intp), [code for _, code in labelled]


def _balance(codes: Sequence[str]) -> Floats:
    """Return weights that bring rare categories nearer to common ones."""
    counts = Counter(codes)
    found = np.array([counts[code] ** -0.5 for code in codes], np.float32)
    balanced: Floats = found / found.mean(dtype=np.float32)
    return balanced


def _fact_scale(fact: str) -> float:
    """Return how freely the weights of a fact may grow: rules are about a category, signals about many."""
    return 0.6 if fact.startswith("rule:") else 0.3


def category_of(message: Message) -> str:
    """Return the category to learn from a message, or nothing where the source does not say."""
    if message.category in CATEGORIES:
        return message.category
    if message.label == "legit":
        return "legitimate"
    return "spam_marketing" if message.label == "spam" and message.category != "undifferentiated" else ""


def _folded(words: Matrix) -> Matrix:
    """Use fewer, shared features: the topmost bits of each."""
    coo = words.tocoo()
    return Matrix(
        (coo.data, (coo.row, coo.col >> (WORD_BITS - CATEGORY_BITS))), shape=(words.shape[0], 1 << CATEGORY_BITS)
    )


def _no_categories(facts: Sequence[str]) -> tuple[tuple[str, ...], Floats, Floats, Floats]:
    return (
        ("phishing_generic",),
        np.zeros((1 << CATEGORY_BITS, 1), np.float32),
        np.zeros((len(facts), 1), np.float32),
        np.zeros(1, np.float32),
    )


def pack(
    weights: Weights,
    *,
    name: str,
    created_at: str,
    thresholds: Mapping[str, float],
    data: Mapping[str, Any],
    metrics: Mapping[str, Any],
    rules_version: str,
) -> tuple[bytes, bytes]:
    """Return manifest and arrays of a model.

    The version is the name with a hash of everything that decides what the model answers.
    """
    half = np.float16
    arrays = write_arrays(
        {
            "head": np.array([weights.bias, weights.per_ten_points], np.float32),
            "chars": weights.chars.astype(half),
            "words": weights.words.astype(half),
            "dense": np.array([weights.dense.get(fact, 0.0) for fact in weights.facts], np.float32),
            "category_words": weights.category_words.astype(half),
            "category_dense": weights.category_dense,
            "category_bias": weights.category_bias,
        }
    )
    manifest = Manifest(
        version="",
        parent="",
        created_at=created_at,
        features={
            "char_bits": CHAR_BITS,
            "word_bits": WORD_BITS,
            "category_bits": CATEGORY_BITS,
            "orders": list(ORDERS),
            "dense": list(weights.facts),
            "categories": list(weights.categories),
        },
        data=dict(data),
        metrics=dict(metrics),
        thresholds=dict(thresholds),
        rules_version=rules_version,
        files={ARRAYS: fingerprint(arrays)},
    )
    content = sha256(arrays + json.dumps([manifest.features, manifest.thresholds], sort_keys=True).encode()).hexdigest()
    return replace(manifest, version=f"{name}-{content[:12]}").dump(), arrays


PLAIN_SCALE = {"medium": -1.0, "high": 1.0, "critical": 3.0, "slope": 1.0, "shift": 0.0}
"""Thresholds of a model that has not been calibrated."""


def model_of(weights: Weights, thresholds: Mapping[str, float] = PLAIN_SCALE) -> Model:
    """Return a usable model that is not for shipping."""
    return Model.load(
        *pack(weights, name="trial", created_at="", thresholds=thresholds, data={}, metrics={}, rules_version="")
    )
