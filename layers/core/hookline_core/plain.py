"""Makes text from strangers harmless where only plain text belongs: e-mail, logs, delivery records."""

import re
import unicodedata

_SCHEME = re.compile(r"(?i)\b(h)tt(ps?)(?=:)")
_DOT_IN_NAME = re.compile(r"(?<=\w)\.(?=\w)")
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories of what cannot be seen, or turns around what can: controls, bidi marks, line separators."""


def plain(text: str) -> str:
    """Return a text as one line without anything hidden, in which no program will find a link.

    Examples
    --------
    >>> plain("Go to https://chase.example/login\\r\\nBcc: everybody")
    'Go to hxxps://chase[.]example/login Bcc: everybody'
    """
    visible = "".join(" " if unicodedata.category(letter) in _HIDDEN else letter for letter in text)
    one_line = " ".join(visible.split())
    return _DOT_IN_NAME.sub("[.]", _SCHEME.sub(r"\1xx\2", one_line))
