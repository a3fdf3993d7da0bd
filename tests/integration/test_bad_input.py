"""Bad input, by name: each gets a clear 4xx problem with a stable code, and nothing is stored."""

import json
from typing import Any

import pytest

from tests.integration.support import HARMLESS, Api

JSON = {"content-type": "application/json"}


def _body(content: object, **more: object) -> bytes:
    return json.dumps({"message_content": content, **more}).encode()


CASES: dict[str, tuple[bytes, int, str]] = {
    "empty": (_body(""), 422, "message_empty"),
    "only white space": (_body(" \t\n "), 422, "message_empty"),
    "only zero-width": (_body("\u200b\u200d\ufeff"), 422, "message_empty"),
    "only control characters": (_body("\x00\x01\x1f"), 422, "message_empty"),
    "over-long": (_body("a" * 10_001), 422, "message_too_long"),
    "100 KB of combining marks": (_body("\u0301" * 50_000), 422, "message_too_long"),
    "10 000 combining marks": (_body("\u0301" * 10_000), 422, "message_empty"),
    "a number": (_body(17), 422, "invalid_request"),
    "a list": (_body(["a"]), 422, "invalid_request"),
    "null": (_body(None), 422, "invalid_request"),
    "no content": (b"{}", 422, "invalid_request"),
    "no body": (b"", 422, "invalid_request"),
    "not an object": (b"[1, 2]", 422, "invalid_request"),
    "unknown field": (_body(HARMLESS, surprise=1), 422, "invalid_request"),
    "unknown channel": (_body(HARMLESS, channel="pigeon"), 422, "invalid_request"),
    "metadata that nests": (_body(HARMLESS, metadata={"a": {"b": "c"}}), 422, "invalid_request"),
    "impossible number": (_body(HARMLESS, phone_number="+1555"), 422, "phone_number_invalid"),
    "no number at all": (_body(HARMLESS, phone_number="call me"), 422, "phone_number_invalid"),
    "lone surrogate": (b'{"message_content": "a\\ud800b"}', 422, "invalid_request"),
    "invalid UTF-8": (b'{"message_content": "\xff\xfe"}', 400, "malformed_body"),
    "broken JSON": (b'{"message_content": "a"', 400, "malformed_body"),
    "deeply nested": (b'{"a":' * 100_000, 400, "malformed_body"),
    "body too large": (_body("a" * (5 * 1024 * 1024)), 413, "payload_too_large"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_message_is_refused(client: Api, name: str) -> None:
    body, status, code = CASES[name]
    answer = client("POST", "/analyze", data=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    ("messages", "status"), [([], 422), ([{"message_content": "a"}] * 101, 422), ("text", 422), (None, 422)]
)
def test_a_bad_batch_is_refused(client: Api, messages: Any, status: int) -> None:
    answer = client("POST", "/analyze/batch", json={"messages": messages})
    assert (answer.status_code, answer.json()["code"]) == (status, "invalid_request")


def test_a_wrong_content_type_is_refused(client: Api) -> None:
    for headers in ({"content-type": "text/plain"}, {"content-type": "application/x-www-form-urlencoded"}):
        answer = client("POST", "/analyze", data=_body(HARMLESS), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_wrong_method_or_path_is_refused(client: Api) -> None:
    assert client("GET", "/analyze").json()["code"] == "method_not_allowed"
    assert client("DELETE", "/analyze").status_code == 405
    assert client("POST", "/no/such/path", json={}).json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("/messages", {"cursor": "nonsense"}, 422, "cursor_invalid"),
        ("/messages", {"cursor": "é" * 3}, 422, "cursor_invalid"),
        ("/messages", {"limit": "0"}, 422, "invalid_request"),
        ("/messages", {"limit": "101"}, 422, "invalid_request"),
        ("/messages", {"level": "Awful"}, 422, "invalid_request"),
        ("/messages", {"category": "nothing"}, 422, "invalid_request"),
        ("/messages", {"sender": "abc"}, 422, "phone_number_invalid"),
        ("/messages", {"from": "yesterday"}, 422, "invalid_request"),
        ("/messages", {"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, 422, "time_range_invalid"),
        ("/messages", {"from": "0001-01-01T00:00:00Z"}, 422, "time_range_invalid"),
        ("/messages", {"surprise": "1"}, 422, "invalid_request"),
        ("/messages/01ARZ3NDEKTSV4RRFFQ69G5FAV", {}, 404, "not_found"),
        ("/messages/nonsense", {}, 404, "not_found"),
        ("/stats", {"from": "2020-01-01T00:00:00Z"}, 422, "time_range_invalid"),
        ("/senders", {"cursor": "WyJhIl0"}, 422, "cursor_invalid"),
        ("/senders/12", {}, 422, "phone_number_invalid"),
        ("/senders/+12025550999", {}, 404, "not_found"),
        ("/models/nonsense", {}, 404, "not_found"),
    ],
)
def test_a_bad_question_is_refused(analyst: Api, path: str, query: dict[str, str], status: int, code: str) -> None:
    answer = analyst("GET", path, params=query)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def test_a_cursor_of_another_list_is_refused(client: Api, analyst: Api, phone_number: str) -> None:
    for n in range(2):
        client.ok("POST", "/analyze", json={"message_content": f"{HARMLESS} {n}", "phone_number": phone_number})
    cursor = None
    for _ in range(50):
        cursor = analyst.ok("GET", "/messages", params={"sender": phone_number, "limit": "1"})["next"]
        if cursor:
            break
    answer = analyst("GET", "/messages", params={"level": "Low", "cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")


def test_refused_messages_are_not_stored(client: Api, analyst: Api, phone_number: str) -> None:
    for body in (_body("", phone_number=phone_number), _body("x" * 10_001, phone_number=phone_number)):
        assert client("POST", "/analyze", data=body, headers=JSON).status_code == 422
    assert analyst.ok("GET", "/messages", params={"sender": phone_number})["items"] == []
    assert analyst("GET", f"/senders/{phone_number}").status_code == 404


def test_hostile_text_is_kept_and_given_back_as_it_came(client: Api, analyst: Api) -> None:
    hostile = "<script>alert(1)</script>\u202e\x00\u200b=cmd|' /C calc'!A0 {{7*7}} ' OR 1=1 --"
    verdict = client.ok("POST", "/analyze", json={"message_content": hostile})
    assert analyst.ok("GET", f"/messages/{verdict['message_id']}")["message_content"] == hostile
