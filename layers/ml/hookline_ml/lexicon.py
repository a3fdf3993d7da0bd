"""Common words, to tell a disguised word from a code, and to find words again whose gaps were lost."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise, product
from math import log

_LONGEST = 20
_UNKNOWN_LETTER = 12.0  # cost of a letter outside any word, against about 2 to 10 for a word
_SEGMENT_LIMIT = 400  # letters looked at: more in one run is a flood, not a message

_STANDS_FOR = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "il", "|": "li",
}  # fmt: skip
# A rarer word: digits one by one or in pairs, twice at least, all between the lower-case letters of one word. The codes
# and references that honest senders write hold capitals, other digits, or end in a number.
_LIKE_A_WORD = re.compile(r"(?=.{7})[A-Za-z]{1,6}(?:[01345$@]{1,2}[a-z]{1,6}){2,4}")
_LETTERS_IN = 4  # characters at most for each letter: "r3l34$3" is a word, "A380" is not
_AMBIGUOUS_LIMIT = 4  # characters with two readings: 16 candidates at most


@cache
def _costs() -> Mapping[str, float]:
    words = (files(__package__) / "data" / "lexicon.txt").read_text(encoding="utf-8").split()
    return {word: 2.0 + log(rank) for rank, word in enumerate(words, start=1)}


def is_word(word: str) -> bool:
    """Say whether `word` is a common word, in any case."""
    return word.lower() in _costs()


def decoded(token: str) -> str | None:
    """Return the word that a token with digits and symbols for letters stands for, or None.

    Examples
    --------
    >>> decoded("acc0unt"), decoded("A380")
    ('account', None)
    """
    readings = [_STANDS_FOR.get(char, char) for char in token]
    if sum(len(reading) > 1 for reading in readings) > _AMBIGUOUS_LIMIT:
        return None
    letters = sum(map(str.isalpha, token))
    if letters * _LETTERS_IN < len(token) or letters < 2:
        return token if token.isalpha() and is_word(token) else None
    known = next((word for word in map("".join, product(*readings)) if is_word(word)), None)
    if known is None and _LIKE_A_WORD.fullmatch(token):
        return "".join(reading[0] for reading in readings)
    return known


def segment(letters: str) -> list[str]:
    """Cut a run of letters into words; a run that makes no words stays whole.

    Examples
    --------
    >>> segment("freegift")
    ['free', 'gift']
    """
    costs = _costs()
    lower = "".join(_STANDS_FOR.get(char, char)[0] for char in letters[:_SEGMENT_LIMIT].lower())
    if lower in costs:
        return [letters]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(lower) + 1):
        options = [(best[end - 1][0] + _UNKNOWN_LETTER, end - 1)]
        for start in range(max(0, end - _LONGEST), end):
            cost = costs.get(lower[start:end])
            if cost is not None:
                options.append((best[start][0] + cost, start))
        best.append(min(options))
    if best[-1][0] > 0.5 * _UNKNOWN_LETTER * len(lower):
        return [letters]
    cuts, at = [len(letters)], len(lower)
    while at > 0:
        at = best[at][1]
        cuts.append(at)
    cuts.reverse()
    return [letters[start:end] for start, end in pairwise(cuts)]
