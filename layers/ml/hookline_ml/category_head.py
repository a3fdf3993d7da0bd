"""The part of a model that tells the categories apart.

Only n-grams that tell something have a row of weights, and a weight is one of 255 steps: so tens of thousands of
n-grams of two dozen categories fit into an artefact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hookline_ml.artefact import require, require_steps
from hookline_ml.features import FULL_CHARS, FULL_WORDS, Floats, Grams, Indices, divisor
from hookline_ml.steps import Steps


class _Rows(dict[str, int]):
    """The row of each fact; the last one, of zeros, for facts that training has not seen."""

    def __missing__(self, fact: str) -> int:
        return len(self)


@dataclass(frozen=True, slots=True)
class CategoryHead:
    """Weights of n-grams and facts for each category.

    Parameters
    ----------
    categories
        Their codes.
    chars, words
        For each hashed n-gram of characters, of words: its row in `ngrams`; row 0, of zeros, for those that tell
        nothing.
    ngrams
        Shape (rows, categories).
    facts, fact_weights
        The row of each fact, and the weights: shape (facts + 1, categories).
    """

    categories: tuple[str, ...]
    chars: Indices
    words: Indices
    ngrams: Steps
    facts: Mapping[str, int]
    fact_weights: Floats
    bias: Floats

    @classmethod
    def of(
        cls, categories: Sequence[str], facts: Sequence[str], chars: Floats, words: Floats, dense: Floats, bias: Floats
    ) -> Self:
        """Make a head of weights, each of shape (features, categories); n-grams that weigh nothing get no row."""
        kept = [np.asarray(weights.any(axis=1), np.bool_) for weights in (chars, words)]
        ngrams = Steps.of(np.concatenate([chars[kept[0]], words[kept[1]]]))
        return cls._of(categories, facts, kept, ngrams, dense, bias)

    @classmethod
    def read(
        cls, arrays: Mapping[str, NDArray[Any]], categories: Sequence[str], facts: Sequence[str], bits: tuple[int, int]
    ) -> Self:
        """Make a head of the arrays that `arrays` gives.

        Parameters
        ----------
        bits
            Features of characters, and those of words, are numbers below two to the power of these.

        Raises
        ------
        ModelArtifactError
            Saying which array is missing, or not as it should be.
        """
        across = len(categories)
        require(arrays, "category_kept_chars", (1 << bits[0] >> 3,), np.uint8)
        require(arrays, "category_kept_words", (1 << bits[1] >> 3,), np.uint8)
        require(arrays, "category_dense", (len(facts), across), np.float32)
        require(arrays, "category_bias", (across,), np.float32)
        require_steps(arrays, "category_steps", (across,))
        kept = [np.unpackbits(arrays[f"category_kept_{each}"]).astype(np.bool_) for each in ("chars", "words")]
        require(arrays, "category_ngrams", (sum(map(int, map(np.count_nonzero, kept))), across), np.int8)
        ngrams, steps, dense, bias = (arrays[f"category_{name}"] for name in ("ngrams", "steps", "dense", "bias"))
        return cls._of(categories, facts, kept, Steps(ngrams, steps), dense, bias)

    @classmethod
    def _of(
        cls,
        categories: Sequence[str],
        facts: Sequence[str],
        kept: Sequence[NDArray[np.bool_]],
        ngrams: Steps,
        dense: Floats,
        bias: Floats,
    ) -> Self:
        nothing = np.zeros((1, len(categories)), np.int8)
        places = np.arange(1, len(ngrams.counts) + 1, dtype=np.uint32)
        chars, words = (np.zeros(len(each), np.uint32) for each in kept)
        chars[kept[0]], words[kept[1]] = np.split(places, [np.count_nonzero(kept[0])])
        return cls(
            tuple(categories),
            chars,
            words,
            Steps(np.concatenate([nothing, ngrams.counts]), ngrams.size.astype(np.float32)),
            _Rows(zip(facts, range(len(facts)), strict=True)),
            np.concatenate([dense, nothing]).astype(np.float32),
            bias.astype(np.float32),
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the head as arrays, which `read` understands."""
        return {
            "category_kept_chars": np.packbits(self.chars > 0),
            "category_kept_words": np.packbits(self.words > 0),
            "category_ngrams": self.ngrams.counts[1:],
            "category_steps": self.ngrams.size,
            "category_dense": self.fact_weights[:-1],
            "category_bias": self.bias,
        }

    def table(self, facts: Sequence[Mapping[str, float]]) -> Floats:
        """Return the dense features of messages in the order of `fact_weights`, shape (messages, facts + 1)."""
        table = np.zeros((len(facts), len(self.fact_weights)), np.float32)
        for row, found in zip(table, facts, strict=True):
            row[[*map(self.facts.__getitem__, found)]] = [*found.values()]
        return table

    def probabilities(self, grams: Grams, table: Floats, messages: Sequence[int]) -> Floats:
        """Return the probability of each category, shape (messages, categories).

        Parameters
        ----------
        grams, table
            The hashed n-grams of all messages, and their dense features as `table` gives them.
        messages
            The places of those to answer for.
        """
        margins = table[messages] @ self.fact_weights
        margins += self.bias
        margins += self._means(self.chars.take(grams.chars), grams.chars_valid, grams.char_starts, messages, FULL_CHARS)
        margins += self._means(self.words.take(grams.words), grams.words_valid, grams.word_starts, messages, FULL_WORDS)
        shares = np.exp(margins - margins.max(1, keepdims=True))
        return np.asarray(shares / shares.sum(1, keepdims=True), np.float32)

    def _means(
        self, rows: Indices, valid: NDArray[np.bool_], starts: NDArray[np.intp], messages: Sequence[int], full: int
    ) -> Floats:
        """Return the mean of the rows of `ngrams` that each message has; `starts` tells the messages apart."""
        rows *= valid
        each, by_message = len(rows), rows.T.ravel()
        bounds = starts.tolist()
        found = np.empty((len(messages), len(self.categories)), np.float32)
        for mean, message in zip(found, messages, strict=True):
            start, end = bounds[message : message + 2]
            steps = self.ngrams.counts.take(by_message[start * each : end * each], axis=0).astype(np.float32)
            # A product with numbers that are all alike is much the fastest way to a mean.
            share = 1 / divisor(int(np.count_nonzero(valid[:, start:end])), full)
            np.dot(np.full(len(steps), share, np.float32), steps, out=mean)
        found *= self.ngrams.size
        return found

    def odds(self, category: str, other: str) -> "Odds | None":
        """Return what tells two categories apart; None for a head that lacks one of them."""
        if category not in self.categories or other not in self.categories:
            return None
        here, there = self.categories.index(category), self.categories.index(other)
        weights = self.ngrams.counts[:, [here, there]] * self.ngrams.size[[here, there]]
        exact, facts, bias = (
            table[..., 0] - table[..., 1]
            for table in (weights, self.fact_weights[:, [here, there]], self.bias[[here, there]])
        )
        ngrams = Steps.of(exact)
        worst = float(np.abs(ngrams.weights() - exact).max()) * (sqrt(FULL_CHARS) + sqrt(FULL_WORDS))
        chars, words = (Steps(ngrams.counts.take(rows), ngrams.size) for rows in (self.chars, self.words))
        return Odds(chars, words, facts, float(bias), worst)


@dataclass(frozen=True, slots=True)
class Odds:
    """What tells two of the categories apart, which takes far less time than to weigh all of them.

    Parameters
    ----------
    chars, words, facts, bias
        The difference of their weights.
    error
        How far the odds may be from those of the weights themselves, which are rounded to steps of their own.
    """

    chars: Steps
    words: Steps
    facts: Floats
    bias: float
    error: float

    def of(self, grams: Grams, table: Floats) -> Floats:
        """Return the log-odds of the one category against the other, for each message.

        `table` holds their dense features, as `CategoryHead.table` gives them.
        """
        return grams.means(self.chars, self.words) + table @ self.facts + np.float32(self.bias)
