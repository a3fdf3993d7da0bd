"""Messages as sparse matrices, by the featuriser that serves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

import numpy as np
from hookline_ml.features import FULL_CHARS, FULL_WORDS, divisors, grams
from hookline_ml.reading import Reading
from numpy.typing import NDArray
from scipy import sparse

Matrix: TypeAlias = sparse.csr_matrix
"""Messages by features, float32."""

_CHUNK = 1000  # messages hashed at a time: keeps the working memory small


@dataclass(frozen=True, slots=True)
class Design:
    """Messages as features.

    Parameters
    ----------
    chars, words
        Shapes (messages, 2**char_bits) and (messages, 2**word_bits), float32: how often each feature occurs,
        over the `divisor` of how many features of its kind the message has.
    facts
        The dense features of each message, by name.
    """

    chars: Matrix
    words: Matrix
    facts: tuple[dict[str, float], ...]

    def __len__(self) -> int:
        return len(self.facts)

    def dense(self, names: Sequence[str]) -> NDArray[np.float32]:
        """Return the named facts, shape (messages, names)."""
        places = {name: place for place, name in enumerate(names)}
        table = np.zeros((len(self), len(names)), np.float32)
        for row, found in enumerate(self.facts):
            for name, value in found.items():
                if name in places:
                    table[row, places[name]] = value
        return table

    def take(self, rows: NDArray[np.intp]) -> "Design":
        """Return some of the messages."""
        return Design(self.chars[rows], self.words[rows], tuple(self.facts[row] for row in rows))


def design(readings: Iterable[Reading], *, char_bits: int, word_bits: int) -> Design:
    """Featurise messages, a chunk at a time."""
    chars: list[Matrix] = []
    words: list[Matrix] = []
    facts: list[dict[str, float]] = []
    source = iter(readings)
    while chunk := list(islice(source, _CHUNK)):
        hashed = grams([reading.wording.text for reading in chunk], char_bits, word_bits)
        chars.append(_rows(hashed.chars, hashed.chars_valid, hashed.char_starts, char_bits, FULL_CHARS))
        words.append(_rows(hashed.words, hashed.words_valid, hashed.word_starts, word_bits, FULL_WORDS))
        facts += [dict(reading.facts) for reading in chunk]
    if not chars:
        return Design(Matrix((0, 1 << char_bits), dtype=np.float32), Matrix((0, 1 << word_bits), dtype=np.float32), ())
    return Design(_joined(chars), _joined(words), tuple(facts))


def _joined(parts: list[Matrix]) -> Matrix:
    """Join rows, and let go of the parts at once: they are as large as the whole."""
    whole = sparse.vstack(parts, format="csr")
    parts.clear()
    return whole


def _rows(
    features: NDArray[np.uint32], valid: NDArray[np.bool_], starts: NDArray[np.intp], bits: int, full: int
) -> Matrix:
    """Sum up equal features of each message."""
    owners = np.repeat(np.arange(len(starts) - 1), np.diff(starts))  # covers all places from starts[0] on
    first, last = starts[0], starts[-1]
    kept = valid[:, first:last]
    rows = np.broadcast_to(owners, kept.shape)[kept]
    counts = np.bincount(rows, minlength=len(starts) - 1)
    norms = (1 / divisors(counts, full)).astype(np.float32)
    matrix = sparse.coo_matrix(
        (norms[rows], (rows.astype(np.int32), features[:, first:last][kept].astype(np.int32))),
        shape=(len(starts) - 1, 1 << bits),
    )
    return matrix.tocsr()


__all__ = ["Design", "Matrix", "design"]
