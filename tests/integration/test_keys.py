"""Keys made over the API work at once, are metered, and stop to work when they are revoked."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.integration.support import HARMLESS, Api, Stack, eventually


@pytest.fixture
def made(admin: Api) -> Iterator[dict[str, Any]]:
    """Make a client's key, and revoke it afterwards."""
    key = admin.ok("POST", "/keys", json={"name": "a key for one test", "role": "client"})
    yield key
    assert admin("DELETE", f"/keys/{key['key_id']}").status_code == 204


def _listed(admin: Api, key_id: str) -> dict[str, Any]:
    cursor: str | None = ""
    while cursor is not None:
        page = admin.ok("GET", f"/keys?cursor={cursor}" if cursor else "/keys")
        for item in page["items"]:
            if item["key_id"] == key_id:
                found: dict[str, Any] = item
                return found
        cursor = page["next"]
    pytest.fail("the key is not in the list")


def test_a_new_key_works_is_counted_and_stops_when_it_is_revoked(
    stack: Stack, admin: Api, made: dict[str, Any]
) -> None:
    holder = Api(stack.api_url, made["key"])

    def let_in() -> requests.Response | None:
        answer = holder("POST", "/analyze", json={"message_content": HARMLESS, "dry_run": True})
        return answer if answer.ok else None

    eventually(let_in, what="a new key being let in")
    gateway = stack.aws("apigateway")
    on_plan = gateway.get_usage_plan_keys(usagePlanId=stack.outputs["StandardPlanId"], limit=500)["items"]
    assert [key["name"] for key in on_plan if key["name"].endswith(made["key_id"])]
    assert _listed(admin, made["key_id"])["last_used_at"] is not None
    me = eventually(lambda: holder("GET", "/me"), what="an answer").json()
    assert me == {name: made[name] for name in ("key_id", "name", "role", "expires_at")}

    assert admin("DELETE", f"/keys/{made['key_id']}").status_code == 204

    def turned_away() -> list[requests.Response]:
        answer = holder("GET", "/me")
        return [answer] if answer.status_code == 403 else []

    (refused,) = eventually(turned_away, seconds=90, what="a revoked key being turned away")
    assert refused.json()["code"] == "key_refused"
    assert _listed(admin, made["key_id"])["status"] == "revoked"
    left = gateway.get_api_keys(nameQuery=f"{stack.outputs['StackName']}-client-{made['key_id']}")["items"]
    assert left == []


@pytest.mark.parametrize("path", ["/keys", "/system"])
def test_a_client_sees_neither_keys_nor_the_system(client: Api, path: str) -> None:
    answer = client("GET", path)
    assert (answer.status_code, answer.json()["code"]) == (403, "role_forbidden")


def test_the_system_tells_what_waits_and_what_answers(analyst: Api) -> None:
    system = analyst.ok("GET", "/system")
    assert {"alerts", "broadcast", "retrain"} <= {queue["name"] for queue in system["queues"]}
    for queue in system["queues"]:
        assert min(queue[part] for part in ("waiting", "in_flight", "dead")) >= 0
    health = analyst.ok("GET", "/health")
    assert (system["model_version"], system["rules_version"]) == (health["model_version"], health["rules_version"])


def test_any_key_may_learn_what_codes_mean(client: Api) -> None:
    verdict = client.ok("POST", "/analyze", json={"message_content": HARMLESS, "dry_run": True})
    categories = {item["code"]: item["name"] for item in client.ok("GET", "/categories")["items"]}
    assert categories[verdict["category_code"]] == verdict["threat_category"]
    codes = {item["code"] for item in client.ok("GET", "/reason-codes")["items"]}
    assert {reason["code"] for reason in verdict["reasons"]} <= codes


def test_a_slash_too_many_leads_to_the_console(stack: Stack, nobody: Api) -> None:
    answer = nobody("GET", "/dashboard/?level=High", allow_redirects=False)
    assert answer.status_code == 308
    followed = nobody("GET", "/dashboard/?level=High")
    assert followed.status_code == 200
    assert followed.url == f"{stack.api_url}/dashboard?level=High"
    assert followed.headers["content-type"].startswith("text/html")
