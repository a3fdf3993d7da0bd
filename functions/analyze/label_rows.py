"""Reads labels out of an upload, CSV or JSON Lines. A row that cannot be read spoils no other row."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from hookline_core.errors import InvalidRequestError
from hookline_core.stores.labels import LabelName

from analyze.inputs import LONGEST_MESSAGE
from analyze.opinions import check_category
from analyze.spreadsheet import unguarded

_NAMES: tuple[LabelName, ...] = get_args(LabelName)


@dataclass(frozen=True, slots=True)
class Row:
    """A label as uploaded.

    Parameters
    ----------
    line
        Number of the upload's line in which the row begins, from 1.
    """

    line: int
    text: str
    label: LabelName
    category: str | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken. ``detail`` says why and repeats nothing of the row."""

    line: int
    code: str
    detail: str


def read_json_lines(content: str) -> Iterator[Row | Refusal]:
    """Read one JSON object a line; empty lines are passed over."""
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            yield Refusal(number, "malformed_line", f"Line {number} is not JSON.")
            continue
        if isinstance(found, dict):
            yield _row(number, found)
        else:
            yield Refusal(number, "malformed_line", f"Line {number} is not a JSON object.")


def read_csv(content: str) -> Iterator[Row | Refusal]:
    """Read CSV whose first line names the columns ``text``, ``label`` and maybe ``category``; others are passed over.

    Raises
    ------
    InvalidRequestError
        If the first line does not name them.
    """
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    columns = _columns(reader)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Refusal(number, "malformed_line", f"Line {number} is not CSV.")
            continue
        if not any(cells):
            continue
        if len(cells) != len(columns):
            detail = f"Line {number} has {len(cells)} cells, the first line {len(columns)}."
            yield Refusal(number, "malformed_line", detail)
            continue
        fields = dict(zip(columns, cells, strict=True))
        yield _row(number, {**fields, "text": unguarded(fields["text"]), "category": fields.get("category") or None})


def _columns(reader: Iterator[list[str]]) -> list[str]:
    try:
        columns = [cell.strip().lower() for cell in next(reader, [])]
    except csv.Error:
        columns = []
    if not {"text", "label"} <= set(columns) or len(set(columns)) != len(columns):
        raise InvalidRequestError("The first line must name the columns text and label, and each column once.")
    return columns


def _row(line: int, fields: Mapping[str, Any]) -> Row | Refusal:
    text, label, category = fields.get("text"), fields.get("label"), fields.get("category")
    problem = _problem_of_text(text) or _problem_of_label(label, category)
    return Refusal(line, *problem) if problem else Row(line, str(text), cast("LabelName", label), category)


def _problem_of_text(text: object) -> tuple[str, str] | None:
    if not isinstance(text, str):
        return "invalid_request", "`text` is missing, or not a text."
    if not text.strip():
        return "message_empty", "`text` is empty."
    if len(text) > LONGEST_MESSAGE:
        return "message_too_long", f"`text` is longer than {LONGEST_MESSAGE} characters."
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return "invalid_request", "`text` holds half of a character."
    return None


def _problem_of_label(label: object, category: object) -> tuple[str, str] | None:
    if label not in _NAMES:
        return "label_unknown", f"`label` must be one of {', '.join(_NAMES)}."
    if category is not None and not isinstance(category, str):
        return "category_unknown", "`category` is not a text."
    try:
        check_category(label, category)
    except InvalidRequestError as error:
        return "category_unknown", error.detail
    return None
