"""CSV that a spreadsheet may open without danger.

Spreadsheets run a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line's end as a formula, some of them
also with the wide forms of these signs, and messages are written by criminals. An apostrophe in front keeps such a cell
a text. Reading takes it off again, so what was exported can be imported as it was.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_SIGNS = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(f"'*{_SIGNS}")
_GUARDED = re.compile(f"'+{_SIGNS}")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Example
    -------
    >>> guarded("=1+1"), guarded("a=b")
    ("'=1+1", 'a=b')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return a cell as it was before it was guarded."""
    return cell[1:] if _GUARDED.match(cell) else cell


def csv_of(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV. Every cell stands in quotes, so that no other separator splits it."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(map(guarded, row) for row in rows)
    return out.getvalue()
