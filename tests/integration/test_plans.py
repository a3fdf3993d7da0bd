"""Keys are metered: over its plan, a key gets a problem that says so and when to come back."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from hookline_core.identity import Role

from stack import keys
from stack.account import Account
from tests.integration.support import Api, Stack, eventually

PLANS = {
    "throttled": {"throttle": {"rateLimit": 1.0, "burstLimit": 1}},
    "quota_exceeded": {
        "throttle": {"rateLimit": 100.0, "burstLimit": 100},
        "quota": {"limit": 2, "period": "DAY"},
    },
}


@pytest.fixture
def account(stack: Stack) -> Account:
    """Return the account that holds the stack."""
    return Account(stack_name=stack.outputs["StackName"], region=stack.region, endpoint_url=stack.endpoint_url)


@pytest.fixture
def metered(request: pytest.FixtureRequest, stack: Stack, account: Account) -> Iterator[Api]:
    """Return the API with a key in a small plan of its own."""
    gateway: Any = account.client("apigateway")
    stage = {"apiId": stack.outputs["RestApiId"], "stage": "v1"}
    plan = gateway.create_usage_plan(name="a plan for one test", apiStages=[stage], **PLANS[request.param])["id"]
    key = keys.create(account, Role.ANALYST, name="a key for one test")
    (api_key,) = gateway.get_api_keys(nameQuery=f"{account.stack_name}-analyst-{key.key_id}")["items"]
    gateway.delete_usage_plan_key(usagePlanId=stack.outputs["StaffPlanId"], keyId=api_key["id"])
    gateway.create_usage_plan_key(usagePlanId=plan, keyId=api_key["id"], keyType="API_KEY")
    yield Api(stack.api_url, key.secret)
    gateway.delete_api_key(apiKey=api_key["id"])
    gateway.update_usage_plan(
        usagePlanId=plan,
        patchOperations=[{"op": "remove", "path": "/apiStages", "value": f"{stage['apiId']}:{stage['stage']}"}],
    )
    gateway.delete_usage_plan(usagePlanId=plan)


@pytest.mark.parametrize(("metered", "code"), [(name, name) for name in PLANS], indirect=["metered"])
def test_over_the_plan_is_429_with_a_time_to_come_back(metered: Api, code: str) -> None:
    def refused() -> list[requests.Response]:
        answer = metered("GET", "/messages?limit=1")
        return [answer] if answer.status_code == 429 else []

    (answer,) = eventually(refused, what="a refusal")
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"] == code
    assert int(answer.headers["retry-after"]) >= 1
