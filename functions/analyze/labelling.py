"""The use cases of labels: take many at once, and give them all back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from hookline_core.clock import Clock, isoformat
from hookline_core.errors import InvalidRequestError, PayloadTooLargeError
from hookline_core.ids import new_id
from hookline_core.stores.label_log import LabelLog
from hookline_core.stores.labels import Label, LabelStore, text_hash

from analyze.label_rows import Refusal, Row

LARGEST_IMPORT = 10_000
"""Rows that one upload may bring."""

Status = Literal["accepted", "unchanged", "replaced", "refused"]
"""``accepted``: the text had no label. ``replaced``: it had another one. ``unchanged``: it had this one."""

_CONTRADICTION = "The upload gives this text two labels or two categories."
_OVERRULED = "An analyst says otherwise about this text, and that counts."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row."""

    line: int
    status: Status
    code: str | None = None
    detail: str | None = None


@dataclass(slots=True)
class _Group:
    """The rows of an upload with the same text."""

    rows: list[Row] = field(default_factory=list)

    @property
    def category(self) -> str | None:
        """The category that one of them gives."""
        return next((row.category for row in self.rows if row.category), None)

    @property
    def contradicts_itself(self) -> bool:
        """Whether two of them say different things."""
        return len({row.label for row in self.rows}) > 1 or len({row.category for row in self.rows} - {None}) > 1


@dataclass(frozen=True, slots=True)
class Labelling:
    """Takes labels by the upload."""

    store: LabelStore
    log: LabelLog
    clock: Clock

    def take(self, found: Iterator[Row | Refusal], *, given_by: str) -> list[Outcome]:
        """Take the labels of an upload; each row has its own outcome.

        They are kept for good first and entered into the index then. If the index fails in between, sending the
        upload again heals it: rows that were entered are unchanged then.

        Raises
        ------
        InvalidRequestError
            If there is no row.
        PayloadTooLargeError
            If there are too many.
        UnavailableError
            If labels could not be kept or entered.
        """
        rows = _bounded(found)
        groups: dict[str, _Group] = {}
        for row in rows:
            if isinstance(row, Row):
                groups.setdefault(text_hash(row.text), _Group()).rows.append(row)
        known = self.store.words(list(groups))
        moment = self.clock()
        outcomes = [Outcome(row.line, "refused", row.code, row.detail) for row in rows if isinstance(row, Refusal)]
        fresh: list[Label] = []
        for hashed, group in groups.items():
            taken, label = _settle(group, known.get(hashed, []), given_by=given_by, given_at=isoformat(moment))
            outcomes += taken
            fresh += [label] if label else []
        if fresh:
            self.log.write(f"import/{new_id(moment)}", (label.to_json() for label in fresh))
            self.store.put_all(fresh)
        return sorted(outcomes, key=lambda outcome: outcome.line)


def _bounded(found: Iterator[Row | Refusal]) -> list[Row | Refusal]:
    rows: list[Row | Refusal] = []
    for row in found:
        rows.append(row)
        if len(rows) > LARGEST_IMPORT:
            raise PayloadTooLargeError(f"The upload has more than {LARGEST_IMPORT} rows. Send it in parts.")
    if not rows:
        raise InvalidRequestError("The upload has no rows.", pointer="/body")
    return rows


def _settle(
    group: _Group, words: Sequence[Label], *, given_by: str, given_at: str
) -> tuple[list[Outcome], Label | None]:
    """Return what becomes of the rows with one text, and the label to enter, if there is one."""
    if group.contradicts_itself:
        return _refused(group, "label_contradiction", _CONTRADICTION), None
    first = group.rows[0]
    analyst = next((word for word in words if word.source == "analyst"), None)
    if analyst is not None and analyst.label != first.label:
        return _refused(group, "label_overruled", _OVERRULED), None
    before = next((word for word in words if word.source == "import"), None)
    category = group.category or (before.category if before and before.label == first.label else None)
    same = before is not None and (before.label, before.category) == (first.label, category)
    status: Status = "unchanged" if same or analyst else "replaced" if before else "accepted"
    label = Label(first.text, first.label, "import", given_by, given_at, category)
    rest = [Outcome(row.line, "unchanged") for row in group.rows[1:]]
    return [Outcome(first.line, status), *rest], None if same else label


def _refused(group: _Group, code: str, detail: str) -> list[Outcome]:
    return [Outcome(row.line, "refused", code, detail) for row in group.rows]
