"""Undo what hides words, and remember where every character came from.

The result reads as a person would read the message: ornamental and foreign lookalike letters become the Latin
letters they stand
for, invisible characters and floods of marks go, spaced-out letters and digits-for-letters become words, broken
links become whole.
Genuine writing (accents, emoji, any script) stays as it is. Time is linear in the length of the message.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import re2

from hookline_ml.confusables import LOOKALIKES, ORNAMENTS
from hookline_ml.lexicon import decoded, is_word, segment

Offsets = Sequence[int]
_Edit = tuple[
    int, int, str, Offsets
]  # start, end, replacement, the index in the present text of each of its characters


class Normalised(NamedTuple):
    """A message as a person reads it.

    Parameters
    ----------
    text
        The message with its disguises undone.
    original
        The message as it came.
    offsets
        For each character of `text`, its index in `original`.
    tricks
        The disguises that were undone: ``zero_width``, ``bidi``, ``combining``, ``confusables``, ``spaced_letters``,
        ``leetspeak``, ``defanged_link``, ``entities``.
    """

    text: str
    original: str
    offsets: Offsets
    tricks: frozenset[str] = frozenset()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a range of `text` into the range of `original` that it came from.

        Examples
        --------
        >>> normalise("a f.r.e.e gift").span(2, 6)
        (2, 9)
        """
        if isinstance(self.offsets, range) or start >= end:
            return start, end
        part = self.offsets[start:end]
        return (min(part), max(part) + 1) if part else (0, 0)


class _Draft:
    """The text on its way, with its offsets and the tricks found so far."""

    __slots__ = ("offsets", "text", "tricks")

    def __init__(self, text: str) -> None:
        self.text = text
        self.offsets: Offsets = range(len(text))
        self.tricks: set[str] = set()

    def apply(self, edits: Iterable[_Edit]) -> None:
        """Carry out edits, which must not overlap and must come in order."""
        pieces: list[str] = []
        offsets: list[int] = []
        at = 0
        for start, end, replacement, origin in edits:
            pieces += (self.text[at:start], replacement)
            offsets += self.offsets[at:start]
            offsets += [self.offsets[index] for index in origin]
            at = end
        if at:
            pieces.append(self.text[at:])
            offsets += self.offsets[at:]
            self.text, self.offsets = "".join(pieces), offsets

    def rewrite(
        self, found: Iterable[re.Match[str]], decode: Callable[[re.Match[str]], tuple[str, Offsets] | None], trick: str
    ) -> None:
        """Replace those matches that `decode` has an answer for, and note the trick."""
        edits = [(*match.span(), *answer) for match in found if (answer := decode(match)) is not None]
        if edits:
            self.apply(edits)
            self.tricks.add(trick)


# --- characters -----------------------------------------------------------------------------------------------------

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INVISIBLES = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\x80-\x9f\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{_INVISIBLES}]")
_JOINERS = "\u200c\u200d"  # genuine in Persian, in Indic scripts and between emoji
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_GENUINE_INVISIBLE = frozenset("\u200e\u200f\u061c\ufeff\u2028\u2029\u00ad") | {
    chr(point) for point in range(0xFE00, 0xFE10)
}
_MARK = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_MARKS = re.compile(f"[{_MARK}]+")
_HARMLESS_MARKS = {"\u20e3", "\u0307"}  # the frame of a keycap; the dot that lower-casing leaves of a Turkish İ
_FOREIGN_MARK = (  # marks of scripts whose letters are not Latin
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u0e31\u0e34-\u0e3a"
    "\u0e47-\u0e4e\u0900-\u0902\u093c\u0941-\u0948\u094d]"
)
_FOREIGN_MARKS = re.compile(f"(?<=[A-Za-z0-9]){_FOREIGN_MARK}+")
_HAS_FOREIGN_MARKS = re.compile(f"[A-Za-z0-9]{_FOREIGN_MARK}")
# Most messages have none of these, and one look is quicker than one for each kind.
_HIDDEN = re.compile(f"[{_INVISIBLES}{_MARK}\ud800-\udfff]")
_WINDOWS = {  # what stands for quotes and dashes in Windows' code page, where it was read as Latin-1
    byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)
}
_WINDOWS_SIGNS = re.compile("[\x80-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_OVERRIDDEN = re.compile("\u202e([^\u202a-\u202e\n]*)(?:\u202c|$|(?=\n))")
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}


def _entity(match: re.Match[str]) -> tuple[str, Offsets] | None:
    if match[3]:
        return _NAMED[match[3]], (match.start(),)
    point = int(match[1]) if match[1] else int(match[2], 16)
    if not 0 < point < 0x110000 or 0xD800 <= point < 0xE000:
        return None
    return chr(point), (match.start(),)


def _reads_backwards(text: str) -> bool:
    """Say whether words that are shown from right to left make sense that way at least as well."""
    words = re.findall("[A-Za-z]{3,}", text)
    return bool(words) and sum(is_word(word[::-1]) for word in words) >= sum(map(is_word, words))


def _overridden(match: re.Match[str]) -> tuple[str, Offsets] | None:
    if not _reads_backwards(match[1]):
        return None
    return match[1][::-1], range(match.end(1) - 1, match.start(1) - 1, -1)


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _joins(before: str, after: str) -> bool:
    """Say whether a joiner stands where people write one: between letters or marks beyond Latin, or between emoji."""
    neighbours = (before, after)
    return all(char and not char.isascii() and unicodedata.category(char)[0] in "LMS" for char in neighbours)


def _drop_invisible(draft: _Draft) -> None:
    text = draft.text
    edits: list[_Edit] = []
    for match in _INVISIBLE.finditer(text):
        at, char = match.start(), match[0]
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if char in _JOINERS and _joins(before, after):
            continue
        if char in _DIRECTIONS:
            if _is_latin(before) or _is_latin(after):
                draft.tricks.add("bidi")
        elif _is_latin(before) and _is_latin(after) and char not in "\u2028\u2029\ufe0f":
            draft.tricks.add("zero_width")
        replacement = "\n" if char in "\u2028\u2029" else ""
        edits.append((at, at + 1, replacement, (at,) * len(replacement)))
    draft.apply(edits)


def _marks(draft: _Draft) -> None:
    """Compose accents with their letters and drop all further marks."""
    text = draft.text
    edits: list[_Edit] = []
    for match in _MARKS.finditer(text):
        at = match.start()
        base, marks = text[at - 1 : at] if at else "", match[0]
        composed, used = base, 0
        for mark in marks[:2]:
            whole = unicodedata.normalize("NFC", composed + mark)
            if not base or len(whole) != 1:
                break
            composed, used = whole, used + 1
        if used < len(marks) and (not base or base.isalpha()) and marks[used:] not in _HARMLESS_MARKS:
            draft.tricks.add("combining")
        edits.append((at - len(base), match.end(), composed, (at - 1,) * len(composed)))
    draft.apply(edits)


class _Shapes(dict[str, str]):
    """The plain form of single characters, learned as they come; bounded, as hostile text shows them all."""

    _LIMIT = 20_000

    def __missing__(self, char: str) -> str:
        plain = ORNAMENTS.get(char) or unicodedata.normalize("NFKC", char)
        if not char.isalnum() and len(plain) > 4:
            plain = char
        if len(self) < self._LIMIT:
            self[char] = plain
        return plain


_SHAPES = _Shapes(
    {"\u2026": "...", "\u2019": "'", "\u2018": "'", "\u00b4": "\u00b4", "\u00a8": "\u00a8", "\u00af": "\u00af"}
)
_ORNAMENTAL = re.compile(
    "[" + "".join(ORNAMENTS) + "\u2070-\u209f\u2100-\u214f\u2460-\u24ff\U0001d400-\U0001d7ff\U0001f110-\U0001f149]"
)


def _shapes(draft: _Draft) -> None:
    text = draft.text
    if len(_ORNAMENTAL.findall(text)) > 1:
        draft.tricks.add("confusables")
    plain = [_SHAPES[char] for char in text]
    draft.text = "".join(plain)
    if len(draft.text) != len(text) or max(map(len, plain)) > 1:
        draft.offsets = [index for index, each in zip(draft.offsets, plain, strict=True) for _ in each]


_LETTERS = re.compile(r"[^\W\d_]+(?:[^\W\d_]+)*")
_TWINS = re.compile("[" + "".join(LOOKALIKES) + "]")
_PLAIN_FOREIGN = re.compile("[" + "\u0370-\u058f\u13a0-\u13ff\ua4d0-\ua4ff\u2c80-\u2cff" + "]")


_HOST_GOES_ON = re.compile(r"\.[a-z]")
_MOSTLY = 12  # Latin letters for each that is certainly foreign: a genuine message may hold a long link


def _lookalikes(draft: _Draft) -> None:
    """Replace lookalikes in words with Latin letters, and whole words where the message is written in Latin."""
    text = draft.text
    if not _TWINS.search(text):
        return
    native = sum(char not in LOOKALIKES for char in _PLAIN_FOREIGN.findall(text))
    latin = sum(char.isascii() and char.isalpha() for char in text)
    mostly_latin = latin > _MOSTLY * native
    changed = list(text)
    found = False
    for match in _LETTERS.finditer(text):
        word = match[0]
        if word.isascii() or not _TWINS.search(word):
            continue
        has_latin = any(char < "\u0250" for char in word)
        all_twins = all(char < "\u0250" or char in LOOKALIKES for char in word)
        plain = [LOOKALIKES.get(char, char) for char in word]
        in_host = _HOST_GOES_ON.match(text, match.end())
        if all_twins and (has_latin or (mostly_latin and (in_host or is_word("".join(plain))))):
            changed[match.start() : match.end()] = plain
            found = True
    if found:
        draft.text = "".join(changed)
        draft.tricks.add("confusables")


def _characters(draft: _Draft) -> None:
    text = draft.text
    if _HIDDEN.search(text):
        if _SURROGATES.search(text):
            draft.text = text = _SURROGATES.sub("\ufffd", text)
        if _WINDOWS_SIGNS.search(text):
            draft.text = text = text.translate(_WINDOWS)
        if "\u202e" in text:
            draft.rewrite(list(_OVERRIDDEN.finditer(text)), _overridden, "bidi")
        _drop_invisible(draft)
        if _MARKS.search(draft.text):
            _marks(draft)
    if _HAS_FOREIGN_MARKS.search(draft.text):
        draft.rewrite(list(_FOREIGN_MARKS.finditer(draft.text)), lambda _: ("", ()), "combining")
    if not unicodedata.is_normalized("NFKC", draft.text) or _ORNAMENTAL.search(draft.text) or "\u2019" in draft.text:
        _shapes(draft)
    _lookalikes(draft)


# --- links ----------------------------------------------------------------------------------------------------------

_ENDINGS = (
    "com|net|org|info|top|xin|vip|icu|cfd|click|xyz|shop|online|site|app|cc|sbs|biz|ly|gd|co|io"
    "|page|live|store|cyou|link"
)
_DEFANGED = re.compile(
    r"(?P<dot>[ ]?(?:\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\{dot\})[ ]?)"
    r"|(?P<hxxp>\bh(?:xx|\*\*|tt|XX)p(?P<s>s?)[ ]?(?:\[:\]|:)?[ ]?/[ ]?/)"
    rf"|(?P<spaced>(?<=[a-z0-9])(?:[ ]\.[ ]?|\.[ ]| dot )(?=(?:{_ENDINGS})(?:/|[ ]?$|[ ]/)|(?:com?|net|org)\.[a-z]))",
    re.IGNORECASE | re.MULTILINE,
)
# No site is named without a dot: what stands behind the first part was torn from it by a line's end or a photograph.
_TORN = re.compile(
    r"(?<=://)(?:\s|(?:[a-z0-9\-]{1,30}\s){1,3})"
    rf"(?=[a-z0-9\-]*(?:\.[a-z0-9\-]+)*\.(?:{_ENDINGS}|[a-z]{{2}}|\d{{1,3}})(?![a-z0-9\-]|\.[a-z0-9]))",
    re.IGNORECASE,
)


def _new_sentence(match: re.Match[str]) -> bool:
    """Say whether a capital after small letters begins a sentence, which the full stop before it ends."""
    return match.string[match.start() - 1].islower() and match.string[match.end()].isupper()


def _refanged(match: re.Match[str]) -> tuple[str, Offsets] | None:
    whole = f"http{match['s'].lower()}://" if match["hxxp"] else "."
    if whole == match[0].lower() or (match["spaced"] and _new_sentence(match)):
        return None
    step = [min(match.start() + index, match.end() - 1) for index in range(len(whole))]
    return whole, step


def _mended(match: re.Match[str]) -> list[_Edit]:
    """Close the gaps of a torn link: with a hyphen, which is where lines break, unless there is a hyphen or a dot."""
    text = match.string
    gaps = [index for index in range(*match.span()) if text[index].isspace()]
    closed = [gap for gap in gaps if text[gap - 1] in "/-" or text[gap + 1] in "-."]
    return [(gap, gap + 1, "", ()) if gap in closed else (gap, gap + 1, "-", (gap,)) for gap in gaps]


# --- letters --------------------------------------------------------------------------------------------------------

_SPACED = re.compile(
    r"(?<![^\W_])(?<![@/.])[A-Za-z]"
    r"(?:(?:[ ]?[.\-_*\u00b7\u2022,|~+/\\][ ]?|[ ]{1,3})[A-Za-z0-9@$!]){2,}(?![^\W_@$])(?!\.[A-Za-z])"
)
_CORE = re.compile(r"[A-Za-z0-9@$!]")
_KNOWN_AT_LEAST = 4  # letters: people write "r u 4" and "U.S.A."
_JOINED_AT_LEAST = 6  # letters of a joined word that nobody knows
_VOWEL = re.compile("[aeiou@]", re.IGNORECASE)


def _joined(match: re.Match[str]) -> tuple[str, Offsets] | None:
    """Join spaced-out letters; where the gaps between words were lost as well, find the words again."""
    text, offsets, known = "", [], False
    for word, by_spaces in _spaced_words(match):
        letters, places = "".join(match.string[place] for place in word), word
        if sum(map(str.isalpha, letters)) * 3 < len(letters) * 2:  # a number beside the words stays as it is
            places = range(word[0], word[-1] + 1)
            parts = [match.string[word[0] : word[-1] + 1]]
        else:
            parts = segment(letters) if by_spaces else [letters]
            known = known or any(map(_may_be_word, parts))
        at = 0
        for part in parts:
            if text:
                text += " "
                offsets.append(max(places[at] - 1, 0))
            text += part
            offsets += places[at : at + len(part)]
            at += len(part)
    return (text, offsets) if known else None


def _spaced_words(match: re.Match[str]) -> Iterable[tuple[Offsets, bool]]:
    """Yield the places of the letters of each word, and whether spaces stood between its letters.

    Letters that punctuation joins are one word. Single letters between spaces belong together up to a wider gap.
    """
    places = [letter.start() for letter in _CORE.finditer(match.string, *match.span())]
    gaps = [match.string[here + 1 : there] for here, there in pairwise(places)]
    usual = max(set(gaps), key=gaps.count)
    tokens: list[list[int]] = [[]]
    starts_word = [True]
    for place, gap in zip(places, ["", *gaps], strict=True):
        if gap and (gap.isspace() or (gap != usual and " " in gap)):
            tokens.append([])
            starts_word.append(gap != usual and usual.isspace())
        tokens[-1].append(place)
    word: list[int] = []
    for token, starts in zip(tokens, starts_word, strict=True):
        if word and (starts or len(token) > 1):
            yield word, True
            word = []
        if len(token) > 1:
            yield token, False
        else:
            word += token
    if word:
        yield word, True


def _may_be_word(letters: str) -> bool:
    if len(letters) >= _JOINED_AT_LEAST and _VOWEL.search(letters):
        return True
    return len(letters) >= _KNOWN_AT_LEAST and decoded(letters) is not None


_SPLIT = re.compile(
    r"(?<![\w@/.\-*])[A-Za-z][A-Za-z0-9@$!]{0,11}(?:[.\-_*\u00b7\u2022'|~][A-Za-z][A-Za-z0-9@$!]{0,11}){1,8}"
    r"(?![^\W_])(?![@/.\-_*]\w)"
)
_PART = re.compile("[A-Za-z0-9@$!]+")
_UNSPLIT_AT_LEAST = 4  # letters; so short a word only where it was cut in the middle: "k.its" and "co-op" are whole
_NEVER_WITHIN = re.compile("[_*~|]")
_SENTENCES = re.compile(r"[a-z][.][A-Z]")
_CONTRACTED = 2  # letters before or after the apostrophe of "o'clock" and "you've"


def _unsplit(match: re.Match[str]) -> tuple[str, Offsets] | None:
    """Join a word with marks strewn in (`acc.ount`), when it is a word only without them."""
    parts = _PART.findall(match[0])
    known = sum(map(is_word, parts))
    people_write_so = known == len(parts) and not _NEVER_WITHIN.search(match[0])
    if people_write_so or (known and "-" in match[0]):  # "e-mail" and "to-do" are how people write
        return None
    if "'" in match[0] and len(parts) == 2 and min(map(len, parts)) <= _CONTRACTED:
        return None
    joined = "".join(parts)
    halves = len(joined) == _UNSPLIT_AT_LEAST and all(len(part) > 1 for part in parts) and "-" not in match[0]
    if (len(joined) <= _UNSPLIT_AT_LEAST and not halves) or _SENTENCES.search(match[0]) or decoded(joined) is None:
        return None
    return joined, [index for index in range(*match.span()) if _PART.match(match.string[index])]


_LEET = re.compile(
    r"(?<![\w@$./:#=&?%\-])(?=[0-9@$!|]*[A-Za-z])(?=[A-Za-z]*[0-9@$!|])[A-Za-z0-9@$!|]{3,24}"
    r"(?![\w@$/=&]|[.:\-]\w)"
)


_SHORT_CODE = 3  # characters
_SUM = re.compile(r"[A-Z]{1,2}\$\d")


def _unleet(match: re.Match[str]) -> tuple[str, Offsets] | None:
    token = match[0].rstrip("!")
    short = len(token) == _SHORT_CODE and (token.isupper() or not token[1].isdigit())
    if short or _SUM.match(token):  # "1st", "8am", "4ur", "G4S": only "w1n" hides a word
        return None
    word = decoded(token)
    if word is None or word == token:
        return None
    return word + match[0][len(token) :], range(*match.span())


_CHARS, _LINKS, _GAPS, _BREAKS, _CODES = range(5)


def _hints() -> re2.Set:
    """Return one automaton that tells in a single pass which of the steps below could find something at all."""
    gap = r"[ .\-_*·•,|~+/\\]{1,3}"
    part = "[A-Za-z][A-Za-z0-9@$!]{0,11}"
    mark, three = r"[.\-_*·•'|~]", "[A-Za-z][A-Za-z0-9@$!]{2,11}"
    # An apostrophe alone with at most two letters on one side is how people write: "don't", "o'clock".
    broken = rf"(?:{part}[.\-_*·•|~]{part}|{part}'{part}{mark}{part})(?:{mark}{part}){{0,7}}|{three}'{three}"
    defanged = r"\[\.|\(\.|\{\.|[\[({]dot|\bhxxp|\bh\*\*p|\bhttps?(?: |//|:/ |: |://(?:\s|[a-z0-9\-]{1,30}\s))"
    split_link = rf"[a-z0-9](?: \. ?|\. | dot )(?:(?:{_ENDINGS})(?:/|\s?$|\s/|\n)|(?:com?|net|org)\.)"
    options = re2.Options()
    options.never_capture = True
    hints = re2.Set.SearchSet(options)
    for pattern in (
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]",
        f"(?i){defanged}|{split_link}",
        rf"\b[A-Za-z]{gap}[A-Za-z0-9@$!]{gap}[A-Za-z0-9@$!]",
        rf"(?:^|[^A-Za-z0-9@/.\-_*])(?:{broken})(?:$|[^A-Za-z0-9@/])",
        r"[A-Za-z][0-9@$!|]+[A-Za-z]|[A-Za-z]{2}[013457@$|]|(?:^|[^0-9])[0134578@$!][A-Za-z]{2}",
    ):
        hints.Add(pattern)
    hints.Compile()
    return hints


_HINTS = _hints()


def normalise(text: str) -> Normalised:
    """Undo the disguises of a message.

    Never raises, whatever the string holds.

    Examples
    --------
    >>> normalise("Your p4ckage is h.e.l.d: hxxps://example[.]com").text
    'Your package is held: https://example.com'
    """
    draft = _Draft(text)
    if "&" in text and ";" in text:
        draft.rewrite(list(_ENTITY.finditer(text)), _entity, "entities")
    if not draft.text.isascii():
        _characters(draft)
    hints = _HINTS.Match(draft.text.encode())
    if not hints:
        return Normalised(draft.text, text, draft.offsets, frozenset(draft.tricks))
    if _CHARS in hints:
        draft.apply([(*match.span(), "", ()) for match in _CONTROLS.finditer(draft.text)])
        hints = range(5)  # what stood in between may have hidden more
    if _LINKS in hints:
        draft.rewrite(_DEFANGED.finditer(draft.text), _refanged, "defanged_link")
        draft.apply(edit for match in _TORN.finditer(draft.text) for edit in _mended(match))
    if _GAPS in hints:
        draft.rewrite(_SPACED.finditer(draft.text), _joined, "spaced_letters")
    if _BREAKS in hints:
        draft.rewrite(_SPLIT.finditer(draft.text), _unsplit, "spaced_letters")
    if _CODES in hints or "spaced_letters" in draft.tricks:
        draft.rewrite(_LEET.finditer(draft.text), _unleet, "leetspeak")
    return Normalised(draft.text, text, draft.offsets, frozenset(draft.tricks))
