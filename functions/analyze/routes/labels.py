"""``/labels``: what people say that texts are, in bulk."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from hookline_core.errors import MalformedBodyError, PayloadTooLargeError, UnsupportedMediaTypeError
from hookline_core.stores.labels import Label, LabelStore
from hookline_core.stores.records import SHARDS, shard_of
from hookline_core.web.app import LARGEST_BODY, Admin, Analyst, router
from pydantic import BaseModel, ConfigDict, Field

from analyze import cursor
from analyze.label_rows import Refusal, Row, read_csv, read_json_lines
from analyze.labelling import Labelling, Status
from analyze.spreadsheet import csv_of

_CSV = "text/csv"
_JSON_LINES = "application/x-ndjson"
_READERS: dict[str, Callable[[str], Iterator[Row | Refusal]]] = {_CSV: read_csv, _JSON_LINES: read_json_lines}

_LARGEST_EXPORT = 3 * 1024 * 1024
"""Bytes after which an answer ends. One more label is at most 60 KB, and an answer may have 6 MB."""

_PAGES_READ = 8
_COLUMNS = ("text", "label", "category", "source", "given_by", "given_at", "message_id")


class ImportedRow(BaseModel):
    """What became of a row."""

    line: int = Field(description="Where the row begins in the upload, from 1")
    status: Status
    code: str | None = Field(default=None, description="Why it was refused")
    detail: str | None = None


class ImportResult(BaseModel):
    """What became of an upload: how many rows of each status, and each row."""

    accepted: int
    unchanged: int
    replaced: int
    refused: int
    items: list[ImportedRow]


class LabelSummary(BaseModel):
    """How many texts have a label."""

    total: int
    by_label: dict[str, int]
    by_source: dict[str, int] = Field(description="Whose word counts: an `analyst`'s, or an `import`'s")


class ExportQuery(BaseModel):
    """In which form to export, and from where on."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["jsonl", "csv"] = "jsonl"
    cursor: str | None = Field(default=None, description="The header `X-Next-Cursor` of the part before")


async def _upload(request: Request) -> Iterator[Row | Refusal]:
    """Return the rows of an upload."""
    body = await request.body()
    if len(body) > LARGEST_BODY:
        raise PayloadTooLargeError(f"The body is larger than {LARGEST_BODY} bytes.")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _READERS:
        raise UnsupportedMediaTypeError(f"Send the body as {_CSV} or {_JSON_LINES}.")
    try:
        content = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedBodyError("The body is not UTF-8.") from error
    return _READERS[media_type](content)


Upload = Annotated[Iterator[Row | Refusal], Depends(_upload)]


def routes(labelling: Labelling, labels: LabelStore) -> APIRouter:
    """Return the routes of labels."""
    paths = router()

    @paths.post(
        "/labels/import",
        tags=["labels"],
        summary="Import labelled texts",
        response_model_exclude_none=True,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    _CSV: {"schema": {"type": "string"}, "example": "text,label,category\nPay now,scam,toll_fine\n"},
                    _JSON_LINES: {"schema": {"type": "string"}, "example": '{"text": "Pay now", "label": "scam"}\n'},
                },
            }
        },
    )
    def post_import(caller: Admin, upload: Upload) -> ImportResult:
        """At most 10 000 rows and 4 MiB. Each row has its own outcome, and a bad one spoils no other. A text that an
        analyst has judged keeps the analyst's label."""
        outcomes = labelling.take(upload, given_by=caller.key_id)
        count = Counter(outcome.status for outcome in outcomes)
        return ImportResult(
            accepted=count["accepted"],
            unchanged=count["unchanged"],
            replaced=count["replaced"],
            refused=count["refused"],
            items=[ImportedRow(**asdict(outcome)) for outcome in outcomes],
        )

    @paths.get(
        "/labels/export",
        tags=["labels"],
        summary="Export all labels, part by part",
        response_class=Response,
        responses={
            200: {
                "content": {_JSON_LINES: {"schema": {"type": "string"}}, _CSV: {"schema": {"type": "string"}}},
                "headers": {
                    "X-Next-Cursor": {
                        "schema": {"type": "string"},
                        "description": "Pass it as `cursor` for the next part; it is missing on the last one",
                    }
                },
            }
        },
    )
    def get_export(query: Annotated[ExportQuery, Query()], _caller: Analyst) -> Response:
        """The parts, put together, are one file. In CSV, cells that a spreadsheet would run as a formula begin with an
        apostrophe; an import takes it off again."""
        filters = {"format": query.format}
        start = _start(query.cursor, filters)
        found, following = _part(labels, start)
        if query.format == "csv":
            rows = [[str(asdict(label)[name] or "") for name in _COLUMNS] for label in found]
            content, media_type = csv_of([*([] if start else [_COLUMNS]), *rows]), f"{_CSV}; charset=utf-8"
        else:
            content, media_type = "".join(f"{label.to_json()}\n" for label in found), _JSON_LINES
        headers = {"Content-Disposition": f'attachment; filename="labels.{query.format}"'}
        if following:
            headers["X-Next-Cursor"] = cursor.encode(list(following), filters)
        return Response(content, media_type=media_type, headers=headers)

    @paths.get("/labels/summary", tags=["labels"], summary="Count labels")
    def get_summary(_caller: Analyst) -> LabelSummary:
        by_label, by_source = labels.summary()
        return LabelSummary(total=by_label.total(), by_label=dict(by_label), by_source=dict(by_source))

    return paths


def _start(given: str | None, filters: Mapping[str, object]) -> tuple[str, str] | None:
    if given is None:
        return None
    shard, first = cursor.decode(given, filters, length=2)
    return cursor.choose(shard, SHARDS), first


def _part(labels: LabelStore, start: tuple[str, str] | None) -> tuple[Sequence[Label], tuple[str, str] | None]:
    """Return labels from a place on, as many as fit into an answer, and where the next part begins."""
    found: list[Label] = []
    size = 0
    for _ in range(_PAGES_READ):
        page, start = labels.page(start)
        for label in page:
            size += len(label.to_json().encode())
            if size > _LARGEST_EXPORT:
                return found, (shard_of(label.text_hash), label.text_hash)
            found.append(label)
        if start is None:
            break
    return found, start
