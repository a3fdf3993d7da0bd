"""A small pattern notation over RE2, and the set that matches all patterns in one pass.

Notation (a person who knows words can write it):

- letters are written in lower case and without accents: text is folded the same way before it is matched;
- a space stands for any run of spaces, hyphens or light punctuation between two words;
- a space with a question mark may be missing;
- ``..`` between two words stands for up to three words in between;
- ``¤`` stands for any currency sign;
- a pattern that begins (ends) with a letter, a digit or a group begins (ends) at a word boundary;
- everything else is RE2 syntax, which has no construct that can take more than linear time;
- letters outside ASCII stand for their UTF-8 bytes, so write ``(á|é)`` where you would write ``[áé]``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self
from unicodedata import normalize as unicode_form

import re2

_NOTATION = re.compile(r"\[(?:\\.|[^\]\\])*\]|\\.| \.\. | \?| |¤")
_MEANING = {
    "¤": r"(?:\$|£|€|¥|₹|₦|₱|฿|₺|₫|₩|₪|₽)",
    " .. ": r"[\s\-]+(?:\S+\s+){0,3}",
    " ?": r"[\s,;:.!\-]{0,3}",
    " ": r"[\s,;:.!\-]{1,3}",
}
_STARTS_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789(")
_ENDS_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789)?*+")
_WORD_CLASSES = ("\\d", "\\w", "[a-z", "[0-9")
_LATIN = (range(0xC0, 0x250), range(0x1E00, 0x1F00))
_SET_MEMORY = 24 << 20  # bytes for the automaton's cache; it starts small and is emptied when it is full


class PatternError(ValueError):
    """A pattern cannot be compiled; the message names the group and the pattern."""


class _Folding(dict[int, str]):
    """Maps one character to one folded character; learns Latin letters as they come, so it stays small."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        if any(point in block for block in _LATIN):
            base = unicode_form("NFD", char)[0].lower()
            self[point] = base if len(base) == 1 else char
            return self[point]
        if char.isspace():
            return " "
        lower = char.lower()
        return lower if len(lower) == 1 else char


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


def to_re2(pattern: str) -> str:
    """Write out our notation as RE2 syntax.

    Examples
    --------
    >>> print(to_re2("code"))
    \\bcode\\b
    """
    if any(not part[0].isascii() for part in _NOTATION.finditer(pattern) if part[0].startswith("[")):
        raise PatternError(f"{pattern!r}: a letter outside ASCII in square brackets; write (á|é)")
    head = r"\b" if pattern[0] in _STARTS_WORD or pattern.startswith(_WORD_CLASSES) else ""
    tail = r"\b" if pattern[-1] in _ENDS_WORD or pattern.endswith(("\\d", "\\w")) else ""
    return head + _NOTATION.sub(lambda part: _MEANING.get(part[0], part[0]), pattern) + tail


def _options() -> Any:  # noqa: ANN401 - the library has no types
    options = re2.Options()
    options.never_capture = True
    options.log_errors = False
    # One byte, one step: half the size of the automaton, and all that our notation needs.
    options.encoding = re2.Options.Encoding.LATIN1
    return options


def _compile(written: bytes) -> Any:  # noqa: ANN401 - the library has no types
    try:
        return re2.compile(written, _options())
    except re2.error as error:
        raise PatternError(f"{written.decode()!r}: {error}") from None


class PatternSet:
    """Named groups of patterns, all searched in one pass over the text.

    Parameters
    ----------
    groups
        Patterns in our notation by group name. A group matches when any of its patterns does.

    Raises
    ------
    PatternError
        If a pattern is empty or not valid.
    """

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._names: list[str] = []
        self._patterns: dict[str, bytes] = {}
        self._compiled: dict[str, Any] = {}
        options = _options()
        options.max_mem = _SET_MEMORY
        self._set = re2.Set.SearchSet(options)
        for name, patterns in groups.items():
            self._add(name, list(patterns))
        if self._names:
            self._set.Compile()

    def _add(self, name: str, patterns: list[str]) -> None:
        if not patterns or not all(patterns):
            raise PatternError(f"{name}: an empty pattern matches everything")
        written = "|".join(map(to_re2, patterns)).encode()
        try:
            self._set.Add(written)
        except re2.error:
            for pattern in patterns:
                _compile(to_re2(pattern).encode())  # names the culprit
            raise PatternError(f"{name}: {written.decode()!r} is not valid") from None
        self._names.append(name)
        self._patterns[name] = written

    def __contains__(self, name: object) -> bool:
        return name in self._patterns

    def match(self, text: Folded) -> frozenset[str]:
        """Return the names of the groups that match somewhere in `text`."""
        if not self._names:
            return frozenset()
        names = self._names
        return frozenset([names[index] for index in self._set.Match(text.raw) or ()])

    def spans(self, name: str, text: Folded, *, limit: int = 3) -> tuple[tuple[int, int], ...]:
        """Locate the first `limit` matches of a group, as character offsets into `text`."""
        compiled = self._compiled.get(name)
        if compiled is None:
            compiled = self._compiled[name] = _compile(self._patterns[name])
        found = []
        for match in compiled.finditer(text.raw):
            start, end = match.span()
            found.append((text.offset(start), text.offset(end)))
            if len(found) == limit:
                break
        return tuple(found)
