"""The notation of patterns: written out as RE2, and reduced to the words that any match must contain.

Used when the rulebook is built, not when messages are scored.

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
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from hookline_ml.patterns import ANY_CURRENCY, ANY_DIGIT, OTHER_LETTERS, SIGNS, STEM

_TOKENS = re.compile(r"\[(?:\\.|[^\]\\])*\]|\\.| \.\. | \?| |¤")
_MEANING = {
    "¤": r"(?:\$|£|€|¥|₹|₦|₱|฿|₺|₫|₩|₪|₽)",
    " .. ": r"[\s\-]+(?:\S+\s+){0,3}",
    " ?": r"[\s,;:.!\-]*",
    " ": r"[\s,;:.!\-]+",
}
_WORD_BEGINS = re.compile(r"[a-z0-9]|\\[dw]|\[[a-z0-9]")
_WORD_ENDS = re.compile(r"(?:[a-z0-9]|\\[dwS]|(?<!\\)[\]}])$")
_QUANTIFIER = re.compile(r"(?<!\\)[?*+]$")

UNKNOWN = "\0"
"""Stands, in an expanded pattern, for text that the pattern does not spell out."""

MOST_EXPANSIONS = 10_000
_WORD = re.compile(rf"[a-z{UNKNOWN}]+")
_FRAGMENT = re.compile(f"{OTHER_LETTERS.pattern}+")
_DIGIT_CLASSES = ("\\d", "[0-9]", "[0-4]", "[13]")
_WHOLE_WORD = re.compile("[a-z]+")
_LEFT_OPEN = re.compile(f"[{UNKNOWN}{ANY_DIGIT}{ANY_CURRENCY} ]")
_MASKED = re.compile("[1-9]")
_DIGITS = re.compile(f"[{ANY_DIGIT}0-9]+")
_MOST_TEXTS = 24
COMMON = frozenset((Path(__file__).parent / "data" / "common_words.txt").read_text(encoding="utf-8").split())
"""Words that most messages have: finding them says nothing, so patterns are looked up by others where they can be."""


class PatternError(ValueError):
    """A pattern is not valid; the message names it."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a text must contain for a pattern to match: one of the words, stems or fragments."""

    words: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    fragments: frozenset[str] = frozenset()


def to_re2(pattern: str) -> str:
    """Write a pattern out as RE2 syntax.

    Raises
    ------
    PatternError
        If the pattern is empty or has a letter outside ASCII in square brackets.

    Examples
    --------
    >>> print(to_re2("one ?time pin"))
    \\bone[\\s,;:.!\\-]*time[\\s,;:.!\\-]+pin\\b
    """
    if not pattern.strip():
        raise PatternError("an empty pattern matches everything")
    if any(not part[0].isascii() for part in _TOKENS.finditer(pattern) if part[0].startswith("[")):
        raise PatternError(f"{pattern!r}: a letter outside ASCII in square brackets; write (á|é)")
    first, last = _outer_groups(pattern)
    head = r"\b" if _WORD_BEGINS.match(pattern) or _is_word(first) else ""
    tail = r"\b" if _WORD_ENDS.search(_QUANTIFIER.sub("", pattern)) or _is_word(last) else ""
    return head + _TOKENS.sub(lambda part: _MEANING.get(part[0], part[0]), pattern) + tail


def _outer_groups(pattern: str) -> tuple[str, str]:
    """Return the group that the pattern begins with and the one that it ends with, each empty where there is none."""
    groups, opened, at = [], [], 0
    while at < len(pattern):
        token = _TOKENS.match(pattern, at)
        if token is None and pattern[at] == "(":
            opened.append(at)
        elif token is None and pattern[at] == ")" and opened:
            groups.append((opened.pop(), at + 1))
        at = token.end() if token else at + 1
    end = len(_QUANTIFIER.sub("", pattern))
    first = next((pattern[start:stop] for start, stop in groups if start == 0), "")
    last = next((pattern[start:stop] for start, stop in groups if stop == end), "")
    return first, last


def _is_word(group: str) -> bool:
    """Say whether a group stands for words; RE2 sees none in the scripts that our patterns cannot bound."""
    return bool(group) and not OTHER_LETTERS.search(group)


def needs(pattern: str) -> frozenset[Needs]:
    """Find what a text must contain for `pattern` to match: something of each.

    Examples
    --------
    >>> sorted(sorted(each.words) for each in needs("your .. (parcel|package)"))
    [['package', 'parcel'], ['your']]
    """
    found = (_needs_of(_expand(slot)) for slot in _slots(pattern))
    return frozenset(each for each in found if each is not None)


def texts(pattern: str) -> tuple[tuple[str, ...], ...]:
    """Find what else a text must contain for `pattern` to match: of each, one of some texts, within words or not.

    Slots that `needs` tells all about, as they stand for single whole words, are left out, and those with many texts.
    In these texts 0 stands for any digit.

    Examples
    --------
    >>> texts("your .. .{0,8}(parcels|tracking)")
    (('tracking', 'parcels'),)
    >>> texts("your .. (parcels|tracking)")
    ()
    >>> texts("code \\d{4,8}")
    (('0000',),)
    """
    found: list[tuple[str, ...]] = []
    for slot in _slots(pattern):
        for part in (slot, *_groups(slot)):
            expansions = _expand(part) or frozenset({""})
            digits = [max(_DIGITS.findall(text), key=len, default="") for text in expansions]
            if least := min(map(len, digits)):
                found.append(("0" * least,))
            if all(_WHOLE_WORD.fullmatch(text) for text in expansions) and part == slot:
                continue
            spelt = {_MASKED.sub("0", max(_LEFT_OPEN.split(text), key=len)) for text in expansions}
            shortest = {text for text in spelt if not any(other in text for other in spelt - {text})}
            if "" not in spelt and len(shortest) <= _MOST_TEXTS:
                found.append(tuple(sorted(shortest, key=lambda text: (-len(text), text))))
    return tuple(sorted(dict.fromkeys(found), key=len))


def _groups(slot: str) -> list[str]:
    """Return the groups in brackets of which every match of a slot has one of the alternatives."""
    groups, depth, start, at = [], 0, 0, 0
    while at < len(slot):
        token = _TOKENS.match(slot, at)
        piece = token[0] if token else slot[at]
        if piece == "(":
            start = start if depth else at
            depth += 1
        at += len(piece)
        if piece == "|" and depth == 0:
            return []
        if piece == ")":
            depth -= 1
            if depth == 0 and not slot.startswith(("?", "*", "{0"), at):
                groups.append(slot[start:at])
    return groups


def _slots(pattern: str) -> list[str]:
    """Split at the gaps and spaces that stand outside all brackets."""
    slots, depth, at = [""], 0, 0
    while at < len(pattern):
        token = _TOKENS.match(pattern, at)
        piece = token[0] if token else pattern[at]
        depth += (piece == "(") - (piece == ")")
        if piece in (" .. ", " ") and depth == 0:
            slots.append("")
            if pattern.startswith("?", at + len(piece)):  # as few words in between as can be: the same words are needed
                at += 1
        elif piece == "|" and depth == 0:
            return [pattern]
        else:
            slots[-1] += piece
        at += len(piece)
    return slots


def _needs_of(expansions: frozenset[str] | None) -> Needs | None:
    """Choose, for each way to write a slot, the word to look for."""
    if not expansions:
        return None
    words, stems, fragments = set(), set(), set()
    for text in expansions:
        found = _WORD.findall(text)
        whole = [word for word in found if UNKNOWN not in word]
        begun = [stem for word in found if len(stem := word.partition(UNKNOWN)[0]) >= STEM]
        if foreign := _FRAGMENT.findall(text):
            fragments.add(max(foreign, key=len))
        elif whole:
            words.add(min(whole, key=lambda word: (word in COMMON, -len(word))))
        elif begun:
            stems.add(max(begun, key=len)[:STEM])
        elif sign := next((sign for sign in (ANY_CURRENCY, *SIGNS) if sign in text), None):
            words.add(sign)
        elif any(char in text for char in f"{ANY_DIGIT}0123456789"):
            words.add(ANY_DIGIT)
        else:
            return None
    return Needs(frozenset(words), frozenset(stems), frozenset(fragments))


def _expand(slot: str) -> frozenset[str] | None:
    """Write out every text a slot can stand for, with UNKNOWN for what it leaves open; None for too many."""
    try:
        expansions, rest = _alternatives(slot, 0)
    except OverflowError:
        return None
    return expansions if rest == len(slot) else None


def _alternatives(text: str, at: int) -> tuple[frozenset[str], int]:
    found: set[str] = set()
    while True:
        some, at = _sequence(text, at)
        found |= some
        if len(found) > MOST_EXPANSIONS:
            raise OverflowError
        if at >= len(text) or text[at] != "|":
            return frozenset(found), at
        at += 1


def _sequence(text: str, at: int) -> tuple[frozenset[str], int]:
    found = frozenset({""})
    while at < len(text) and text[at] not in "|)":
        atom, at = _atom(text, at)
        atom, at = _repeated(atom, text, at)
        if len(found) * len(atom) > MOST_EXPANSIONS:
            raise OverflowError
        found = frozenset(left + right for left, right in product(found, atom))
    return found, at


def _atom(text: str, at: int) -> tuple[frozenset[str], int]:
    token = _TOKENS.match(text, at)
    if token is not None:
        piece = token[0]
        if piece in (" ", " .. "):
            return frozenset({" "}), token.end()
        if piece == " ?":
            return frozenset({" ", ""}), token.end()
        return frozenset({_spelt(piece)}), token.end()
    if text[at] == "(":
        inside, end = _alternatives(text, at + (3 if text.startswith("(?:", at) else 1))
        return inside, end + 1
    if text[at] in ".^$":
        return frozenset({UNKNOWN if text[at] == "." else " "}), at + 1
    return frozenset({text[at]}), at + 1


def _spelt(piece: str) -> str:
    """Return what an escape or a class in brackets stands for, as far as that matters."""
    if piece in _DIGIT_CLASSES:
        return ANY_DIGIT
    if len(piece) == 2 and not piece[1].isalnum():
        return piece[1]
    if piece == ANY_CURRENCY:
        return piece
    # A class of digits and signs cannot lengthen a word, for words are runs of letters.
    no_letters = piece[0] == "[" and piece[1] != "^" and not re.search("[a-z]", re.sub(r"\\[sd]", "", piece))
    between_words = piece == "\\s" or no_letters
    return " " if between_words else UNKNOWN


def _repeated(atom: frozenset[str], text: str, at: int) -> tuple[frozenset[str], int]:
    if at < len(text) and text[at] == "?":
        return atom | {""}, at + 1
    if at < len(text) and text[at] in "*+":
        return _many(atom, least=int(text[at] == "+")), at + 1
    if at < len(text) and text[at] == "{":
        end = text.index("}", at)
        return _many(atom, least=int(text[at + 1 : end].partition(",")[0])), end + 1
    return atom, at


def _many(atom: frozenset[str], *, least: int) -> frozenset[str]:
    if not all(text.isspace() or ANY_DIGIT in text for text in atom):
        return frozenset({UNKNOWN})
    if least and atom == {ANY_DIGIT}:
        return frozenset({ANY_DIGIT * least})
    return atom if least else atom | {""}
