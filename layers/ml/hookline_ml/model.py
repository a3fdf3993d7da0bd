"""The trained part of the detector: weights for features, and what a margin means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from math import exp, isfinite, sqrt
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hookline_ml.artefact import ARRAYS, Manifest, ModelArtifactError, read_arrays
from hookline_ml.categories import CATEGORIES
from hookline_ml.facts import RULES
from hookline_ml.features import ORDERS, Floats, Grams, Indices
from hookline_ml.signals import Signal, SignalKind, Signals

_FEATURES = {
    "char_bits": int,
    "word_bits": int,
    "category_char_bits": int,
    "category_word_bits": int,
    "orders": list,
    "dense": list,
    "categories": list,
}


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns margins (log-odds of the whole evidence) into scores and probabilities.

    Parameters
    ----------
    medium, high, critical
        The margins at which the score is 40, 70 and 90.
    slope, shift
        ``probability = 1 / (1 + exp(-(slope * margin + shift)))``.
    """

    medium: float
    high: float
    critical: float
    slope: float
    shift: float

    def score(self, margin: float) -> float:
        """Return the score of a margin, in 0..100: it bends at the levels, and never stands still."""
        if margin >= self.critical:
            return 100 - 10 * exp(-(margin - self.critical) * 2 / (self.critical - self.high))
        if margin >= self.high:
            return 70 + 20 * (margin - self.high) / (self.critical - self.high)
        if margin >= self.medium:
            return 40 + 30 * (margin - self.medium) / (self.high - self.medium)
        return 40 * exp((margin - self.medium) * 0.75 / (self.high - self.medium))

    def scores(self, margins: Floats) -> Floats:
        """Return the scores of many margins."""
        middle = np.interp(margins, (self.medium, self.high, self.critical), (40.0, 70.0, 90.0))
        low = 40 * np.exp(np.minimum(margins - self.medium, 0) * 0.75 / (self.high - self.medium))
        top = 100 - 10 * np.exp(-np.maximum(margins - self.critical, 0) * 2 / (self.critical - self.high))
        return np.where(margins < self.medium, low, np.where(margins > self.critical, top, middle)).astype(np.float32)

    def probability(self, margin: float) -> float:
        """Return the calibrated probability of a scam."""
        return 1 / (1 + exp(-max(-700.0, min(700.0, self.slope * margin + self.shift))))


class _FactRows(dict[str, int]):
    """The row of each fact in the categories' weights; the last one, of zeros, for facts that training has not seen."""

    def __missing__(self, fact: str) -> int:
        return len(self)


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of a version. It never changes; a new version is a new object.

    Parameters
    ----------
    chars, words
        Weight of each hashed n-gram of characters, of words.
    dense
        Weight of each fact by name. ``per_ten_points`` is the weight of ten points of a rule, and of a signal that
        the model has not seen in training.
    category_chars, category_words, category_bias
        Weights of the categories' head: shapes (2**category_char_bits, categories), (2**category_word_bits,
        categories), (categories). Its n-grams are those of the margin, by fewer of their bits.
    """

    manifest: Manifest
    scale: Scale
    bias: float
    per_ten_points: float
    chars: Floats
    words: Floats
    dense: Mapping[str, float]
    category_chars: Floats
    category_words: Floats
    category_bias: Floats
    categories: tuple[str, ...]
    _fact_rows: _FactRows
    _fact_weights: Floats

    @property
    def version(self) -> str:
        """The version's name."""
        return self.manifest.version

    @property
    def char_bits(self) -> int:
        """Features of characters are numbers below two to the power of this; `grams` needs it."""
        return int(self.manifest.features["char_bits"])

    @property
    def word_bits(self) -> int:
        """The same for words."""
        return int(self.manifest.features["word_bits"])

    @classmethod
    def load(cls, manifest: bytes, arrays: bytes) -> Self:
        """Read a model, trusting nothing.

        Raises
        ------
        ModelArtifactError
            If hash, size, shape, type or a number of it is not as it should be.
        """
        known = Manifest.parse(manifest)
        settings = _settings(known)
        weights = read_arrays(arrays, known)
        dense, categories = settings["dense"], settings["categories"]
        shapes = {
            "head": (2,),
            "chars": (1 << settings["char_bits"],),
            "words": (1 << settings["word_bits"],),
            "dense": (len(dense),),
            "category_chars": (1 << settings["category_char_bits"], len(categories)),
            "category_words": (1 << settings["category_word_bits"], len(categories)),
            "category_dense": (len(dense), len(categories)),
            "category_bias": (len(categories),),
        }
        for name, shape in shapes.items():
            if name not in weights or weights[name].shape != shape:
                raise ModelArtifactError(f"{name} is missing or not of shape {shape}")
        return cls(
            manifest=known,
            scale=_scale(known),
            bias=float(weights["head"][0]),
            per_ten_points=float(weights["head"][1]),
            chars=weights["chars"].astype(np.float32),
            words=weights["words"].astype(np.float32),
            dense=dict(zip(dense, weights["dense"].tolist(), strict=True)),
            category_chars=weights["category_chars"].astype(np.float32),
            category_words=weights["category_words"].astype(np.float32),
            category_bias=weights["category_bias"].astype(np.float32),
            categories=tuple(categories),
            _fact_rows=_FactRows(zip(dense, range(len(dense)), strict=True)),
            _fact_weights=np.vstack([weights["category_dense"], np.zeros(len(categories))]).astype(np.float32),
        )

    @property
    def category_dense(self) -> Floats:
        """The weights of the facts in the categories' head: shape (facts, categories)."""
        return self._fact_weights[:-1]

    def wording_margins(self, grams: Grams) -> Floats:
        """Return what the words of each message add to its margin."""
        chars, words = self.feature_weights(grams)
        return _means(chars, grams.chars_valid, grams.char_starts) + _means(words, grams.words_valid, grams.word_starts)

    def signal_weight(self, signal: Signal | SignalKind) -> float:
        """Return what a signal adds to the margin; one that training has not seen goes by its own points."""
        known = self.dense.get(signal.code)
        return signal.points / 10 * self.per_ten_points if known is None else known

    def dense_margin(self, facts: Mapping[str, float], signals: Signals) -> float:
        """Return what signals and rules add to the margin."""
        return sum(map(self.signal_weight, signals.kinds)) + self.dense.get(RULES, self.per_ten_points) * facts.get(
            RULES, 0.0
        )

    def feature_weights(self, grams: Grams) -> tuple[Floats, Floats]:
        """Return the weight of every n-gram, in the shapes of `grams.chars` and `grams.words`."""
        return self.chars.take(grams.chars) * grams.chars_valid, self.words.take(grams.words) * grams.words_valid

    def category_probabilities(
        self, grams: Grams, facts: Sequence[Mapping[str, float]], messages: Sequence[int] | None = None
    ) -> Floats:
        """Return the probability of each of `categories`, shape (messages, categories).

        Parameters
        ----------
        grams, facts
            The hashed n-grams of the messages, and the dense features of each.
        messages
            The places of those to answer for; all of them when None.
        """
        wanted = range(len(facts)) if messages is None else messages
        margins = np.empty((len(wanted), len(self.categories)), np.float32)
        for row, message in enumerate(wanted):
            margins[row] = self._category_margins(*grams.of(message), facts[message])
        shares = np.exp(margins - margins.max(1, keepdims=True))
        return np.asarray(shares / shares.sum(1, keepdims=True), np.float32)

    def _category_margins(self, chars: Indices, words: Indices, facts: Mapping[str, float]) -> Floats:
        """Return what the n-grams and facts of one message say for each category."""
        settings = self.manifest.features
        fewer_chars = chars >> np.uint32(self.char_bits - int(settings["category_char_bits"]))
        fewer_words = words >> np.uint32(self.word_bits - int(settings["category_word_bits"]))
        rows = [*map(self._fact_rows.__getitem__, facts)]
        found: Floats = (
            self.category_bias
            + _row_mean(self.category_chars, fewer_chars)
            + _row_mean(self.category_words, fewer_words)
            + np.array([*facts.values()], np.float32) @ self._fact_weights.take(rows, axis=0)
        )
        return found

    def odds(self, category: str, other: str) -> "Odds | None":
        """Return what tells two categories apart; None for a model that lacks one of them."""
        if category not in self.categories or other not in self.categories:
            return None
        here, there = self.categories.index(category), self.categories.index(other)
        tables = (self.category_chars, self.category_words, self._fact_weights, self.category_bias[None])
        chars, words, facts, bias = (table[:, here] - table[:, there] for table in tables)
        settings = self.manifest.features
        return Odds(
            chars,
            words,
            dict(zip(self._fact_rows, facts.tolist(), strict=False)),
            float(bias[0]),
            np.uint32(self.char_bits - int(settings["category_char_bits"])),
            np.uint32(self.word_bits - int(settings["category_word_bits"])),
        )


@dataclass(frozen=True, slots=True)
class Odds:
    """What tells two of the categories apart, which takes far less time than to weigh all of them.

    Parameters
    ----------
    chars, words, facts, bias
        The difference of their weights.
    fewer_char_bits, fewer_word_bits
        How many bits of the n-grams the categories' head leaves out.
    """

    chars: Floats
    words: Floats
    facts: Mapping[str, float]
    bias: float
    fewer_char_bits: np.uint32
    fewer_word_bits: np.uint32

    def of(self, grams: Grams, facts: Sequence[Mapping[str, float]]) -> Floats:
        """Return the log-odds of the one category against the other, for each message."""
        chars = self.chars.take(grams.chars >> self.fewer_char_bits) * grams.chars_valid
        words = self.words.take(grams.words >> self.fewer_word_bits) * grams.words_valid
        weigh = self.facts.get
        known = [sum([weigh(fact, 0.0) * value for fact, value in each.items()], self.bias) for each in facts]
        wording = _means(chars, grams.chars_valid, grams.char_starts)
        return wording + _means(words, grams.words_valid, grams.word_starts) + np.array(known, np.float32)


def _means(weights: Floats, valid: NDArray[np.bool_], starts: NDArray[np.intp]) -> Floats:
    """Return the sum of each message's weights, divided by the square root of their number."""
    sums = _per_message(weights.sum(0, dtype=np.float64), starts)
    counts = _per_message(valid.sum(0, dtype=np.float64), starts)
    return (sums / np.sqrt(np.maximum(counts, 1))).astype(np.float32)


def _row_mean(table: Floats, features: Indices) -> Floats:
    """Return the sum of a table's rows for the features of one message, divided by the square root of their number."""
    # A product with ones is much the fastest way to a sum.
    total: Floats = np.ones(len(features), np.float32) @ table.take(features, axis=0)
    return total / np.float32(sqrt(max(len(features), 1)))


def _per_message(values: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    totals = np.zeros(len(values) + 1, np.float64)
    np.cumsum(values, out=totals[1:])
    return totals[starts[1:]] - totals[starts[:-1]]


def _settings(manifest: Manifest) -> dict[str, Any]:
    settings = dict(manifest.features)
    for name, kind in _FEATURES.items():
        if not isinstance(settings.get(name), kind):
            raise ModelArtifactError(f"features.{name} is missing or not of type {kind.__name__}")
    if settings["orders"] != list(ORDERS):
        raise ModelArtifactError("the n-grams are not those of this featuriser")
    if not all(8 <= settings[f"category_{kind}_bits"] <= settings[f"{kind}_bits"] <= 22 for kind in ("char", "word")):
        raise ModelArtifactError("the numbers of bits are out of range")
    for name in ("dense", "categories"):
        if not all(isinstance(each, str) for each in settings[name]) or len(set(settings[name])) != len(settings[name]):
            raise ModelArtifactError(f"features.{name} must be different names")
    if not settings["categories"] or not CATEGORIES.keys() >= set(settings["categories"]):
        raise ModelArtifactError("it names categories that do not exist")
    return settings


def _scale(manifest: Manifest) -> Scale:
    try:
        scale = Scale(**manifest.thresholds)
        values = [float(getattr(scale, name)) for name in Scale.__slots__]
    except (TypeError, ValueError):
        raise ModelArtifactError("the thresholds are incomplete") from None
    if not all(map(isfinite, values)) or not scale.medium < scale.high < scale.critical or scale.slope <= 0:
        raise ModelArtifactError("the thresholds do not rise")
    return scale


def load_folder(folder: Traversable) -> Model:
    """Load a model from a folder with `manifest.json` and `model.npz` (a `Path` or package resources)."""
    return Model.load((folder / "manifest.json").read_bytes(), (folder / ARRAYS).read_bytes())


@cache
def base_model() -> Model:
    """Return the model that ships with Hookline."""
    return load_folder(files(__package__) / "base")


__all__ = ["Manifest", "Model", "ModelArtifactError", "Scale", "base_model", "load_folder"]
