"""Labels in bulk: each row has its own outcome, nothing is lost between bucket and index, exports are harmless."""

import csv
import io
import json
from typing import Any

import boto3
import pytest
from analyze.spreadsheet import csv_of, guarded, unguarded
from hookline_core.identity import Role
from hookline_core.stores.aws import client
from hookline_core.stores.labels import Label, LabelStore
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.analyze.conftest import BUCKET, Answer, Api
from tests.unit.faults import fault

KEY = "0123456789ab"


@pytest.fixture
def labels(tables: dict[str, str]) -> LabelStore:
    """Return the index of labels."""
    return LabelStore(client("dynamodb"), tables["TABLE_LABELS"])


def _send(api: Api, content: str | bytes, content_type: str, role: Role = Role.ADMIN) -> Answer:
    raw = content.encode() if isinstance(content, str) else content
    return api("POST", "/labels/import", raw=raw, content_type=content_type, role=role)


def _csv(api: Api, *lines: str) -> Any:
    answer = _send(api, "\n".join(lines), "text/csv")
    assert answer.status == 200, answer.text
    return answer.json()


def _json_lines(api: Api, *rows: Any) -> Any:
    answer = _send(api, "\n".join(json.dumps(row) for row in rows), "application/x-ndjson; charset=utf-8")
    assert answer.status == 200, answer.text
    return answer.json()


def _outcomes(result: Any) -> list[tuple[int, str, str | None]]:
    return [(item["line"], item["status"], item.get("code")) for item in result["items"]]


def _kept() -> list[list[dict[str, Any]]]:
    """Return the lines of each object in the log."""
    s3 = boto3.client("s3")
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix="labels/").get("Contents", [])
    assert all(entry["Key"].startswith("labels/import/") for entry in found)
    return [
        [json.loads(line) for line in s3.get_object(Bucket=BUCKET, Key=entry["Key"])["Body"].iter_lines()]
        for entry in found
    ]


def _words(labels: LabelStore) -> dict[str, str]:
    return {label.text: label.label for label in labels.all()}


def test_csv_and_json_lines_say_the_same(api: Api, labels: LabelStore) -> None:
    assert _csv(api, "text,label,category", "Pay now,scam,toll_fine", '"Hi, Ana",legitimate,')["accepted"] == 2
    from_csv = [(label.text, label.label, label.category, label.source, label.given_by) for label in labels.all()]
    again = _json_lines(
        api,
        {"text": "Pay now", "label": "scam", "category": "toll_fine"},
        {"text": "Hi, Ana", "label": "legitimate", "category": None},
    )
    assert again["unchanged"] == 2
    assert sorted(from_csv, key=str) == [
        ("Hi, Ana", "legitimate", None, "import", KEY),
        ("Pay now", "scam", "toll_fine", "import", KEY),
    ]


def test_labels_are_kept_for_good_as_they_came(api: Api) -> None:
    _json_lines(api, {"text": "Pay  NOW é", "label": "scam"}, {"text": "Sale!", "label": "spam"})
    ((first, second),) = _kept()
    assert first.pop("given_at").endswith("Z")
    assert first == {
        "text": "Pay  NOW é",
        "label": "scam",
        "source": "import",
        "given_by": KEY,
        "category": None,
        "message_id": None,
    }
    assert second["text"] == "Sale!"


def test_each_row_has_its_own_outcome(api: Api, labels: LabelStore) -> None:
    content = "\n".join(
        (
            '{"text": "one", "label": "scam"}',
            '{"text": "broken',
            "",
            '["two", "scam"]',
            '{"label": "scam"}',
            '{"text": 3, "label": "scam"}',
            '{"text": " \\n ", "label": "scam"}',
            json.dumps({"text": "x" * 10_001, "label": "scam"}),
            '{"text": "four", "label": "bad"}',
            '{"text": "five"}',
            '{"text": "six", "label": "scam", "category": "no_such"}',
            '{"text": "seven", "label": "legitimate", "category": "toll_fine"}',
            '{"text": "eight \\ud800", "label": "scam"}',
            "[" * 100_000,
            "1" * 5_000,
            '{"text": "nine", "label": "spam", "from": "elsewhere"}\r',
        )
    )
    result = _send(api, content, "application/x-ndjson").json()
    assert _outcomes(result) == [
        (1, "accepted", None),
        (2, "refused", "malformed_line"),
        (4, "refused", "malformed_line"),
        (5, "refused", "invalid_request"),
        (6, "refused", "invalid_request"),
        (7, "refused", "message_empty"),
        (8, "refused", "message_too_long"),
        (9, "refused", "label_unknown"),
        (10, "refused", "label_unknown"),
        (11, "refused", "category_unknown"),
        (12, "refused", "category_unknown"),
        (13, "refused", "invalid_request"),
        (14, "refused", "malformed_line"),
        (15, "refused", "malformed_line"),
        (16, "accepted", None),
    ]
    assert (result["accepted"], result["refused"]) == (2, 13)
    assert result["items"][1]["detail"] == "Line 2 is not JSON."
    assert _words(labels) == {"one": "scam", "nine": "spam"}


def test_rows_of_csv_are_named_by_the_line_they_begin_in(api: Api, labels: LabelStore) -> None:
    result = _csv(
        api,
        "\ufeffLabel , TEXT,source",
        'scam,"over',
        'three",lines',
        "scam,too few",
        "",
        'scam,"bad"quote,x',
        "spam,five,x",
        'scam,"never closed,x',
    )
    assert _outcomes(result) == [
        (2, "accepted", None),
        (4, "refused", "malformed_line"),
        (6, "refused", "malformed_line"),
        (7, "accepted", None),
        (8, "refused", "malformed_line"),
    ]
    assert _words(labels) == {"over\nthree": "scam", "five": "spam"}


def test_duplicates_count_once_and_contradictions_not_at_all(api: Api, labels: LabelStore) -> None:
    result = _csv(
        api,
        "text,label,category",
        "Pay now,scam,",
        "pay  NOW,scam,toll_fine",
        "Hello,scam,",
        "hello,legitimate,",
        "Bye,scam,toll_fine",
        "bye,scam,job_task",
    )
    assert _outcomes(result) == [
        (2, "accepted", None),
        (3, "unchanged", None),
        *((line, "refused", "label_contradiction") for line in range(4, 8)),
    ]
    ((label,),) = [list(labels.all())]
    assert (label.text, label.label, label.category) == ("Pay now", "scam", "toll_fine")


def test_the_last_import_wins_and_an_analyst_beats_it(api: Api, labels: LabelStore) -> None:
    _csv(api, "text,label", "one,scam", "two,scam", "three,scam")
    analyst = {"source": "analyst", "given_by": "abc", "given_at": "2026-11-23T06:00:00.000Z"}
    labels.put_all([Label("two", "legitimate", **analyst), Label("four", "scam", **analyst)])  # type: ignore[arg-type]
    result = _csv(api, "text,label", "one,legitimate", "two,scam", "three,scam", "four,scam")
    assert _outcomes(result) == [
        (2, "replaced", None),
        (3, "refused", "label_overruled"),
        (4, "unchanged", None),
        (5, "unchanged", None),
    ]
    assert _words(labels) == {"one": "legitimate", "two": "legitimate", "three": "scam", "four": "scam"}
    summary = api("GET", "/labels/summary").json()
    assert summary == {
        "total": 4,
        "by_label": {"legitimate": 2, "scam": 2},
        "by_source": {"import": 2, "analyst": 2},
    }


def test_uploads_that_are_none_are_refused_whole(api: Api, labels: LabelStore) -> None:
    header = "text,label\n"
    for content, content_type, status, code in (
        ("", "text/csv", 422, "invalid_request"),
        ("a,b\n1,2", "text/csv", 422, "invalid_request"),
        ("text,label,text\n1,2,3", "text/csv", 422, "invalid_request"),
        ('"text', "text/csv", 422, "invalid_request"),
        (header, "text/csv", 422, "invalid_request"),
        ("\n\n", "application/x-ndjson", 422, "invalid_request"),
        (b"\xff\xfe", "application/x-ndjson", 400, "malformed_body"),
        ("{}", "application/json", 415, "unsupported_media_type"),
        (header + "x,scam\n" * 10_001, "text/csv", 413, "payload_too_large"),
        (header + "x" * (4 * 1024 * 1024), "text/csv", 413, "payload_too_large"),
    ):
        answer = _send(api, content, content_type)
        assert (answer.status, answer.json()["code"]) == (status, code), content[:20]
    assert list(labels.all()) == []
    assert _kept() == []


def test_roles(api: Api) -> None:
    content = "text,label\nx,scam"
    assert _send(api, content, "text/csv", Role.ANALYST).json()["code"] == "role_forbidden"
    for path in ("/labels/export", "/labels/summary"):
        assert api("GET", path, role=Role.CLIENT).status == 403
        assert api("GET", path, role=Role.ANALYST).status == 200


# --- faults ----------------------------------------------------------------------------------------------------------


def test_when_the_bucket_refuses_nothing_is_entered(api: Api, labels: LabelStore) -> None:
    with fault(client("s3"), "PutObject"):
        answer = _send(api, "text,label\nx,scam", "text/csv")
    assert (answer.status, answer.json()["code"]) == (503, "unavailable")
    assert list(labels.all()) == []
    assert _kept() == []


def test_when_the_index_fails_in_the_middle_the_same_upload_heals_it(api: Api, labels: LabelStore) -> None:
    content = "text,label\n" + "".join(f"text {number},scam\n" for number in range(60))
    dynamodb = client("dynamodb")
    written: list[int] = []

    def after_one(**_: Any) -> None:
        written.append(1)
        if len(written) == 2:
            broken.__enter__()

    broken = fault(dynamodb, "BatchWriteItem")
    dynamodb.meta.events.register_first("provide-client-params.dynamodb.BatchWriteItem", after_one)
    try:
        assert _send(api, content, "text/csv").status == 503
    finally:
        broken.__exit__(None, None, None)
        dynamodb.meta.events.unregister("provide-client-params.dynamodb.BatchWriteItem", after_one)
    entered = len(list(labels.all()))
    assert entered < 60
    # All of it is in the log, and sending it again enters the rest.
    assert [len(lines) for lines in _kept()] == [60]
    result = _send(api, content, "text/csv").json()
    assert (result["unchanged"], result["accepted"]) == (entered, 60 - entered)
    assert len(list(labels.all())) == 60


# --- export ----------------------------------------------------------------------------------------------------------


def _export(api: Api, form: str) -> tuple[str, int]:
    content, parts, query = "", 0, {"format": form}
    while True:
        answer = api("GET", "/labels/export", query=query)
        assert answer.status == 200, answer.text
        content, parts = content + answer.text, parts + 1
        if "x-next-cursor" not in answer.headers:
            return content, parts
        query["cursor"] = answer.headers["x-next-cursor"]


HOSTILE = (
    '=HYPERLINK("http://x.test")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=2",
    "\r=3",
    "＝4",
    "'=5",
    'a;"b",\nc',
    "é\u202e\x00",
)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_can_be_imported_again(
    api: Api, labels: LabelStore, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    texts = [*HOSTILE, *(f"text {number}" for number in range(40))]
    _json_lines(api, *({"text": text, "label": "scam", "category": "toll_fine"} for text in texts))
    monkeypatch.setattr("analyze.routes.labels._LARGEST_EXPORT", 1500)
    content, parts = _export(api, form)
    assert parts > 2
    media_type = {"csv": "text/csv", "jsonl": "application/x-ndjson"}[form]
    again = _send(api, content, media_type).json()
    assert (again["unchanged"], len(again["items"])) == (len(texts), len(texts))
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content, newline="")))
        assert rows[0] == ["text", "label", "category", "source", "given_by", "given_at", "message_id"]
        assert not [row for row in rows for cell in row if cell[:1] in "=+-@\t\r\n＝" and cell]
        assert all(line.startswith('"') for line in content.split("\r\n") if line)
    assert {label.text for label in labels.all()} == set(texts)


def test_a_forged_cursor_is_refused(api: Api) -> None:
    for cursor in ("x", "WyJhIl0", "a" * 600):
        answer = api("GET", "/labels/export", query={"cursor": cursor})
        assert (answer.status, answer.json()["code"]) == (422, "cursor_invalid")
    assert api("GET", "/labels/export", query={"format": "xlsx"}).status == 422


@given(st.text())
def test_guarding_takes_formulas_away_and_can_be_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in set("=+-@\t\r\n＝＋－＠")


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2)))
def test_csv_gives_back_what_it_was_given(rows: list[list[str]]) -> None:
    found = list(csv.reader(io.StringIO(csv_of(rows), newline=""), strict=True))
    assert [[unguarded(cell) for cell in row] for row in found] == rows


def test_logs_hold_no_text(api: Api, logs: Any) -> None:
    _csv(api, "text,label", "my secret text,scam", "another secret,bad")
    with fault(client("dynamodb"), "BatchGetItem"):
        _send(api, "text,label\nmy secret text,scam", "text/csv")
    assert "secret" not in logs()
