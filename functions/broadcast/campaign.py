"""Tells campaigns apart: messages of one template have one key, whatever is filled into it.

Senders of campaigns change the link, the amount, the name and the odd small word from message to message, and put
lookalike letters between the others. What stays are the long words. So the key is made of the longest words of the
text, after everything that is filled in was taken out and letters were folded to what they look like.
"""

import hashlib
import re
import unicodedata

_WORDS = 8
"""How many of the longest words make the key. Fewer would throw different templates together."""

_FEWEST = 2
_LINK = re.compile(r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.)\S+|\b[\w.-]+\.[a-z]{2,}(?:/\S*)?|\S+@\S+", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+")
_NAMED = re.compile(r"\b(dear|hi|hello|hey|hola|hallo|bonjour|ciao)\s+[^\W\d_]+", re.IGNORECASE)
_LOOKALIKES = str.maketrans(
    dict(
        zip(
            "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u043a\u043c\u0442\u043d\u0432\u0501",
            "aeopcyxijskmthbd",
            strict=True,
        )
    )
    | dict(zip("\u03b1\u03bf\u03bd\u03c1\u03c4\u03b9\u03ba\u03c5\u03c7\u03b5$@", "aovptikuxesa", strict=True))
)
"""Cyrillic and Greek letters, and signs, that pass for Latin ones."""

_LEET = str.maketrans("013457", "oieast")


def campaign_of(text: str) -> str:
    """Return the key of the campaign that a message belongs to.

    Example
    -------
    >>> campaign_of("Your parcel 381 is on hold, pay 1.99 at http://a.test/x") == campaign_of(
    ...     "Your parcel 92 is on hold, pay 2.50 at http://b.test/y"
    ... )
    True
    """
    folded = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if unicodedata.category(letter) not in {"Mn", "Cf", "Cc"} or letter.isspace()
    )
    filled = _NAMED.sub(r"\1", _LINK.sub(" ", folded)).translate(_LOOKALIKES)
    words = {word for token in _TOKEN.findall(filled) if (word := _word(token))}
    longest = sorted(sorted(words, key=lambda word: (-len(word), word))[:_WORDS])
    # A text of next to no words is its own template.
    key = " ".join(longest if len(longest) >= _FEWEST else folded.split())
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _word(token: str) -> str:
    """Return a token as a word; nothing, if it is a number, a code or too short to tell anything."""
    letters = sum(letter.isalpha() for letter in token)
    if letters < (4 if token.isascii() else 2) or letters * 2 < len(token):
        return ""
    return token.translate(_LEET)
