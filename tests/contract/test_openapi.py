"""The committed OpenAPI document says what the apps say, and the gateway knows the same public paths."""

import json

import pytest

from stack.openapi import DOCUMENT, text

PATHS = {
    "/alerts",
    "/alerts/dead-letters/redrive",
    "/alerts/deliveries",
    "/alerts/deliveries/{delivery_id}/replay",
    "/alerts/policy",
    "/alerts/{alert_id}/acknowledge",
    "/alerts/endpoints",
    "/alerts/endpoints/{endpoint_id}",
    "/alerts/endpoints/{endpoint_id}/rotate",
    "/alerts/endpoints/{endpoint_id}/test",
    "/analyze",
    "/analyze/batch",
    "/categories",
    "/dashboard/ticket",
    "/health",
    "/keys",
    "/keys/{key_id}",
    "/me",
    "/messages",
    "/labels/export",
    "/labels/import",
    "/labels/summary",
    "/messages/search",
    "/messages/{message_id}",
    "/messages/{message_id}/feedback",
    "/messages/{message_id}/retest",
    "/models",
    "/models/audit",
    "/models/challenger",
    "/models/compare",
    "/models/drift",
    "/models/rollback",
    "/models/{version}",
    "/models/{version}/promote",
    "/reason-codes",
    "/retrain",
    "/retrain/jobs",
    "/retrain/jobs/{job_id}",
    "/retrain/uploads",
    "/senders",
    "/senders/{phone_number}",
    "/stats",
    "/system",
}


def test_the_document_is_fresh() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == text(), "stale: run `make openapi`"


def test_every_path_is_described() -> None:
    assert set(json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"]) == PATHS


@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_operation_tells_who_may_call_and_what_may_go_wrong(path: str) -> None:
    for operation in json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"][path].values():
        assert operation["summary"]
        assert bool(operation["security"]) == (path != "/health")
        for status in ("400", "403", "404", "422", "429", "503"):
            assert "application/problem+json" in operation["responses"][status]["content"]
