"""Folded text, and the index that finds which patterns a text matches.

The index looks up the words of a text to find the few patterns that can match at all, and runs only those, with RE2:
time is linear in the length of the text, whatever it holds. A pattern is compiled when it is first run.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
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


_UNANCHORED = re2._re2.RE2.Anchor.UNANCHORED  # noqa: SLF001


def compile_re2(expression: str) -> Any:  # noqa: ANN401 - the library has no types
    """Compile an expression that will read UTF-8 bytes one by one. Raises `re2.error`."""
    options = re2.Options()
    options.never_capture = True
    options.log_errors = False
    # One byte, one step: half the size of the automaton, and all that the notation of patterns needs.
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(expression.encode(), options)


def _words_and_signs(text: str) -> set[str]:
    words = set(_WORD.findall(text))
    if _DIGIT.search(text):
        words.add(ANY_DIGIT)
    if _CURRENCY.search(text):
        words.add(ANY_CURRENCY)
    words.update(sign for sign in SIGNS if sign in text)
    return words


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
        self._words, self._stems, self._always = words, stems, always
        self._fragments: dict[str, list[tuple[str, Sequence[int]]]] = {}
        for fragment, numbers in fragments.items():
            self._fragments.setdefault(fragment[:2], []).append((fragment, numbers))
        self._sets = sets
        self._also: dict[int, tuple[frozenset[str], ...]] = {}
        self._group_of = [groups[group] for group, _, _ in patterns]
        self._search: dict[int, Any] = {}

    def search(self, text: Folded) -> "Matches":
        """Find the groups that can match `text`; the patterns themselves run when they are asked for."""
        words = _words_and_signs(text.text)
        found = set(self._always)
        for word in self._words.keys() & words:
            found.update(self._words[word])
        for stem in self._stems.keys() & {word[:STEM] for word in words}:
            found.update(self._stems[stem])
        if not text.text.isascii() and OTHER_LETTERS.search(text.text):
            found.update(self._with_fragments(text.text))
        possible: dict[str, list[int]] = {}
        for number in found:
            also = self._also.get(number)
            if also is None:
                also = self._also[number] = tuple(frozenset(self._sets[each]) for each in self._patterns[number][2])
            for needed in also:
                if needed.isdisjoint(words):
                    break
            else:
                possible.setdefault(self._group_of[number], []).append(number)
        return Matches(self, text, possible)

    def _with_fragments(self, text: str) -> Iterator[int]:
        """Yield the patterns that need a piece of a script without spaces that `text` has."""
        for start in self._fragments.keys() & {*text, *map("".join, pairwise(text))}:
            for fragment, numbers in self._fragments[start]:
                if fragment in text:
                    yield from numbers

    def first(self, number: int, raw: bytes) -> tuple[int, int] | None:
        """Return where a pattern first matches in folded bytes; it is compiled when first asked for."""
        search = self._search.get(number)
        if search is None:
            # The library's own object: what wraps it takes three times as long as the search.
            search = self._search[number] = compile_re2(self._patterns[number][1])._regexp.Match  # noqa: SLF001
        span: tuple[int, int] = search(_UNANCHORED, raw, 0, len(raw))[0]
        return None if span[0] < 0 else span


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
            first, raw = self._index.first, self._text.raw
            spans = [self._text.span(*span) for number in numbers if (span := first(number, raw)) is not None]
            found = self._found[group] = tuple(sorted(spans))
        return found
