"""A key is made in API Gateway and known by its hash."""

import hashlib
import json
import stat
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hookline_core.identity import Role

from stack import keys, up
from stack.account import Account
from stack.errors import StackError
from stack.places import Home

MOMENT = datetime(2026, 11, 23, 6, tzinfo=UTC)


class FakeGateway:
    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = []
        self.plans: list[dict[str, Any]] = []
        self.deleted: list[str] = []

    def create_api_key(self, **key: Any) -> dict[str, str]:
        self.keys.append(key)
        return {"id": f"id-{len(self.keys)}"}

    def delete_api_key(self, *, apiKey: str) -> None:  # noqa: N803  # boto3's names
        self.deleted.append(apiKey)

    def create_usage_plan_key(self, **plan: Any) -> None:
        self.plans.append(plan)


class FakeTable:
    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}

    def put_item(self, *, TableName: str, Item: dict[str, Any]) -> None:  # noqa: N803  # boto3's names
        assert TableName == "keys"
        self.rows[Item["key_hash"]["S"]] = Item

    def get_item(self, *, TableName: str, Key: dict[str, Any]) -> dict[str, Any]:  # noqa: N803  # boto3's names
        assert TableName == "keys"
        row = self.rows.get(Key["key_hash"]["S"])
        return {"Item": row} if row else {}


class FakeStacks:
    def describe_stacks(self, **_: Any) -> dict[str, Any]:
        outputs = {"StandardPlanId": "standard-id", "StaffPlanId": "staff-id", "KeysTableName": "keys"}
        listed = [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()]
        return {"Stacks": [{"StackStatus": "CREATE_COMPLETE", "Outputs": listed}]}


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def table() -> FakeTable:
    return FakeTable()


@pytest.fixture
def account(gateway: FakeGateway, table: FakeTable) -> Account:
    return Account(_clients={"apigateway": gateway, "dynamodb": table, "cloudformation": FakeStacks()})


def test_key_is_stored_as_a_hash_only(account: Account, table: FakeTable) -> None:
    key = keys.create(account, Role.ADMIN, name="me", moment=MOMENT)
    key_hash = hashlib.sha256(key.secret.encode()).hexdigest()
    row = table.rows[key_hash]
    assert row == {
        "key_hash": {"S": key_hash},
        "role": {"S": "admin"},
        "plan": {"S": "staff"},
        "name": {"S": "me"},
        "created_at": {"S": "2026-11-23T06:00:00.000Z"},
        "created_by": {"S": "account"},
        "status": {"S": "active"},
        "api_key_id": {"S": "id-1"},
    }
    assert key.secret not in json.dumps(row)
    assert key.key_id == key_hash[:12]


@pytest.mark.parametrize(("role", "plan"), [(Role.CLIENT, "standard-id"), (Role.ANALYST, "staff-id")])
def test_role_decides_the_plan(account: Account, gateway: FakeGateway, role: Role, plan: str) -> None:
    key = keys.create(account, role, name="x")
    assert gateway.keys[0]["value"] == key.secret
    assert gateway.plans == [{"usagePlanId": plan, "keyId": "id-1", "keyType": "API_KEY"}]


def test_a_key_can_expire(account: Account, table: FakeTable) -> None:
    keys.create(account, Role.CLIENT, name="x", moment=MOMENT, life=timedelta(days=1))
    (row,) = table.rows.values()
    assert row["expires_at"] == {"N": str(int(MOMENT.timestamp()) + 86400)}


def test_a_key_that_cannot_be_made_is_said_to_be(account: Account, table: FakeTable, gateway: FakeGateway) -> None:
    def fail(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "PutItem")

    table.put_item = fail  # type: ignore[method-assign]
    with pytest.raises(StackError, match="AccessDenied"):
        keys.create(account, Role.CLIENT, name="x")
    assert gateway.deleted == ["id-1"]


def test_local_keys_are_kept_and_private(account: Account, gateway: FakeGateway, tmp_path: Any) -> None:
    home = Home(tmp_path)
    first = up._keys(home, account)
    assert set(first) == {"client", "analyst", "admin"}
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o600
    assert up._keys(home, account) == first
    assert len(gateway.keys) == 3


def test_local_keys_that_the_stack_forgot_are_made_anew(account: Account, table: FakeTable, tmp_path: Any) -> None:
    home = Home(tmp_path)
    first = up._keys(home, account)
    table.rows.clear()
    second = up._keys(home, account)
    assert set(first.values()).isdisjoint(second.values())
