"""The trained part of the detector: weights for features, and what a margin means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from math import exp, isfinite
from typing import Any, Self

import numpy as np

from hookline_ml.artefact import ARRAYS, Manifest, ModelArtifactError, read_arrays, require, require_steps, write_arrays
from hookline_ml.categories import CATEGORIES
from hookline_ml.category_head import CategoryHead
from hookline_ml.facts import RULES
from hookline_ml.features import ORDERS, Floats, Grams
from hookline_ml.signals import Signal, SignalKind, Signals
from hookline_ml.steps import Steps

_FEATURES = {
    "char_bits": int,
    "word_bits": int,
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
    head
        What tells the categories apart.
    """

    manifest: Manifest
    scale: Scale
    bias: float
    per_ten_points: float
    chars: Steps
    words: Steps
    dense: Mapping[str, float]
    head: CategoryHead

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
        require(weights, "head", (2,), np.float32)
        require(weights, "chars", (1 << settings["char_bits"],), np.int8)
        require(weights, "words", (1 << settings["word_bits"],), np.int8)
        require_steps(weights, "steps", (2,))
        require(weights, "dense", (len(dense),), np.float32)
        return cls(
            manifest=known,
            scale=_scale(known),
            bias=float(weights["head"][0]),
            per_ten_points=float(weights["head"][1]),
            chars=Steps(weights["chars"], weights["steps"][0]),
            words=Steps(weights["words"], weights["steps"][1]),
            dense=dict(zip(dense, weights["dense"].tolist(), strict=True)),
            head=CategoryHead.read(weights, categories, dense, (settings["char_bits"], settings["word_bits"])),
        )

    def wording_margins(self, grams: Grams) -> Floats:
        """Return what the words of each message add to its margin."""
        return grams.means(self.chars, self.words)

    def signal_weight(self, signal: Signal | SignalKind) -> float:
        """Return what a signal adds to the margin; one that training has not seen goes by its own points."""
        known = self.dense.get(signal.code)
        return signal.points / 10 * self.per_ten_points if known is None else known

    def dense_margin(self, facts: Mapping[str, float], signals: Signals) -> float:
        """Return what signals and rules add to the margin."""
        return sum(map(self.signal_weight, signals.kinds)) + self.dense.get(RULES, self.per_ten_points) * facts.get(
            RULES, 0.0
        )


def write_weights(
    bias: float,
    per_ten_points: float,
    chars: Floats,
    words: Floats,
    dense: Sequence[float] | Floats,
    head: CategoryHead,
) -> bytes:
    """Return the weights of a model as the archive that `Model.load` reads."""
    of_chars, of_words = Steps.of(chars), Steps.of(words)
    return write_arrays(
        {
            "head": np.array([bias, per_ten_points], np.float32),
            "chars": of_chars.counts,
            "words": of_words.counts,
            "steps": np.array([of_chars.size, of_words.size], np.float32),
            "dense": np.array(dense, np.float32),
            **head.arrays(),
        }
    )


def _settings(manifest: Manifest) -> dict[str, Any]:
    settings = dict(manifest.features)
    for name, kind in _FEATURES.items():
        if not isinstance(settings.get(name), kind):
            raise ModelArtifactError(f"features.{name} is missing or not of type {kind.__name__}")
    if settings["orders"] != list(ORDERS):
        raise ModelArtifactError("the n-grams are not those of this featuriser")
    if not all(8 <= settings[f"{kind}_bits"] <= 22 for kind in ("char", "word")):
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
