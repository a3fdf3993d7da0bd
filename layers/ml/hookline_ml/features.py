"""Turns messages into features: hashed n-grams of characters and words, all at once in numpy.

The same code trains and serves. A feature is a number below ``2**bits``; a message is the sum of its features'
weights, where those of
characters are divided by the square root of how many there are, and so are those of words: long messages do not
outweigh short ones. Beyond the length of two text messages the sum is a mean: letters and newsletters would otherwise
gather suspicion by length alone.
Links are read apart, in an alphabet of their own: how a link is written tells a lot, and other things than the same
letters tell in a sentence.
Punctuation counts as a space: collections of messages differ more in how they treat it than honest and dishonest
senders do.
"""

from collections.abc import Sequence
from functools import cache
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hookline_ml.patterns import PRIVATE_USE
from hookline_ml.signals import Signals
from hookline_ml.steps import Steps

Indices = NDArray[np.uint32]
Floats = NDArray[np.float32]

LINK = "\x02"
"""Stands before a link, and is a word, so that words have a link as neighbour."""
_LINK_ALPHABET = PRIVATE_USE  # first of 128 code points that stand for the characters of links
_AFTER_LINK_ALPHABET = _LINK_ALPHABET + 128
LINK_CHARS = f"[{chr(_LINK_ALPHABET)}-{chr(_AFTER_LINK_ALPHABET - 1)}]+"
"""A regular expression for what stands for the characters of a link."""

_GAP = "\x00"
_SPACE = np.uint32(ord(" "))
_LONGEST_LINK = 64  # characters that are read; what hides behind them is a token


class _InLink(dict[int, int]):
    """Maps a character of a link to the one that stands for it."""

    def __missing__(self, point: int) -> int:
        return _AFTER_LINK_ALPHABET - 1  # stands for all letters that are not ASCII


_IN_LINK = _InLink({point: _LINK_ALPHABET + point for point in range(127)})

ORDERS = (2, 3, 4, 5)
"""Lengths of the character n-grams: from two on, each one more than the one before."""

FULL_CHARS, FULL_WORDS = 1000, 100
"""N-grams of about 250 characters, from which on a message's sum is a mean."""

_SCATTER = np.uint32(0x9E3779B1)  # odd constants with well-mixed bits
_STEP = np.uint32(0x85EBCA6B)
_FINISH = np.uint32(0xC2B2AE35)
_WORD_STEP = 0x5851F42D4C957F2D
_PAIR = np.uint64(0xD1342543DE82EF95)
_WORD_SALT = np.uint64(0x2545F4914F6CDD1D)
_LONGEST_WORD = 24  # characters; a longer run is no word, or a clause of a script without spaces


class Wording(NamedTuple):
    """What the model reads of a message.

    Parameters
    ----------
    text
        Folded text with 0 for each digit; ``LINK`` stands before each link, and characters of an alphabet of their own
        stand for those of the link.
    offsets
        For each character of `text`, its index in the normalised text.
    """

    text: str
    offsets: Sequence[int]


def wording(signals: Signals) -> Wording:
    """Return what the model reads of a message."""
    folded = signals.folded.masked
    if not signals.links:
        return Wording(folded, range(len(folded)))
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    for link in signals.links:
        start, end = link.span
        if start < at:
            continue
        read = min(end, start + _LONGEST_LINK)
        pieces += (folded[at:start], LINK, folded[start:read].translate(_IN_LINK))
        offsets += (*range(at, start + 1), *range(start, read))
        at = end
    pieces.append(folded[at:])
    offsets += range(at, len(folded))
    return Wording("".join(pieces), offsets)


def divisor(count: int, full: int) -> float:
    """Return by what the sum of so many n-grams is divided.

    Parameters
    ----------
    full
        `FULL_CHARS` or `FULL_WORDS`.
    """
    return sqrt(max(count, 1) * max(count / full, 1))


def divisors(counts: NDArray[Any], full: int) -> NDArray[np.float64]:
    """Do the same for the counts of many messages."""
    found: NDArray[np.float64] = np.sqrt(np.maximum(counts, 1) * np.maximum(counts / full, 1))
    return found


class Grams(NamedTuple):
    """The features of several messages.

    Parameters
    ----------
    chars
        Shape (orders, characters): the feature that starts at each character.
    chars_valid
        Same shape: False where an n-gram would reach beyond its message.
    words
        Shape (2, words): each word, and each pair of a word and the next one.
    words_valid
        Same shape: False where the pair would reach beyond its message.
    word_spans
        Shape (words, 2): where each word begins and ends among the characters.
    char_starts, word_starts
        Shape (messages + 1): where the characters and the words of each message begin.
    places
        For each character, its index in the messages joined by one character.
    """

    chars: Indices
    chars_valid: NDArray[np.bool_]
    words: Indices
    words_valid: NDArray[np.bool_]
    word_spans: NDArray[np.intp]
    char_starts: NDArray[np.intp]
    word_starts: NDArray[np.intp]
    places: NDArray[np.intp]

    def weigh(self, chars: Steps, words: Steps) -> tuple[Floats, Floats]:
        """Return the weight of every n-gram, in the shapes of `chars` and `words`, given those of all features."""
        return chars.take(self.chars) * self.chars_valid, words.take(self.words) * self.words_valid

    def means(self, chars: Steps, words: Steps) -> Floats:
        """Return what the n-grams of each message weigh, given the weights of all features.

        It is the sum of those of characters, and that of words, each over its `divisor`.
        """
        return _means(chars, self.chars, self.chars_valid, self.char_starts, FULL_CHARS) + _means(
            words, self.words, self.words_valid, self.word_starts, FULL_WORDS
        )


@cache
def _word_table() -> NDArray[np.bool_]:
    """Tell which code points (the last entry stands for all beyond) belong to words."""
    table = np.ones(0x10000, np.bool_)
    for point in range(0x300):
        table[point] = chr(point).isalnum()
    for start, end in (
        (0x2000, 0x206F),
        (0x2190, 0x2BFF),
        (0x3000, 0x303F),
        (_LINK_ALPHABET, _AFTER_LINK_ALPHABET - 1),
        (0xFE10, 0xFE6F),
        (0xFF00, 0xFF0F),
        (0xFF1A, 0xFF20),
    ):
        table[start : end + 1] = False
    table[ord(LINK)] = True
    return table


_INVERSE_STEP = pow(_WORD_STEP, -1, 1 << 64)


@cache
def _powers(base: int, size: int) -> NDArray[np.uint64]:
    powers = np.full(size, base, np.uint64)
    powers[0] = 1
    return np.cumprod(powers)


def _powers_for(base: int, size: int) -> NDArray[np.uint64]:
    return _powers(base, 1 << max(size - 1, 1023).bit_length())[:size]


def grams(texts: Sequence[str], char_bits: int, word_bits: int) -> Grams:
    """Hash the n-grams of messages.

    Parameters
    ----------
    texts
        ``wording(...).text`` of each message.
    char_bits, word_bits
        Features are numbers below two to the power of these.
    """
    joined = _GAP + _GAP.join(texts) + _GAP
    points = np.frombuffer(joined.encode("utf-32-le", "replace"), np.uint32)
    is_word = _word_table().take(points, mode="clip")
    is_gap = points == 0
    is_whole = is_word | is_gap | ((points >= _LINK_ALPHABET) & (points < _AFTER_LINK_ALPHABET))
    kept = is_whole.copy()
    kept[1:] |= is_word[:-1]  # of a run of spaces and punctuation, the first stands for all
    places = kept.nonzero()[0]
    points, is_word, is_gap = points[places], is_word[places], is_gap[places]
    points[~is_whole[places]] = _SPACE

    scattered = points * _SCATTER
    ends = is_gap.cumsum()  # which message a character belongs to, counting from 1
    chars, chars_valid = _char_grams(scattered, ends, is_gap, char_bits)
    words, words_valid, spans = _word_grams(scattered, ends, is_word, word_bits)
    char_starts = is_gap.nonzero()[0]
    return Grams(
        chars, chars_valid, words, words_valid, spans, char_starts, spans[:, 0].searchsorted(char_starts), places
    )


def _char_grams(
    scattered: Indices, ends: NDArray[np.intp], is_gap: NDArray[np.bool_], bits: int
) -> tuple[Indices, NDArray[np.bool_]]:
    size = len(scattered)
    hashes = np.zeros((len(ORDERS), size), np.uint32)
    valid = np.zeros((len(ORDERS), size), np.bool_)
    rolling = scattered
    for row, order in enumerate(ORDERS):
        length = max(size - order + 1, 0)
        np.multiply(rolling[:length], _STEP, hashes[row, :length])
        rolling = hashes[row, :length]
        rolling += scattered[size - length :]
        np.equal(ends[size - length :], ends[:length], valid[row, :length])
    valid &= ~is_gap
    hashes ^= hashes >> np.uint32(15)
    hashes *= _FINISH
    hashes >>= np.uint32(32 - bits)
    return hashes, valid


def _word_grams(
    scattered: Indices, ends: NDArray[np.intp], is_word: NDArray[np.bool_], bits: int
) -> tuple[Indices, NDArray[np.bool_], NDArray[np.intp]]:
    size = len(scattered)
    edges = (is_word[1:] != is_word[:-1]).nonzero()[0] + 1  # all begins and ends with a gap, so edges come in pairs
    spans = edges.reshape(-1, 2)
    first, last = spans[:, 0], spans[:, 1]
    sums = np.zeros(size + 1, np.uint64)
    (scattered * _powers_for(_WORD_STEP, size)).cumsum(out=sums[1:])
    single = (sums[last] - sums[first]) * _powers_for(_INVERSE_STEP, size)[first] + _WORD_SALT
    hashes = np.zeros((2, len(spans)), np.uint64)
    hashes[0] = single
    hashes[1, :-1] = single[:-1] * _PAIR + single[1:]
    hashes ^= hashes >> np.uint64(29)
    hashes *= _PAIR
    valid = np.zeros((2, len(spans)), np.bool_)
    valid[0] = last - first <= _LONGEST_WORD
    owners = ends[first]
    valid[1, :-1] = (owners[1:] == owners[:-1]) & valid[0, :-1] & valid[0, 1:]
    return (hashes >> np.uint64(64 - bits)).astype(np.uint32), valid, spans


def _means(weights: Steps, features: Indices, valid: NDArray[np.bool_], starts: NDArray[np.intp], full: int) -> Floats:
    steps = weights.counts.take(features)
    steps *= valid
    sizes = weights.size / divisors(_per_message(valid, starts), full)
    return (_per_message(steps, starts) * sizes).astype(np.float32)


def _per_message(values: NDArray[Any], starts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the sum over the n-grams of each message; `values` has a row for each length of them."""
    totals = np.zeros(values.shape[1] + 1, np.intp)
    np.cumsum(values.sum(0, dtype=np.int32), out=totals[1:])
    return totals[starts[1:]] - totals[starts[:-1]]
