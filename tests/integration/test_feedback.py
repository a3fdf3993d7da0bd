"""Feedback on a deployed stack: from the analyst's word to the consoles, the counters, the lists and the labels."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from websockets.sync.client import connect

from tests.integration.support import HARMLESS, SCAM, Api, Stack, eventually


def _message(client: Api, phone_number: str, text: str = SCAM) -> str:
    verdict = client.ok("POST", "/analyze", json={"message_content": text, "phone_number": phone_number})
    return str(verdict["message_id"])


def _listed(analyst: Api, **query: str) -> set[str]:
    return {item["message_id"] for item in analyst.ok("GET", "/messages", params=query)["items"]}


def _objects(stack: Stack, prefix: str) -> list[Any]:
    s3, bucket = stack.aws("s3"), stack.outputs["ModelBucketName"]
    found = s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    return [
        json.loads(line)
        for entry in sorted(found, key=lambda entry: entry["Key"])
        for line in s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].iter_lines()
    ]


def _unique(phone_number: str) -> str:
    """Return a scam's text that no other test sends."""
    return f"{SCAM} Ref {phone_number}"


def test_a_word_reaches_every_console_and_is_kept_for_good(
    stack: Stack, client: Api, analyst: Api, phone_number: str
) -> None:
    text = _unique(phone_number)
    message_id = _message(client, phone_number, text)
    path = f"/messages/{message_id}/feedback"
    ticket = analyst.ok("POST", "/dashboard/ticket")
    with connect(f"{ticket['ws_url']}?ticket={ticket['ticket']}", open_timeout=30) as socket:
        given = analyst.ok("PUT", path, json={"verdict": "legitimate", "note": "our own test"})
        analyst.ok("DELETE", path)
        seen: list[Any] = []
        while len(seen) < 2:
            frame = json.loads(socket.recv(timeout=30))
            if frame["type"] == "feedback":
                seen += [item["feedback"] for item in frame["items"] if item["message_id"] == message_id]
    brief = {name: given[name] for name in ("verdict", "category", "given_at", "given_by")}
    assert seen == [brief, None]
    shown = analyst.ok("GET", path)
    assert shown["current"] is None
    assert [(entry["note"], entry["withdrawn"]) for entry in shown["history"]] == [("our own test", True)]

    def kept() -> list[Any] | None:
        found = _objects(stack, f"labels/feedback/{message_id}/")
        return found if len(found) == 2 else None

    first, second = eventually(kept, what="two lines in the log")
    assert (first["text"], first["label"]) == (text, "legitimate")
    assert second["label"] is None
    assert "text" not in second


def test_what_waits_is_found_counted_and_done(client: Api, analyst: Api, phone_number: str) -> None:
    message_id = _message(client, phone_number)
    review = {"review": "waiting", "sender": phone_number}
    eventually(lambda: message_id in _listed(analyst, **review), what="the message in the review list")
    waiting = analyst.ok("GET", "/stats")["review"]
    assert waiting["waiting"] >= 1
    assert waiting["oldest_at"]
    before = analyst.ok("GET", "/stats")["totals"]["feedback"]
    given = analyst.ok("PUT", f"/messages/{message_id}/feedback", json={"verdict": "legitimate", "learn": False})
    assert analyst.ok("GET", f"/messages/{message_id}")["feedback"] == given
    eventually(lambda: message_id not in _listed(analyst, **review), what="an empty review list")
    assert message_id in _listed(analyst, feedback="legitimate", sender=phone_number)
    assert _listed(analyst, feedback="none", sender=phone_number) == set()

    def counted() -> bool:
        now = analyst.ok("GET", "/stats")["totals"]["feedback"]
        return now["legitimate"] > before["legitimate"] and now["false_positives"] > before["false_positives"]

    eventually(counted, what="the count")


def test_two_analysts_at_once_are_both_heard(client: Api, analyst: Api, admin: Api, phone_number: str) -> None:
    message_id = _message(client, phone_number)
    path = f"/messages/{message_id}/feedback"

    def say(work: tuple[Api, int]) -> str:
        api, number = work
        return str(api.ok("PUT", path, json={"verdict": "scam", "note": str(number), "learn": False})["note"])

    with ThreadPoolExecutor(2) as pool:
        said = set(pool.map(say, [(analyst, 1), (admin, 2)]))
    shown = analyst.ok("GET", path)
    assert {entry["note"] for entry in shown["history"]} == said == {"1", "2"}
    assert shown["current"]["note"] == shown["history"][0]["note"]
    assert len({entry["given_by"] for entry in shown["history"]}) == 2


def test_the_sender_is_blocked_with_the_message_as_evidence(client: Api, analyst: Api, phone_number: str) -> None:
    message_id = _message(client, phone_number, HARMLESS)
    word = {"verdict": "scam", "list_action": "block", "learn": False}
    analyst.ok("PUT", f"/messages/{message_id}/feedback", json=word)
    entry = analyst.ok("GET", f"/senders/{phone_number}")
    assert (entry["list"], entry["evidence"]) == ("block", message_id)
    retest = analyst.ok("POST", f"/messages/{message_id}/retest")
    assert retest["now"]["risk_score"] > retest["then"]["risk_score"]
    assert retest["now"]["sender"]["list"] == "block"


def test_a_text_is_searched_for(client: Api, analyst: Api, phone_number: str) -> None:
    message_id = _message(client, phone_number, f"{HARMLESS} Ref {phone_number}")

    def found() -> bool:
        body = {"text": f"REF {phone_number}", "from": "2020-01-01T00:00:00Z"}
        page = analyst.ok("POST", "/messages/search", json=body)
        while message_id not in {item["message_id"] for item in page["items"]} and page["next"]:
            page = analyst.ok("POST", "/messages/search", json={**body, "cursor": page["next"]})
        return message_id in {item["message_id"] for item in page["items"]}

    eventually(found, what="the message")


def test_labels_go_in_and_come_out(stack: Stack, admin: Api, analyst: Api, phone_number: str) -> None:
    texts = [f"=cmd {phone_number} {number}" for number in range(300)]
    lines = "".join(json.dumps({"text": text, "label": "spam"}) + "\n" for text in texts) + "{broken"
    before = analyst.ok("GET", "/labels/summary")["total"]
    headers = {"Content-Type": "application/x-ndjson"}
    result = admin.ok("POST", "/labels/import", data=lines.encode(), headers=headers)
    assert (result["accepted"], result["refused"]) == (300, 1)
    assert result["items"][-1] == {
        "line": 301,
        "status": "refused",
        "code": "malformed_line",
        "detail": "Line 301 is not JSON.",
    }
    assert analyst("POST", "/labels/import", data=lines.encode(), headers=headers).status_code == 403
    eventually(lambda: analyst.ok("GET", "/labels/summary")["total"] == before + 300, what="300 labels")
    content, query = "", {"format": "csv"}
    while True:
        answer = analyst("GET", "/labels/export", params=query)
        assert answer.headers["Content-Type"].startswith("text/csv")
        content += answer.text
        if "X-Next-Cursor" not in answer.headers:
            break
        query["cursor"] = answer.headers["X-Next-Cursor"]
    assert content.count(f"\"'=cmd {phone_number} ") == 300
    assert content.count('"text","label"') == 1
    assert len([row for row in _objects(stack, "labels/import/") if phone_number in row["text"]]) == 300
