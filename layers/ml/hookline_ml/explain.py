"""Says what a margin is made of, in words that people recognise."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hookline_ml.facts import RULES, hit_points
from hookline_ml.features import FULL_CHARS, FULL_WORDS, LINK_CHARS, ORDERS, Floats, Grams, divisor
from hookline_ml.model import Model
from hookline_ml.phrases import heaviest_phrases
from hookline_ml.reading import Reading
from hookline_ml.reasons import MODEL_LINK, MODEL_TERM, MODEL_WORDING
from hookline_ml.types import Reason, Source, Span

MAX_SPANS = 3  # of links

_LEAST_POINTS = 0.05  # less is not worth a line; it goes with the wording as a whole
_WORTH_NAMING = 10  # the score from which on the words that brought it are named
_TINY = 1e-6
_ORDERS = np.array(ORDERS, np.float32)[:, None]
_LINK_CHARS = re.compile(LINK_CHARS)


class Part(NamedTuple):
    """A part of a margin. `weight` is log-odds; `spans` are in the normalised text."""

    code: str
    source: Source
    weight: float
    text: str
    spans: Sequence[Span]


def contributions(model: Model, reading: Reading, grams: Grams) -> list[Part]:
    """Split the margin of a message, less the model's bias, into parts.

    Words are named only where the score is worth explaining by them.
    """
    parts = [*_signals(model, reading), *_hits(model, reading)]
    chars, words = grams.weigh(model.chars, model.words)
    chars /= np.float32(divisor(int(np.count_nonzero(grams.chars_valid)), FULL_CHARS))
    words /= np.float32(divisor(int(np.count_nonzero(grams.words_valid)), FULL_WORDS))
    wording = float(np.add.reduce(chars, None) + np.add.reduce(words, None))
    score = model.scale.score(model.bias + wording + sum(part.weight for part in parts))
    by_char = _by_char(chars)
    named = _links(reading, grams, by_char)
    if score >= _WORTH_NAMING:
        named += [
            Part(MODEL_TERM.code, "model", phrase.weight, f"“{phrase.text}”", (phrase.span,))
            for phrase in heaviest_phrases(reading, grams, _by_word(by_char, words, grams))
        ]
    rest = wording - sum(part.weight for part in named)
    return [*parts, *named, Part(MODEL_WORDING.code, "model", rest, MODEL_WORDING.text, ())]


def _signals(model: Model, reading: Reading) -> list[Part]:
    return [
        Part(signal.code, _side(signal.code, signal.points), model.signal_weight(signal), signal.text, signal.spans)
        for signal in reading.signals.items
    ]


def _side(code: str, points: float) -> Source:
    if code.startswith("SENDER_"):
        return "sender"
    return "guard" if points < 0 else "signal"


def _hits(model: Model, reading: Reading) -> list[Part]:
    weight = model.dense.get(RULES, model.per_ten_points) / 10
    return [
        Part(hit.code, "guard" if hit.points < 0 else "rule", points * weight, hit.text, hit.spans)
        for hit, points in zip(reading.hits, hit_points(reading.hits), strict=True)
    ]


def _by_char(chars: Floats) -> NDArray[np.floating]:
    """Return what the characters before each place bring together: each has its share of its n-grams' weights."""
    size = chars.shape[1]
    each = chars / _ORDERS
    steps = np.zeros(size + ORDERS[-1] + 1)  # how the sum over characters bends from one to the next
    np.add.reduce(each, 0, np.float64, out=steps[1 : size + 1])
    for row, order in enumerate(ORDERS):
        steps[order + 1 : order + size + 1] -= each[row]
    sums: NDArray[np.floating] = steps.cumsum().cumsum()
    return sums


def _by_word(by_char: NDArray[np.floating], words: Floats, grams: Grams) -> NDArray[np.floating]:
    """Return what each word brings: its own weight, half of its pairs', and that of its characters."""
    by_word = words[0] + words[1] / 2
    by_word[1:] += words[1, :-1] / 2
    found: NDArray[np.floating] = by_char[grams.word_spans[:, 1]] - by_char[grams.word_spans[:, 0]] + by_word
    return found


def _links(reading: Reading, grams: Grams, by_char: NDArray[np.floating]) -> list[Part]:
    """Return what the characters of links bring, as one part."""
    runs = [match.span() for match in _LINK_CHARS.finditer(reading.wording.text)]
    if not runs:
        return []
    places = grams.places.searchsorted(np.array(runs) + 1)  # the text begins with a gap
    weight = float((by_char[places[:, 1]] - by_char[places[:, 0]]).sum())
    offsets = reading.wording.offsets
    spans = [(offsets[start], offsets[end - 1] + 1) for start, end in runs[:MAX_SPANS]]
    return [Part(MODEL_LINK.code, "model", weight, MODEL_LINK.text, spans)]


def to_points(parts: Sequence[Part], reading: Reading, *, score: float, resting: float) -> list[Reason]:
    """Turn log-odds into points that add up to the score, with spans in the original text.

    Every part gets its share of the way from the resting score (that of a message of which nothing is known) to the
    score; the resting score itself goes with the wording as a whole.
    """
    total = sum(part.weight for part in parts)
    per_unit = (score - resting) / total if abs(total) > _TINY else 0.0
    span = reading.normalised.span
    reasons = [
        Reason(part.code, part.source, part.weight * per_unit, part.text, tuple(span(*each) for each in part.spans))
        for part in parts
        if part.code != MODEL_WORDING.code and abs(part.weight * per_unit) >= _LEAST_POINTS
    ]
    rest = score - sum(reason.points for reason in reasons)
    return [*reasons, Reason(MODEL_WORDING.code, "model", rest, MODEL_WORDING.text)]
