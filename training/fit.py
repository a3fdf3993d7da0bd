"""Fits a model to messages, and packs it."""

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import numpy as np
from hookline_ml.artefact import ARRAYS, Manifest, fingerprint
from hookline_ml.categories import CATEGORIES, HARMLESS
from hookline_ml.category_head import CategoryHead
from hookline_ml.facts import RULES, topics
from hookline_ml.features import ORDERS
from hookline_ml.model import Model, write_weights
from hookline_ml.reading import read
from hookline_ml.rules import Rules
from hookline_ml.signals.catalog import signal_kinds
from numpy.typing import NDArray
from retrain.matrix import Design, Matrix, design
from retrain.solver import Head, Penalty, fit_binary, rarity
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from training.data import CORPUS, Message

Floats = NDArray[np.float32]

CHAR_BITS, WORD_BITS = 20, 19
_PUBLIC_STEP = 6  # one in so many public messages: nearly all of them are small talk or marketing
_AT_LEAST = 3  # messages that an n-gram must be in
_MARKETING = Penalty(strength=100.0, rounds=60)
_ODD_LINKS = ("URL_SHORT", "URL_TLD")
_SMOOTHING = 0.04  # added to the counts of an n-gram, shared between the sides
_CATEGORY_SMOOTHING = 0.5
_CATEGORY_NGRAMS = 84_000  # rows of the categories' head
_CATEGORY_AT_LEAST = 4  # messages
_CATEGORY_STRENGTH, _CATEGORY_ROUNDS = 1.0, 200
_COUNTED = {  # what a message of a source counts in naive Bayes; the others are too large, too old or too doubtful
    CORPUS: 1.0,
    "uci_sms_spam": 1.0,
    "mishra_soni_2022": 1.0,
    "thai_sms_2022": 1.0,
    "indonesian_sms": 1.0,
    "arabic_smishing_tasmco": 1.0,
    "indian_phone_export_2022": 1.0,
    "fbs_sms_ccs20": 0.3,
    "nus_sms_zh": 0.3,
}
_BORNE_OUT = {"thai_sms_2022", "indonesian_sms", "arabic_smishing_tasmco", "fbs_sms_ccs20", "nus_sms_zh"}
"""Real messages in languages of which there are few: what they say may weigh more than what our corpus alone says."""
_OFTEN = 4  # messages
_FACT_SHARE = 0.2  # of an n-gram's weight: a message has few facts, and rules see what the words say once more


@dataclass(frozen=True, slots=True)
class Recipe:
    """What can be turned about a fit.

    Parameters
    ----------
    knowledge_bonus
        Added to the fitted weight of ten points. A fit sees rules and words on the same messages and leans on the
        words, which serve it less well on messages of other authors: judged on templates kept out of training.
    unknown_link, odd_link
        Log-odds added for a link that leads to no official domain, and once more for a shortener or a cheap ending. In
        our corpus both sides have such links, so that they prove little; among messages that people get, most smishing
        has one and few notices do.
    counted_share
        What share of naive Bayes's log-odds is added to the fitted weights of n-grams, see `_counted`.
    category_counts
        What share of naive Bayes's weights is added to those of the categories' fit.
    sharpness
        By what the weights of the categories are multiplied, so that they make fair probabilities.
    """

    penalty: Penalty = field(default_factory=lambda: Penalty(strength=8.0, dense=0.1, rounds=300))
    knowledge_bonus: float = 0.25
    unknown_link: float = 0.8
    odd_link: float = 1.2
    counted_share: float = 0.3
    category_counts: float = 0.5
    sharpness: float = 3.0


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
    by_category: CategoryHead
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
    for code in _ODD_LINKS:
        dense[code] += recipe.odd_link
    dense[RULES] = per_ten
    facts = (*dense, *(f"rule:{code}" for code in CATEGORIES), *sorted(topics().values()))
    by_category = _categories(messages, features, facts, recipe) if categories else _no_categories(facts)
    chars, words = (
        fitted + recipe.counted_share * _counted(messages, block)
        for fitted, block in zip(head.weights[:2], (features.chars, features.words), strict=True)
    )
    return Weights(chars, words, dense, head.bias, per_ten, by_category, facts)


def _on_its_side(weight: float, points: float) -> float:
    """Let no suspicious signal speak for a message, and no guard against it: people would not believe the reasons."""
    return max(weight, 0.0) if points > 0 else min(weight, 0.0)


def _counted(messages: Sequence[Message], features: Matrix) -> Floats:
    """Return the log-odds of a scam that each n-gram has by itself, 0 for those never seen (naive Bayes).

    A fit needs only some of the n-grams that tell the sides apart and leaves the rest near zero; those of other authors
    are often among the rest.
    """
    shares = np.array([not message.changed and _COUNTED.get(message.source, 0.0) for message in messages], np.float32)
    targets = np.array([message.target for message in messages], np.float32)
    against, by = features.T @ (shares * targets), features.T @ (shares * (1 - targets))
    total = against.sum() + by.sum()
    smoothing = _SMOOTHING * np.array([against.sum(), by.sum()]) / total
    odds = np.log((against + smoothing[0]) / against.sum()) - np.log((by + smoothing[1]) / by.sum())
    found: Floats = odds.astype(np.float32)
    return found


def _binary(messages: Sequence[Message], features: Design, names: Sequence[str], recipe: Recipe) -> Head:
    dense = features.dense([*names, RULES])
    points = np.array([signal_kinds()[name].points for name in names], np.float32) / 10
    knowledge = dense[:, :-1] @ points + dense[:, -1]
    held = np.full(len(names), recipe.penalty.dense, np.float32)
    blocks = [
        (features.chars, rarity(features.chars, at_least=_AT_LEAST) * _freedom(messages, features.chars)),
        (features.words, rarity(features.words, at_least=_AT_LEAST) * _freedom(messages, features.words)),
        (Matrix(dense[:, :-1]), held),
        (Matrix(knowledge[:, None]), np.ones(1, np.float32)),
    ]
    targets = np.array([message.target for message in messages], np.float32)
    weights = np.array([message.weight for message in messages], np.float32)
    return fit_binary(blocks, targets, weights, recipe.penalty)


def _freedom(messages: Sequence[Message], features: Matrix) -> Floats:
    """Return the scale of each n-gram, in 1..2: the more of the messages of `_BORNE_OUT` have it, the higher."""
    rows = [row for row, message in enumerate(messages) if message.source in _BORNE_OUT]
    counts = np.bincount(features[rows].indices, minlength=features.shape[1])
    freedom: Floats = (1 + np.minimum(counts / _OFTEN, 1)).astype(np.float32)
    return freedom


def _categories(messages: Sequence[Message], features: Design, facts: Sequence[str], recipe: Recipe) -> CategoryHead:
    """Learn the categories' head: one part tells the scams apart, another marketing from genuine messages."""
    rows, codes = _told_apart(messages)
    seen = features.take(rows)
    counted = np.array([_speaks(fact) for fact in facts], np.float32) * _FACT_SHARE
    columns = sparse.hstack(
        [seen.chars, seen.words, Matrix(seen.dense(facts).clip(min=0) * counted)], format="csr", dtype=np.float32
    )
    found_in = np.bincount(columns.indices, minlength=columns.shape[1])
    used = (found_in >= _CATEGORY_AT_LEAST) | (np.arange(columns.shape[1]) >= columns.shape[1] - len(facts))
    columns, found_in = columns[:, used], found_in[used]

    told = np.array(codes)
    scams = np.isin(told, list(HARMLESS), invert=True)
    names, weights, bias = _scams_apart(columns[scams], told[scams], recipe.category_counts)
    marketing = fit_binary(
        [(columns[~scams], np.ones(columns.shape[1], np.float32))],
        (told[~scams] == "spam_marketing").astype(np.float32),
        np.ones(int((~scams).sum()), np.float32),
        _MARKETING,
    )
    zero, lean = np.zeros_like(marketing.weights[0]), marketing.weights[0]
    table = np.zeros((len(used), len(names) + len(HARMLESS)), np.float32)
    table[used] = np.column_stack([weights * recipe.sharpness, zero, lean])
    table[np.flatnonzero(used)[_telling_least(table[used], found_in, len(facts))]] = 0
    chars, words, by_fact = np.split(table, [features.chars.shape[1], len(used) - len(facts)])
    return CategoryHead.of(
        (*names, "legitimate", "spam_marketing"),
        facts,
        chars,
        words,
        by_fact * counted[:, None],
        np.array([*(bias * recipe.sharpness), 0.0, marketing.bias], np.float32),
    )


def _scams_apart(columns: Matrix, codes: NDArray[np.str_], counts: float) -> tuple[list[str], Floats, Floats]:
    """Tell the scams apart, with a linear support vector machine and complement naive Bayes (Rennie et al., ICML 2003).

    A category has a few hundred messages. A fit finds what sets it apart from its neighbours, and counts say something
    of the many words that no neighbour needs to be set apart by.

    Returns
    -------
    The categories, the weight of each column for each of them, and their biases.
    """
    rare = rarity(columns, at_least=1)
    fitted = LinearSVC(C=_CATEGORY_STRENGTH, max_iter=_CATEGORY_ROUNDS, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the number of rounds is part of the recipe
        fitted.fit(columns @ sparse.diags(rare), codes)
    bayes = ComplementNB(alpha=_CATEGORY_SMOOTHING).fit(columns, codes)
    weights = fitted.coef_.T * rare[:, None] + counts * bayes.feature_log_prob_.T
    weights -= weights.mean(1, keepdims=True)
    weights[np.asarray(columns.sum(0)).ravel() == 0] = 0
    return fitted.classes_.tolist(), weights.astype(np.float32), fitted.intercept_.astype(np.float32)


def _telling_least(table: Floats, found_in: NDArray[np.intp], facts: int) -> NDArray[np.intp]:
    """Return the n-grams that tell least of the categories: all but as many as the head has room for.

    Parameters
    ----------
    found_in
        How many messages have each column.
    facts
        How many of the last columns are facts, which all stay.
    """
    telling = table[:-facts].var(axis=1) * np.sqrt(found_in[:-facts])
    return np.argsort(-telling, kind="stable")[_CATEGORY_NGRAMS:]


def _speaks(fact: str) -> bool:
    """Say whether a fact tells something of the category; those that may be negative tell only of the margin."""
    return fact not in {RULES, "rule:legitimate"}


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


def category_of(message: Message) -> str:
    """Return the category to learn from a message, or nothing where the source does not say."""
    if message.category in CATEGORIES:
        return message.category
    if message.label == "legit":
        return "legitimate"
    return "spam_marketing" if message.label == "spam" and message.category != "undifferentiated" else ""


def _no_categories(facts: Sequence[str]) -> CategoryHead:
    chars, words, dense = (np.zeros((size, 1), np.float32) for size in (1 << CHAR_BITS, 1 << WORD_BITS, len(facts)))
    return CategoryHead.of(("phishing_generic",), facts, chars, words, dense, np.zeros(1, np.float32))


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
    arrays = write_weights(
        weights.bias,
        weights.per_ten_points,
        weights.chars,
        weights.words,
        [weights.dense.get(fact, 0.0) for fact in weights.facts],
        weights.by_category,
    )
    manifest = Manifest(
        version="",
        parent="",
        created_at=created_at,
        features={
            "char_bits": CHAR_BITS,
            "word_bits": WORD_BITS,
            "orders": list(ORDERS),
            "dense": list(weights.facts),
            "categories": list(weights.by_category.categories),
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
