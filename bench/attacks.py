"""Disguises that hide words from a filter and leave them readable for people: `python -m bench.attacks`.

The command disguises scams of templates that were kept out of training, and prints how many of them the shipped model
still finds at its own cut-off for High.
"""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from random import Random

from hookline_ml import Brief, Cutoffs, Detector, base_model, load_rules

from training.data import corpus_messages
from training.recipe import is_scam

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


def styled(text: str, rng: Random) -> str:
    """Write words with the bold letters of mathematics."""
    bold = {ord(letter): chr(0x1D400 + index) for index, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    bold |= {ord(letter): chr(0x1D41A + index) for index, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
    return _words(text, rng, lambda word: word.translate(bold))


def punctuated(text: str, rng: Random) -> str:
    """Break words in two with a mark."""

    def broken(word: str) -> str:
        place = rng.randrange(2, len(word) - 1)
        return f"{word[:place]}{rng.choice('._*')}{word[place:]}"

    return _words(text, rng, broken)


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


def split_links(text: str, rng: Random) -> str:
    """Put a space into links, behind the dot before their ending."""
    del rng
    return re.sub(r"(?<=[a-z0-9])\.(?=(?:com|net|top|xyz|info|click|online|site|shop)(?:/|$))", ". ", text)


_SINGLE = {
    "bold letters": styled,
    "punctuated": punctuated,
    "spaced letters": spaced,
    "homoglyphs": homoglyphs,
    "zero width": zero_width,
    "leetspeak": leetspeak,
    "combining marks": combining,
    "bidi overrides": bidi,
    "defanged links": defanged,
    "split links": split_links,
}


def mixed(text: str, rng: Random) -> str:
    """Disguise every word in a way of its own, and the links."""
    ways = [styled, spaced, homoglyphs, zero_width, leetspeak, combining]
    return defanged(_words(text, rng, lambda word: rng.choice(ways)(word, _Always(rng.random()))), rng)


class _Always(Random):
    """Makes a way of disguise act on the one word it is given."""

    def random(self) -> float:
        return min(super().random(), _SHARE * 0.99)


ATTACKS: Mapping[str, Callable[[str, Random], str]] = {**_SINGLE, "mixed": mixed}

_MOST_LOST = 0.03  # of the scams that are found as they were written


def main() -> int:
    """Print the table; 1 if a disguise hides more than it may."""
    detector, high = Detector(base_model(), load_rules()), Cutoffs().high
    messages = corpus_messages("test", seed=3, per_template=3)
    scams = [message.text for message in messages if is_scam(message)]
    genuine = [message.text for message in messages if message.label == "legit"]

    def found(texts: Sequence[str]) -> float:
        briefs = detector.score_many(texts)
        return sum(isinstance(brief, Brief) and brief.risk_score >= high for brief in briefs) / len(texts)

    plain = found(scams)
    print(f"High or above: {plain:.3f} of {len(scams)} scams of unseen templates as they were written,")
    print(f"               {found(genuine):.3f} of {len(genuine)} genuine messages of unseen templates\n")
    worst = 0.0
    for name, attack in ATTACKS.items():
        share = found([attack(text, Random(text)) for text in scams])  # noqa: S311
        worst = max(worst, plain - share)
        print(f"  {name:<18}{share:>7.3f}  {(share - plain) * 100:>+5.1f} points")
    return int(worst > _MOST_LOST)


if __name__ == "__main__":
    sys.exit(main())
