"""Makes messages fit to be shown in a terminal: they were written by criminals."""

import unicodedata

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_STAND_IN = "·"


def printable(text: str) -> str:
    """Replace what could move the cursor, hide or turn text round, character by character: offsets stay valid.

    Examples
    --------
    >>> printable("red \\x1b[31m")
    'red ·[31m'
    """
    return "".join(_STAND_IN if unicodedata.category(char) in _UNSAFE else char for char in text)


def excerpt(text: str, width: int) -> str:
    """Return the beginning of a message on one line."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= width else line[: width - 1] + "…"
