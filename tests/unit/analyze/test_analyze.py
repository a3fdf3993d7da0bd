"""Scoring: two round trips, all or nothing, and the lists have their say."""

from datetime import timedelta
from typing import Any

import boto3
import pytest
from hookline_core.clock import epoch_seconds, isoformat, utc_now
from hookline_core.stores.aws import client
from hookline_core.stores.senders import SenderEntry, SenderStore

from tests.unit.analyze.conftest import Api
from tests.unit.faults import fault

SCAM = (
    "Chase Alert: your account has been suspended due to unusual activity. Verify your identity within 24 hours at "
    "https://chase.com-secure-verify.top/login or it will be closed. Reply Y to activate the link."
)
HARMLESS = "Hi Ana, running ten minutes late, see you at the cafe. Order me a flat white?"
NUMBER = "+12025550123"


def _rows(table: str) -> list[dict[str, Any]]:
    return boto3.client("dynamodb").scan(TableName=table)["Items"]  # type: ignore[return-value]  # plain dicts


def test_an_analysis_takes_two_round_trips(api: Api, calls: list[str]) -> None:
    assert api("POST", "/analyze", body={"message_content": HARMLESS, "phone_number": NUMBER}).status == 200
    assert calls == ["BatchGetItem", "PutItem"]


def test_a_block_takes_two_round_trips(api: Api, calls: list[str]) -> None:
    answer = api("POST", "/analyze", body={"message_content": SCAM, "phone_number": NUMBER})
    assert answer.json()["action"] == "automatically_blacklisted"
    assert calls == ["BatchGetItem", "TransactWriteItems"]


def test_a_dry_run_writes_nothing(api: Api, calls: list[str]) -> None:
    assert api("POST", "/analyze", body={"message_content": SCAM, "dry_run": True}).status == 200
    assert calls == ["BatchGetItem"]


def test_a_batch_reads_once_and_writes_25_a_call(api: Api, calls: list[str]) -> None:
    assert api("POST", "/analyze/batch", body={"messages": [{"message_content": HARMLESS}] * 60}).status == 200
    assert calls == ["BatchGetItem"] + ["BatchWriteItem"] * 3


def test_a_hundred_senders_fit_two_reads(api: Api, calls: list[str]) -> None:
    messages = [{"message_content": HARMLESS, "phone_number": f"+120255501{n:02d}"} for n in range(100)]
    assert api("POST", "/analyze/batch", body={"messages": messages}).status == 200
    assert calls.count("BatchGetItem") == 2


@pytest.mark.parametrize(("text", "operation"), [(HARMLESS, "PutItem"), (SCAM, "TransactWriteItems")])
def test_when_the_store_fails_nothing_is_kept(api: Api, text: str, operation: str) -> None:
    with fault(client("dynamodb"), operation) as failed:
        answer = api("POST", "/analyze", body={"message_content": text, "phone_number": NUMBER})
    assert failed
    assert (answer.status, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "1"
    assert _rows("messages") == []
    assert _rows("senders") == []


def test_when_the_read_fails_nothing_is_kept(api: Api) -> None:
    with fault(client("dynamodb"), "BatchGetItem"):
        answer = api("POST", "/analyze", body={"message_content": SCAM, "phone_number": NUMBER})
    assert answer.status == 503
    assert _rows("messages") == []


def test_in_a_batch_only_what_failed_has_a_problem(api: Api) -> None:
    with fault(client("dynamodb"), "BatchWriteItem"):
        messages = [{"message_content": SCAM, "phone_number": NUMBER}, {"message_content": HARMLESS}]
        results = api("POST", "/analyze/batch", body={"messages": messages}).json()["results"]
    assert results[0]["result"]["risk_level"] == "Critical"
    assert results[1]["problem"]["code"] == "unavailable"
    assert len(_rows("messages")) == 1


def test_strikes_are_counted(api: Api) -> None:
    for expected in ("automatically_blacklisted", "already_blacklisted", "already_blacklisted"):
        answer = api("POST", "/analyze", body={"message_content": SCAM, "phone_number": NUMBER})
        assert answer.json()["action"] == expected
    assert api("GET", f"/senders/{NUMBER}").json()["strikes"] == 3


def test_an_allow_entry_made_while_scoring_wins(api: Api) -> None:
    dynamodb = client("dynamodb")

    def allow(**_: Any) -> None:
        dynamodb.meta.events.unregister("before-call.dynamodb.TransactWriteItems", allow)
        SenderStore(dynamodb, "senders").put(
            SenderEntry(NUMBER, "allow", reason="our own bank", added_by="tests", updated_at=isoformat(utc_now()))
        )

    dynamodb.meta.events.register("before-call.dynamodb.TransactWriteItems", allow)
    answer = api("POST", "/analyze", body={"message_content": SCAM, "phone_number": NUMBER})
    assert answer.json()["risk_level"] == "Low"
    assert answer.json()["sender"]["list"] == "allow"
    assert api("GET", f"/senders/{NUMBER}").json()["list"] == "allow"
    assert len(_rows("messages")) == 1


def test_an_expired_allow_entry_does_not_count(api: Api) -> None:
    past = epoch_seconds(utc_now() - timedelta(minutes=1))
    row = {
        "phone_number": {"S": NUMBER},
        "list": {"S": "allow"},
        "reason": {"S": "once"},
        "added_by": {"S": "x"},
        "updated_at": {"S": "2026-01-01T00:00:00.000Z"},
        "expires_at": {"N": str(past)},
    }
    client("dynamodb").put_item(TableName="senders", Item=row)  # type: ignore[arg-type]  # plain dicts
    assert api("GET", f"/senders/{NUMBER}").status == 404
    answer = api("POST", "/analyze", body={"message_content": SCAM, "phone_number": NUMBER})
    assert answer.json()["action"] == "automatically_blacklisted"
    assert api("GET", f"/senders/{NUMBER}").json()["expires_at"] is None


def test_an_unexpected_error_is_a_problem_and_its_text_stays_inside(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(*_: Any, **__: Any) -> None:
        raise RuntimeError(f"cannot handle {HARMLESS}")

    monkeypatch.setattr("analyze.analysis.Analyzer.one", explode)
    answer = api("POST", "/analyze", body={"message_content": HARMLESS})
    assert (answer.status, answer.json()["code"]) == (500, "internal")
    assert "Ana" not in answer.text
    assert "Ana" not in caplog.text


def test_without_an_identity_nothing_is_answered(api: Api) -> None:
    answer = api("POST", "/analyze", body={"message_content": HARMLESS}, role=None)
    assert (answer.status, answer.json()["code"]) == (403, "role_forbidden")


def test_safe_headers_are_on_every_answer(api: Api) -> None:
    for answer in (api("GET", "/health"), api("GET", "/nowhere"), api("POST", "/analyze", raw=b"{")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
