"""Stands in for API Gateway's keys and usage plans, behind the real SDK client."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest


@dataclass
class Gateway:
    """What API Gateway holds. ``failing`` names operations that fail."""

    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    plans: dict[str, str] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)

    def answer(self, operation: str, sent: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer a call as API Gateway would."""
        if operation in self.failing:
            return 500, _error("InternalServerError")
        match operation:
            case "CreateApiKey":
                made = f"api-key-{len(self.keys) + 1}"
                self.keys[made] = sent
                return 201, {"id": made}
            case "CreateUsagePlanKey":
                if sent["keyId"] not in self.keys:
                    return 404, _error("NotFoundException")
                self.plans[sent["keyId"]] = sent["usagePlanId"]
                return 201, {"id": sent["keyId"]}
            case "DeleteApiKey":
                if self.keys.pop(sent["apiKey"], None) is None:
                    return 404, _error("NotFoundException")
                self.plans.pop(sent["apiKey"], None)
                return 202, {}
        pytest.fail(f"nobody asks API Gateway to {operation}")


def _error(code: str) -> dict[str, Any]:
    return {"Error": {"Code": code, "Message": "made to fail"}}


@contextmanager
def gateway(client: Any) -> Iterator[Gateway]:
    """Let a client talk to a stand-in inside the block."""
    stand_in = Gateway()
    sent: dict[str, Any] = {}

    def remember(params: dict[str, Any], **_: Any) -> None:
        sent.clear()
        sent.update(params)

    def answer(event_name: str = "", **_: Any) -> tuple[Any, dict[str, Any]]:
        status, body = stand_in.answer(event_name.rsplit(".", 1)[-1], dict(sent))
        return SimpleNamespace(status_code=status), {"ResponseMetadata": {"HTTPStatusCode": status}, **body}

    events = client.meta.events
    events.register("provide-client-params.api-gateway", remember)
    events.register_first("before-call.api-gateway", answer)
    try:
        yield stand_in
    finally:
        events.unregister("provide-client-params.api-gateway", remember)
        events.unregister("before-call.api-gateway", answer)
