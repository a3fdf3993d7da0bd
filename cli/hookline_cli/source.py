"""Reads messages from text, JSON Lines or CSV, one at a time."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO, Literal

Kind = Literal["text", "jsonl", "csv"]

LONGEST_LINE = 1 << 20
"""Bytes of a line that are read; a longer line is an error of its own, so memory stays bounded."""

_FIELDS = ("text", "message_content")


class SourceError(ValueError):
    """The input as a whole cannot be read, such as a CSV file without the column."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the input: a message, or what is wrong with it."""

    line: int
    text: str
    error: str = ""


def read(
    source: BinaryIO, *, kind: Kind | None, column: str | None, progress: Callable[[int], None]
) -> Iterator[Entry]:
    """Yield the entries of an input.

    Parameters
    ----------
    kind
        What the input is; found out from its first line when None.
    column
        The column of a CSV with the messages.
    progress
        Called with the number of bytes of each line that was read.

    Raises
    ------
    SourceError
        If it is a CSV without the column.
    """
    lines = _lines(source, progress)
    if column is not None or kind == "csv":
        return _from_csv(lines, column)
    if kind is None:
        first = next(lines, None)
        if first is None:
            return iter(())
        lines = chain([first], lines)
        kind = "jsonl" if (first or "").lstrip().startswith("{") else "text"
    return _from_json(lines) if kind == "jsonl" else _from_text(lines)


def _lines(source: BinaryIO, progress: Callable[[int], None]) -> Iterator[str | None]:
    """Yield the lines without their ends; None for a line that is too long."""
    first = True
    while raw := source.readline(LONGEST_LINE):
        progress(len(raw))
        too_long = len(raw) == LONGEST_LINE and not raw.endswith(b"\n")
        while too_long and raw and not raw.endswith(b"\n"):
            raw = source.readline(LONGEST_LINE)
            progress(len(raw))
        line = None if too_long else raw.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
        yield line.removeprefix("\ufeff") if first and line else line
        first = False


def _from_text(lines: Iterator[str | None]) -> Iterator[Entry]:
    for number, line in enumerate(lines, start=1):
        yield _too_long(number) if line is None else Entry(number, line)


def _from_json(lines: Iterator[str | None]) -> Iterator[Entry]:
    for number, line in enumerate(lines, start=1):
        yield _too_long(number) if line is None else _parse(number, line)


def _parse(number: int, line: str) -> Entry:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Entry(number, "", f"not JSON: {error}")
    if not isinstance(row, dict):
        return Entry(number, "", "not a JSON object")
    text = next((row[field] for field in _FIELDS if field in row), None)
    if not isinstance(text, str):
        return Entry(number, "", "no string in `text` or `message_content`")
    return Entry(number, text)


def _from_csv(lines: Iterator[str | None], column: str | None) -> Iterator[Entry]:
    csv.field_size_limit(LONGEST_LINE)
    too_long: set[int] = set()
    reader = csv.reader(_noting_long_ones(lines, too_long))
    header = next(reader, None)
    if header is None:
        raise SourceError("the CSV is empty")
    wanted = column if column is not None else next((field for field in _FIELDS if field in header), "")
    if not wanted:
        raise SourceError("name the --column with the messages")
    if wanted not in header:
        raise SourceError(f"no column {wanted!r}; there are {', '.join(map(repr, header))}")
    place = header.index(wanted)

    def rows() -> Iterator[Entry]:
        while True:
            number = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Entry(number, "", f"not CSV: {error}")
                continue
            if not too_long.isdisjoint(range(number, reader.line_num + 1)):
                too_long.clear()
                yield _too_long(number)
            elif row:
                yield Entry(number, row[place]) if place < len(row) else Entry(number, "", "the row is too short")

    return rows()


def _noting_long_ones(lines: Iterator[str | None], too_long: set[int]) -> Iterator[str]:
    """Yield lines for a CSV reader, and note the numbers of those that were too long to keep."""
    for number, line in enumerate(lines, start=1):
        if line is None:
            too_long.add(number)
        yield f"{line or ''}\n"


def _too_long(number: int) -> Entry:
    return Entry(number, "", f"longer than {LONGEST_LINE} bytes")
