"""Says what a margin is made of, in words that people recognise."""

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from hookline_ml.facts import RULES, hit_points
from hookline_ml.features import LINK, ORDERS, Floats, Grams
from hookline_ml.model import Model
from hookline_ml.reading import Reading
from hookline_ml.types import Reason, Span

MAX_TERMS = 5
_NOTABLE = 0.15  # log-odds that a word must bring to be named
_NEAR = 1  # words with at most this many characters between them are named together
_LONGEST_TERM = 4  # words

WORDING = "MODEL_WORDING"
TERM = "MODEL_TERM"
_WORDING_TEXT = "The wording as a whole"
_LEAST_POINTS = 0.05  # less is not worth a line; it goes with the wording as a whole
_TINY = 1e-6


def contributions(model: Model, reading: Reading, grams: Grams) -> list[Reason]:
    """Split the margin of a message, less the model's bias, into reasons with log-odds for points.

    Spans are in the original text.
    """
    parts = [*_signals(model, reading), *_hits(model, reading)]
    total, terms = _terms(model, reading, grams)
    named = sum(term.points for term in terms)
    return [*parts, *terms, Reason(WORDING, "model", total - named, _WORDING_TEXT)]


def _signals(model: Model, reading: Reading) -> list[Reason]:
    return [
        Reason(
            code=signal.code,
            source="sender" if signal.code.startswith("SENDER_") else "guard" if signal.points < 0 else "signal",
            points=model.signal_weight(signal),
            text=signal.text,
            spans=_original(reading, signal.spans),
        )
        for signal in reading.signals.items
    ]


def _hits(model: Model, reading: Reading) -> list[Reason]:
    weight = model.dense.get(RULES, model.per_ten_points) / 10
    return [
        Reason(hit.code, "rule", points * weight, hit.text, _original(reading, hit.spans))
        for hit, points in zip(reading.hits, hit_points(reading.hits), strict=True)
    ]


def _original(reading: Reading, spans: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(reading.normalised.span(start, end) for start, end in spans)


def _terms(model: Model, reading: Reading, grams: Grams) -> tuple[float, list[Reason]]:
    """Return what the wording brings in all, and the words that bring most."""
    spread, by_word = _per_character(model, grams)
    total = float(spread.sum() + by_word.sum())
    if not len(grams.word_spans):
        return total, []
    sums = np.concatenate([[0.0], np.cumsum(spread)])
    weights = sums[grams.word_spans[:, 1]] - sums[grams.word_spans[:, 0]] + by_word
    heaviest = np.argsort(-weights)[: MAX_TERMS + 1].tolist()
    chosen = [place for place in heaviest if weights[place] > _NOTABLE and not _is_link(reading, grams, place)][
        :MAX_TERMS
    ]
    return total, [_term(reading, grams, weights, run) for run in _runs(sorted(chosen), grams)]


def _is_link(reading: Reading, grams: Grams, place: int) -> bool:
    return reading.wording.text[int(grams.places[grams.word_spans[place, 0]]) - 1] == LINK


def _per_character(model: Model, grams: Grams) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Spread the weight of each n-gram over its characters, and that of a pair of words over both."""
    chars, words = model.feature_weights(grams)
    spread = np.zeros(chars.shape[1] + ORDERS[-1], np.float32)
    for row, order in enumerate(ORDERS):
        for step in range(order):
            spread[step : step + chars.shape[1]] += chars[row] / order
    by_word = words[0] + words[1] / 2
    by_word[1:] += words[1, :-1] / 2
    return (
        spread / np.float32(sqrt(max(int(grams.chars_valid.sum()), 1))),
        by_word / np.float32(sqrt(max(int(grams.words_valid.sum()), 1))),
    )


def _runs(chosen: Sequence[int], grams: Grams) -> list[list[int]]:
    """Join chosen words that stand side by side."""
    runs: list[list[int]] = []
    for place in chosen:
        beside = runs and place == runs[-1][-1] + 1 and len(runs[-1]) < _LONGEST_TERM
        if beside and grams.word_spans[place, 0] - grams.word_spans[place - 1, 1] <= _NEAR:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _term(reading: Reading, grams: Grams, weights: Floats, run: Sequence[int]) -> Reason:
    first = int(grams.places[grams.word_spans[run[0], 0]]) - 1  # the text begins with a gap
    last = int(grams.places[grams.word_spans[run[-1], 1] - 1]) - 1
    start, end = reading.wording.offsets[first], reading.wording.offsets[last] + 1
    words = " ".join(reading.normalised.text[start:end].split())
    return Reason(TERM, "model", float(weights[list(run)].sum()), f"“{words}”", (reading.normalised.span(start, end),))


def to_points(parts: Sequence[Reason], *, score: float, resting: float) -> list[Reason]:
    """Turn log-odds into points that add up to the score.

    Every part gets its share of the way from the resting score (that of a message of which nothing is known) to the
    score; the resting score itself goes with the wording as a whole.
    """
    total = sum(part.points for part in parts)
    per_unit = (score - resting) / total if abs(total) > _TINY else 0.0
    shared = [replace(part, points=part.points * per_unit) for part in parts if part.code != WORDING]
    kept = [part for part in shared if abs(part.points) >= _LEAST_POINTS]
    rest = Reason(WORDING, "model", score - sum(part.points for part in kept), _WORDING_TEXT)
    return [*kept, rest]
