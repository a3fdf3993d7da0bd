"""Finds the words and phrases of a message that bring most to its margin."""

import re
from collections.abc import Set
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hookline_ml.features import LINK, Grams
from hookline_ml.reading import Reading
from hookline_ml.types import Span

MAX_PHRASES = 5
_LONGEST = 4  # words
_NOTABLE = 0.15  # log-odds that a word must bring to be named
_SHORTEST_ALONE = 4  # letters of a word that is named alone
_LOOKED_AT = 40  # words: enough where the heaviest are short ones
_WITHIN = re.compile(r"[^\S\n]*|['-]")  # what may stand between the words of a phrase


class Phrase(NamedTuple):
    """Up to four words that stand side by side.

    Parameters
    ----------
    weight
        The log-odds that they bring.
    span
        Where they stand in the normalised text.
    """

    text: str
    weight: float
    span: Span


def heaviest_phrases(reading: Reading, grams: Grams, weights: NDArray[np.floating]) -> list[Phrase]:
    """Return the words and phrases that bring most, in the order of the message.

    A phrase grows from a heavy word to heavy neighbours. A short word alone (``you``) says nothing to a reader, however
    much it brings.

    Parameters
    ----------
    weights
        What each word of the message brings.
    """
    message = _Words(reading, grams, weights)
    taken: set[int] = set()
    runs: list[range] = []
    for word in (-weights).argsort()[:_LOOKED_AT].tolist():
        if len(runs) == MAX_PHRASES or weights[word] <= _NOTABLE:
            break
        if word in taken or message.is_link(word):
            continue
        run = message.grown(word, taken)
        if len(run) > 1 or message.says_something(run):
            taken.update(run)
            runs.append(run)
    return [Phrase(message.text(run), float(weights[run].sum()), message.span(run)) for run in sorted(runs, key=min)]


class _Words(NamedTuple):
    reading: Reading
    grams: Grams
    weights: NDArray[np.floating]

    def grown(self, seed: int, taken: Set[int]) -> range:
        """Return the run of words around one to which the heavier neighbour was added again and again."""
        run = range(seed, seed + 1)
        while len(run) < _LONGEST:
            before, after = run.start - 1, run.stop
            sides = []
            if self._joins(before, taken) and self._side_by_side(before):
                sides.append((self.weights[before], range(before, run.stop)))
            if self._joins(after, taken) and self._side_by_side(run.stop - 1):
                sides.append((self.weights[after], range(run.start, after + 1)))
            if not sides:
                break
            run = max(sides, key=itemgetter(0))[1]
        return run

    def _joins(self, word: int, taken: Set[int]) -> bool:
        """Say whether there is such a word, and it is heavy and free."""
        inside = 0 <= word < len(self.weights)
        return inside and self.weights[word] > _NOTABLE and word not in taken and not self.is_link(word)

    def _side_by_side(self, word: int) -> bool:
        """Say whether nothing but a space, a hyphen or an apostrophe parts a word from the next one."""
        end, start = self._place(word)[1], self._place(word + 1)[0]
        return _WITHIN.fullmatch(self.reading.wording.text, end, start) is not None

    def _place(self, word: int) -> Span:
        """Return where a word stands in the wording."""
        first, end = self.grams.word_spans[word]
        return int(self.grams.places[first]) - 1, int(self.grams.places[end - 1])  # the text begins with a gap

    def is_link(self, word: int) -> bool:
        """Say whether it is the word that stands for a link."""
        return self.reading.wording.text[self._place(word)[0]] == LINK

    def span(self, run: range) -> Span:
        """Return where words stand in the normalised text."""
        offsets = self.reading.wording.offsets
        return offsets[self._place(run.start)[0]], offsets[self._place(run.stop - 1)[1] - 1] + 1

    def text(self, run: range) -> str:
        """Return words as the message has them."""
        start, end = self.span(run)
        return " ".join(self.reading.normalised.text[start:end].split())

    def says_something(self, run: range) -> bool:
        """Say whether words tell a reader something by themselves."""
        words = self.text(run)
        return len(words) >= _SHORTEST_ALONE or not words.isascii()
