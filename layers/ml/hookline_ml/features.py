"""Turns messages into features: hashed n-grams of characters and words, all at once in numpy.

The same code trains and serves. A feature is a number below ``2**bits``; a message is the sum of its features'
weights, where those of
characters are divided by the square root of how many there are, and so are those of words: long messages do not
outweigh short ones.
Links are taken out first, because what a link gives away is told by signals, and the names of sites differ from one
year to the next.
Punctuation counts as a space: collections of messages differ more in how they treat it than honest and dishonest
senders do.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hookline_ml.signals import Signals

Indices = NDArray[np.uint32]
Floats = NDArray[np.float32]

LINK = "\x02"
"""Stands for a link."""

_GAP = "\x00"
_SPACE = np.uint32(ord(" "))

ORDERS = (2, 3, 4, 5)
"""Lengths of the character n-grams: from two on, each one more than the one before."""

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
        Folded text with ``LINK`` for each link and 0 for each digit.
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
        pieces += (folded[at:start], LINK)
        offsets += range(at, start + 1)
        at = end
    pieces.append(folded[at:])
    offsets += range(at, len(folded))
    return Wording("".join(pieces), offsets)


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

    def of(self, message: int) -> tuple[Indices, Indices]:
        """Return the features of one message's characters and words, without those that reach beyond it."""
        chars = slice(self.char_starts[message], self.char_starts[message + 1])
        words = slice(self.word_starts[message], self.word_starts[message + 1])
        return self.chars[:, chars][self.chars_valid[:, chars]], self.words[:, words][self.words_valid[:, words]]


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
    kept = is_word | is_gap
    kept[1:] |= is_word[:-1]  # of a run of spaces and punctuation, the first stands for all
    places = kept.nonzero()[0]
    points, is_word, is_gap = points[places], is_word[places], is_gap[places]
    points[~(is_word | is_gap)] = _SPACE

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
