"""Disguises that hide words from a filter and leave them readable for people."""

from collections.abc import Callable, Mapping
from random import Random

# Cyrillic twins of Latin letters, by code point.
_TWINS = str.maketrans(
    "aeopcxyiABEHKMOPCTX",
    "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0410\u0412\u0415\u041d\u041a\u041c\u041e\u0420\u0421\u0422\u0425",
)
_LEET = str.maketrans("oieasOIEAS", "0134$0134$")
_INVISIBLE = "\u200b\u200c\u2060\u00ad"
_MARKS = "\u0335\u0336\u0337\u0338"
_SHARE = 0.5  # of the words of four letters and more


def _words(text: str, rng: Random, change: Callable[[str], str]) -> str:
    """Change some of the longer words, links apart."""
    return " ".join(
        change(word) if word.isascii() and word.isalpha() and len(word) > 3 and rng.random() < _SHARE else word
        for word in text.split(" ")
    )


def _strewn(word: str, rng: Random, signs: str) -> str:
    return "".join(char + (rng.choice(signs) if rng.random() < 0.5 else "") for char in word)


def spaced(text: str, rng: Random) -> str:
    """Put a dot, a hyphen or a space between all letters of a word."""
    return _words(text, rng, lambda word: rng.choice(". -").join(word))


def homoglyphs(text: str, rng: Random) -> str:
    """Write words with letters of other alphabets."""
    return _words(text, rng, lambda word: word.translate(_TWINS))


def zero_width(text: str, rng: Random) -> str:
    """Strew invisible characters into words."""
    return _words(text, rng, lambda word: _strewn(word, rng, _INVISIBLE))


def leetspeak(text: str, rng: Random) -> str:
    """Write digits for letters."""
    return _words(text, rng, lambda word: word.translate(_LEET))


def combining(text: str, rng: Random) -> str:
    """Strike letters through with combining marks."""
    return _words(text, rng, lambda word: _strewn(word, rng, _MARKS))


def bidi(text: str, rng: Random) -> str:
    """Write words backwards between direction overrides."""
    return _words(text, rng, lambda word: f"\u202e{word[::-1]}\u202c")


def defanged(text: str, rng: Random) -> str:
    """Break links so that they are not recognised as such."""
    del rng
    return (
        text.replace("https://", "hxxps://")
        .replace("http://", "hxxp://")
        .replace(".com", "[.]com")
        .replace(".top", "[.]top")
    )


_SINGLE = {
    "spaced letters": spaced,
    "homoglyphs": homoglyphs,
    "zero width": zero_width,
    "leetspeak": leetspeak,
    "combining marks": combining,
    "bidi overrides": bidi,
    "defanged links": defanged,
}


def mixed(text: str, rng: Random) -> str:
    """Disguise every word in a way of its own, and the links."""
    ways = [spaced, homoglyphs, zero_width, leetspeak, combining]
    return defanged(_words(text, rng, lambda word: rng.choice(ways)(word, _Always(rng.random()))), rng)


class _Always(Random):
    """Makes a way of disguise act on the one word it is given."""

    def random(self) -> float:
        return min(super().random(), _SHARE * 0.99)


ATTACKS: Mapping[str, Callable[[str, Random], str]] = {**_SINGLE, "mixed": mixed}
