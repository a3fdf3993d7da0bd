"""Writes verdicts as JSON Lines, CSV or a table, one line for each entry."""

import csv
import json
from collections.abc import Callable
from typing import Any, Literal, TextIO

from hookline_ml import Brief, Verdict

from hookline_cli.safe import excerpt
from hookline_cli.source import Entry

Format = Literal["jsonl", "csv", "table"]
Outcome = Brief | Verdict | None
Write = Callable[[Entry, Outcome, str], None]
"""Writes one entry with its verdict, or with an error."""

_COLUMNS = ("line", "risk_score", "risk_level", "category_code", "threat_category", "probability", "error")
_FULL_COLUMNS = ("primary_reason", "advice", "reason_codes", "model_version", "rules_version")
_EXCERPT = 60


def writer(out: TextIO, wanted: Format, *, brief: bool) -> Write:
    """Return the function that writes one entry, after writing the header."""
    if wanted == "jsonl":
        return lambda entry, outcome, error: _json_line(out, entry, outcome, error)
    if wanted == "csv":
        return _csv_writer(out, brief=brief)
    out.write(f"{'line':>6}  {'score':>5}  {'level':<8}  {'category':<30}  message\n")
    return lambda entry, outcome, error: _table_line(out, entry, outcome, error)


def _common(entry: Entry, outcome: Brief | Verdict) -> dict[str, Any]:
    return {
        "line": entry.line,
        "risk_score": outcome.risk_score,
        "risk_level": outcome.risk_level.value,
        "category_code": outcome.category.code,
        "threat_category": outcome.category.name,
        "probability": round(outcome.probability, 4),
    }


def _json_line(out: TextIO, entry: Entry, outcome: Outcome, error: str) -> None:
    row: dict[str, Any] = {"line": entry.line, "error": error} if outcome is None else _common(entry, outcome)
    if isinstance(outcome, Verdict):
        row |= {
            "primary_reason": outcome.primary_reason,
            "advice": outcome.advice,
            "reasons": [
                {
                    "code": reason.code,
                    "source": reason.source,
                    "points": round(reason.points, 1),
                    "text": reason.text,
                    "spans": reason.spans,
                }
                for reason in outcome.reasons
            ],
            "model_version": outcome.model_version,
            "rules_version": outcome.rules_version,
        }
    out.write(json.dumps(row, ensure_ascii=True) + "\n")


def _csv_writer(out: TextIO, *, brief: bool) -> Write:
    table = csv.DictWriter(out, _COLUMNS if brief else (*_COLUMNS, *_FULL_COLUMNS), lineterminator="\n")
    table.writeheader()

    def write(entry: Entry, outcome: Outcome, error: str) -> None:
        row = {"line": entry.line, "error": error} if outcome is None else _common(entry, outcome)
        if isinstance(outcome, Verdict):
            row |= {
                "primary_reason": outcome.primary_reason,
                "advice": outcome.advice,
                "reason_codes": " ".join(reason.code for reason in outcome.reasons),
                "model_version": outcome.model_version,
                "rules_version": outcome.rules_version,
            }
        table.writerow(row)

    return write


def _table_line(out: TextIO, entry: Entry, outcome: Outcome, error: str) -> None:
    if outcome is None:
        out.write(
            f"{entry.line:>6}  {'-':>5}  {'error':<8}  {excerpt(error, 30):<30}  {excerpt(entry.text, _EXCERPT)}\n"
        )
        return
    out.write(
        f"{entry.line:>6}  {outcome.risk_score:>5}  {outcome.risk_level.value:<8}  {outcome.category.name:<30}  "
        f"{excerpt(entry.text, _EXCERPT)}\n"
    )
