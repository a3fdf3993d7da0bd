"""Folded text, and the index that finds which patterns a text matches.

The index looks up the words of a text to find the few patterns that can match at all, and runs only those, with RE2:
time is linear in the length of the text, whatever it holds. A pattern is compiled when it is first run.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self
from unicodedata import normalize as unicode_form

import re2

Spans = tuple[tuple[int, int], ...]

STEM = 3  # letters of a word's beginning that are looked up
ANY_DIGIT = "#"  # looked up like a word when there is a digit
ANY_CURRENCY = "¤"  # looked up like a word when there is a currency sign
SIGNS = ("/", "@", "%")  # looked up like words

_MOST_LEARNT = 4096  # characters; hostile text shows every one there is
_WORD = re.compile("[a-z]+")
OTHER_LETTERS = re.compile("[\u0370-\u1cff\u2e80-\ud7a3]")  # neither Latin nor emoji
_DIGIT = re.compile("[0-9]")
_CURRENCY = re.compile("[$£€¥₹₦₱฿₺₫₩₪₽]")


class _Folding(dict[int, str]):
    """Maps one character to one folded character; learns them as they come, up to a limit."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        latin = 0xC0 <= point < 0x250 or 0x1E00 <= point < 0x1F00
        plain = " " if char.isspace() else (unicode_form("NFD", char)[0] if latin else char).lower()
        plain = plain if len(plain) == 1 else char
        if latin or len(self) < _MOST_LEARNT:
            self[point] = plain
        return plain


_FOLDING = _Folding({ord(char): plain for char, plain in zip("’‘`ıłøđ–—‑“”", "'''ilod---\"\"", strict=True)})


def fold(text: str) -> str:
    """Lower-case `text`, take accents off Latin letters and unify quotes, dashes and spaces.

    The result has exactly as many characters as `text`, so offsets stay valid.

    Examples
    --------
    >>> fold("Señor, C'EST l'Été")
    "senor, c'est l'ete"
    """
    if text.isascii():
        return text.lower()
    return text.translate(_FOLDING)


@dataclass(frozen=True)
class Folded:
    """Folded text with its UTF-8 bytes, which is what RE2 reads."""

    text: str
    raw: bytes

    @classmethod
    def of(cls, text: str) -> Self:
        """Fold `text`; a lone surrogate, which has no UTF-8 form, becomes a question mark."""
        folded = fold(text)
        return cls(folded, folded.encode("utf-8", "replace"))

    @cached_property
    def _one_byte_each(self) -> bool:
        return len(self.raw) == len(self.text)

    def offset(self, byte: int) -> int:
        """Turn an offset into `raw` into an offset into `text`."""
        return byte if self._one_byte_each else len(self.raw[:byte].decode("utf-8", "replace"))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a range of `raw` into a range of `text`."""
        return self.offset(start), self.offset(end)


def compile_re2(expression: str) -> Any:  # noqa: ANN401 - the library has no types
    """Compile an expression that will read UTF-8 bytes one by one. Raises `re2.error`."""
    options = re2.Options()
    options.never_capture = True
    options.log_errors = False
    # One byte, one step: half the size of the automaton, and all that the notation of patterns needs.
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(expression.encode(), options)


class PatternIndex:
    """Groups of patterns, found by the words they need.

    Parameters
    ----------
    groups
        Names of the groups.
    patterns
        ``(group number, RE2 expression, numbers of sets)`` for every pattern.
    words, stems, fragments
        For a word, a word's first `STEM` letters, or a piece of text in a script without spaces: the numbers of the
        patterns to try when a text contains it.
    sets
        Sets of words. A pattern is tried only on a text that has a word of each of its sets.
    always
        Numbers of the patterns to try on every text.
    """

    def __init__(
        self,
        groups: Sequence[str],
        patterns: Sequence[tuple[int, str, Sequence[int]]],
        words: Mapping[str, Sequence[int]],
        stems: Mapping[str, Sequence[int]],
        fragments: Mapping[str, Sequence[int]],
        sets: Sequence[Sequence[str]],
        always: Sequence[int],
    ) -> None:
        self._patterns = patterns
        self._words, self._stems, self._fragments, self._always = words, stems, fragments, always
        self._also = [[sets[each] for each in also] for _, _, also in patterns]
        self._group_of = [groups[group] for group, _, _ in patterns]
        self._compiled: dict[int, Any] = {}

    def search(self, text: Folded) -> "Matches":
        """Find the groups that can match `text`; the patterns themselves run when they are asked for."""
        words = set(_WORD.findall(text.text))
        if _DIGIT.search(text.text):
            words.add(ANY_DIGIT)
        if _CURRENCY.search(text.text):
            words.add(ANY_CURRENCY)
        words.update(sign for sign in SIGNS if sign in text.text)
        found = set(self._always)
        for word in self._words.keys() & words:
            found.update(self._words[word])
        for stem in self._stems.keys() & {word[:STEM] for word in words}:
            found.update(self._stems[stem])
        if not text.text.isascii() and OTHER_LETTERS.search(text.text):
            for fragment, numbers in self._fragments.items():
                if fragment in text.text:
                    found.update(numbers)
        possible: dict[str, list[int]] = {}
        for number in found:
            if not any(map(words.isdisjoint, self._also[number])):
                possible.setdefault(self._group_of[number], []).append(number)
        return Matches(self, text, possible)

    def compiled(self, number: int) -> Any:  # noqa: ANN401 - the library has no types
        """Return a pattern, compiled when first asked for."""
        known = self._compiled.get(number)
        if known is None:
            known = self._compiled[number] = compile_re2(self._patterns[number][1])
        return known


class Matches:
    """What an index finds in one text: the groups that can match, and, run when asked for, those that do.

    Attributes
    ----------
    possible
        Names of the groups that can match; no other group does.
    """

    __slots__ = ("_found", "_index", "_numbers", "_text", "possible")

    def __init__(self, index: PatternIndex, text: Folded, numbers: Mapping[str, Sequence[int]]) -> None:
        self._index = index
        self._text = text
        self._numbers = numbers
        self.possible = frozenset(numbers)
        self._found: dict[str, Spans] = {}

    def spans(self, group: str) -> Spans:
        """Return where the first match of each pattern of a group stands; empty when the group does not match."""
        numbers = self._numbers.get(group)
        if numbers is None:
            return ()
        found = self._found.get(group)
        if found is None:
            searches = [self._index.compiled(number).search(self._text.raw) for number in numbers]
            spans = [self._text.span(*match.span()) for match in searches if match is not None]
            found = self._found[group] = tuple(sorted(spans))
        return found
