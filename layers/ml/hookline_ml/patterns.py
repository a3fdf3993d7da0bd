"""Folded text, and the index that finds which patterns a text matches.

The index looks up the words of a text to find the few patterns that can match at all, and runs only those, with RE2:
time is linear in the length of the text, whatever it holds. A pattern is compiled when it is first run.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, reduce
from operator import add, or_
from typing import Any, NamedTuple, Self
from unicodedata import normalize as unicode_form

import re2

Spans = tuple[tuple[int, int], ...]

STEM = 3  # letters of a word's beginning that are looked up
ANY_DIGIT = "#"  # looked up like a word when there is a digit
ANY_CURRENCY = "¤"  # looked up like a word when there is a currency sign
SIGNS = ("/", "@", "%")  # looked up like words

PRIVATE_USE, _LAST_PRIVATE_USE = 0xE000, 0xF8FF
"""Code points that mean nothing to anybody; folded text has none."""

_MOST_LEARNT = 4096  # characters; hostile text shows every one there is
_MOST_WORDS = 1 << 15  # and words of its own making
_WORD = re.compile("[a-z]+")
OTHER_LETTERS = re.compile("[\u0370-\u1cff\u2e80-\ud7a3]")  # neither Latin nor emoji
_CURRENCY = re.compile("[$£€¥₹₦₱฿₺₫₩₪₽]")


class _Folding(dict[int, str]):
    """Maps one character to one folded character; learns them as they come, up to a limit."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        latin = 0xC0 <= point < 0x250 or 0x1E00 <= point < 0x1F00
        private = PRIVATE_USE <= point <= _LAST_PRIVATE_USE
        plain = " " if private or char.isspace() else (unicode_form("NFD", char)[0] if latin else char).lower()
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


_MASK = bytes.maketrans(b"123456789", b"000000000")


class Folded:
    """Folded text with its UTF-8 bytes, which is what RE2 reads.

    Attributes
    ----------
    text
        The folded text.
    raw
        Its bytes.
    masked
        The text with 0 for every digit.
    """

    __slots__ = ("_one_byte_each", "masked", "raw", "text")

    def __init__(self, text: str, raw: bytes) -> None:
        self.text, self.raw = text, raw
        self.masked = raw.translate(_MASK).decode()
        self._one_byte_each = len(raw) == len(text)

    @classmethod
    def of(cls, text: str) -> Self:
        """Fold `text`; a lone surrogate, which has no UTF-8 form, becomes a question mark."""
        folded = fold(text)
        return cls(folded, folded.encode("utf-8", "replace"))

    def offset(self, byte: int) -> int:
        """Turn an offset into `raw` into an offset into `text`."""
        return byte if self._one_byte_each else len(self.raw[:byte].decode("utf-8", "replace"))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a range of `raw` into a range of `text`."""
        return self.offset(start), self.offset(end)


_SHORT = {  # how the rulebook writes what stands between words
    "␣": r"[\s,;:.!\-]+",
    "␢": r"[\s,;:.!\-]*",
    "⋯": r"[\s\-]+(?:\S+\s+){0,3}",
}


def shortened(expression: str) -> str:
    """Write an expression as the rulebook holds it: a quarter shorter."""
    for short, long in _SHORT.items():
        expression = expression.replace(long, short)
    return expression


def _written_out(expression: str) -> str:
    for short, long in _SHORT.items():
        expression = expression.replace(short, long)
    return expression


# The library's own classes: what wraps them takes a third of the time of compiling, and three times that of a search.
_UNANCHORED = re2._re2.RE2.Anchor.UNANCHORED  # noqa: SLF001
_RE2 = re2._re2.RE2  # noqa: SLF001
_OPTIONS = re2.Options()
_OPTIONS.never_capture = True
_OPTIONS.log_errors = False
# One byte, one step: half the size of the automaton, and all that the notation of patterns needs.
_OPTIONS.encoding = re2.Options.Encoding.LATIN1


def _compiled(expression: str) -> Any:  # noqa: ANN401 - the library has no types
    """Compile an expression, shortened or not, that will read UTF-8 bytes one by one. Raises `re2.error`."""
    compiled = _RE2(_written_out(expression).encode(), _OPTIONS)
    if not compiled.ok():
        raise re2.error(compiled.error())
    return compiled


def _words_and_signs(text: Folded) -> list[str]:
    masked = text.masked
    words = _WORD.findall(masked)
    if "0" in masked:
        words.append(ANY_DIGIT)
    if "$" in masked or (not masked.isascii() and _CURRENCY.search(masked)):
        words.append(ANY_CURRENCY)
    words += [sign for sign in SIGNS if sign in masked]
    return words


class Pattern:
    """One pattern of a group, or several that need the same words.

    Parameters
    ----------
    expression
        In RE2's syntax; it is compiled when it first runs.
    needs
        A bit for each set of words of which a text must have one for the pattern to match.
    ways
        What else it must have, within words or not: one of several ways, each a list of alternatives: one of each.
        0 stands for any digit.
    """

    __slots__ = ("_expression", "_search", "_ways", "group", "needs")

    def __init__(self, group: str, expression: str, needs: int, ways: Sequence[Sequence[Sequence[str]]]) -> None:
        self.group, self.needs = group, needs
        self._expression, self._ways = expression, ways
        self._search: Any = None

    def find(self, text: Folded) -> tuple[int, int] | None:
        """Return where the pattern first matches, in bytes; a look for a few words spares most runs of RE2."""
        return self.run(text.raw) if not self._ways or self._has_a_way(text.masked) else None

    def _has_a_way(self, text: str) -> bool:
        for way in self._ways:
            for slot in way:
                for each in slot:
                    if each in text:
                        break
                else:
                    break
            else:
                return True
        return False

    def run(self, raw: bytes) -> tuple[int, int] | None:
        """Do the same by RE2 alone. Raises `re2.error` when the expression is not valid."""
        if self._search is None:
            self._search = _compiled(self._expression).Match
        span: tuple[int, int] = self._search(_UNANCHORED, raw, 0, len(raw))[0]
        return None if span[0] < 0 else span


class _Lead(NamedTuple):
    """What one word of a text leads to.

    Parameters
    ----------
    certain
        Groups, each with its patterns to try whatever else the text holds.
    conditional
        Patterns that need more words, each with what it needs and its group.
    sets
        A bit for each set that has the word.
    """

    certain: Sequence[tuple[str, tuple[Pattern, ...]]]
    conditional: Sequence[tuple[int, str, Pattern]]
    sets: int

    @classmethod
    def to(cls, patterns: Iterable[Pattern], sets: int = 0) -> Self:
        """Sort patterns by whether they need more words."""
        certain: dict[str, tuple[Pattern, ...]] = {}
        conditional = []
        for pattern in patterns:
            if pattern.needs:
                conditional.append((pattern.needs, pattern.group, pattern))
            else:
                certain[pattern.group] = (*certain.get(pattern.group, ()), pattern)
        return cls(tuple(certain.items()), tuple(conditional), sets)


class _Leads(dict[str, _Lead | None]):
    """What each word leads to; learns the words as they come, up to a limit."""

    def __init__(self, learn: Callable[[str], _Lead | None]) -> None:
        super().__init__()
        self._learn = learn

    def __missing__(self, word: str) -> _Lead | None:
        lead = self._learn(word)
        if len(self) < _MOST_WORDS:
            self[word] = lead
        return lead


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
    ways
        For the number of a pattern (as text): what else a text must contain, within words or not, for the pattern to be
        worth running. One of several ways, each a list of alternatives between spaces: one of each.
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
        ways: Mapping[str, Sequence[Sequence[str]]],
    ) -> None:
        self.groups = tuple(groups)
        self._patterns, self._sets, self._ways = patterns, sets, ways
        self._words, self._stems, self._always = words, stems, always
        self._fragments: dict[str, list[tuple[str, Sequence[int]]]] = {}
        for fragment, numbers in fragments.items():
            self._fragments.setdefault(fragment[:2], []).append((fragment, numbers))
        self._known: dict[int, Pattern] = {}
        self._all_sets = (1 << len(sets)) - 1
        self._leads = _Leads(self._lead_of)
        self._by_fragment: dict[str, _Lead] = {}

    def search(self, text: Folded) -> "Matches":
        """Find the groups that can match `text`; the patterns themselves run when they are asked for."""
        found = [*filter(None, map(self._leads.__getitem__, set(_words_and_signs(text)))), self._on_every_text]
        if not text.text.isascii() and OTHER_LETTERS.search(text.text):
            found += self._with_fragments(text.text)
        possible: dict[str, tuple[Pattern, ...]] = {}
        present = 0
        for certain, _, sets in found:
            present |= sets
            for group, patterns in certain:
                possible[group] = possible[group] + patterns if group in possible else patterns
        missing = self._all_sets ^ present
        for _, conditional, _ in found:
            for needs, group, pattern in conditional:
                if not needs & missing:
                    possible[group] = (*possible[group], pattern) if group in possible else (pattern,)
        return Matches(text, possible)

    @cached_property
    def _on_every_text(self) -> _Lead:
        return _Lead.to(map(self.pattern, self._always))

    @cached_property
    def _sets_of(self) -> Mapping[str, Sequence[int]]:
        """For each word, the numbers of the sets that have it."""
        found: dict[str, list[int]] = {}
        for number, words in enumerate(self._sets):
            for word in words:
                found.setdefault(word, []).append(number)
        return found

    def pattern(self, number: int) -> Pattern:
        """Return a pattern by its number."""
        known = self._known.get(number)
        if known is None:
            group, expression, sets = self._patterns[number]
            ways = [[slot.split(" ") for slot in way] for way in self._ways.get(str(number), ())]
            known = self._known[number] = Pattern(self.groups[group], expression, _bits(sets), ways)
        return known

    def _lead_of(self, word: str) -> _Lead | None:
        numbers = (*self._words.get(word, ()), *self._stems.get(word[:STEM], ()))
        sets = _bits(self._sets_of.get(word, ()))
        return _Lead.to(map(self.pattern, numbers), sets) if numbers or sets else None

    def _with_fragments(self, text: str) -> Iterator[_Lead]:
        """Yield what those pieces of a script without spaces lead to that `text` has."""
        for start in self._fragments.keys() & {*text, *map(add, text, text[1:])}:
            for fragment, numbers in self._fragments[start]:
                if fragment in text:
                    known = self._by_fragment.get(fragment)
                    if known is None:
                        known = self._by_fragment[fragment] = _Lead.to(map(self.pattern, numbers))
                    yield known


def _bits(places: Iterable[int]) -> int:
    return reduce(or_, (1 << place for place in places), 0)


class Matches:
    """What an index finds in one text: the groups that can match, and, run when asked for, those that do.

    Parameters
    ----------
    patterns
        For the name of each group that can match, the patterns to try.
    """

    __slots__ = ("_found", "_holds", "_patterns", "_text")

    def __init__(self, text: Folded, patterns: Mapping[str, Sequence[Pattern]]) -> None:
        self._text = text
        self._patterns = patterns
        self._found: dict[Pattern, tuple[int, int] | None] = {}
        self._holds: dict[str, bool] = {}

    @property
    def possible(self) -> Set[str]:
        """Names of the groups that can match; no other group does."""
        return self._patterns.keys()

    def holds(self, group: str) -> bool:
        """Say whether any pattern of a group matches; no more of them run than that takes."""
        holds = self._holds.get(group)
        if holds is None:
            holds = False
            for pattern in self._patterns.get(group, ()):
                if self._find(pattern) is not None:
                    holds = True
                    break
            self._holds[group] = holds
        return holds

    def spans(self, group: str) -> Spans:
        """Return where the first match of each pattern of a group stands; empty when the group does not match."""
        if not self.holds(group):
            return ()
        found = map(self._find, dict.fromkeys(self._patterns[group]))
        return tuple(sorted(self._text.span(*span) for span in found if span is not None))

    def _find(self, pattern: Pattern) -> tuple[int, int] | None:
        found = self._found
        if pattern not in found:
            found[pattern] = pattern.find(self._text)
        return found[pattern]
