"""Keys are made whole or not at all, shown once, listed without themselves, and revoked for good."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import boto3
import pytest
from analyze import cursor
from analyze.bootstrap import bootstrap
from hookline_core.errors import ConflictError
from hookline_core.identity import Role
from hookline_core.stores.access import digest
from hookline_core.stores.aws import client
from hookline_core.stores.keys import KeyStore

from tests.builders import NOW
from tests.unit.analyze.conftest import Api
from tests.unit.faults import fault
from tests.unit.gateway import Gateway, gateway


@dataclass
class Office:
    """The API as admins see it, with API Gateway behind it."""

    api: Api
    gateway: Gateway
    store: KeyStore
    table: str
    at: Callable[[timedelta], Api]

    def make(self, name: str = "a bank", role: str = "client", **more: Any) -> dict[str, Any]:
        """Make a key that must be made."""
        answer = self.api("POST", "/keys", body={"name": name, "role": role, **more}, role=Role.ADMIN)
        assert answer.status == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def revoke(self, key_id: str, *, by: str = "0123456789ab") -> Any:
        """Try to revoke a key."""
        return self.api("DELETE", f"/keys/{key_id}", role=Role.ADMIN, key_id=by)

    def rows(self) -> list[dict[str, Any]]:
        """Return the table as it is."""
        return list(boto3.client("dynamodb").scan(TableName=self.table)["Items"])


@pytest.fixture
def office(environment: dict[str, str]) -> Iterator[Office]:
    """Return the API."""
    table = environment["TABLE_KEYS"]

    def at(later: timedelta) -> Api:
        return Api(bootstrap(environment=environment, clock=lambda: NOW + later))

    with gateway(client("apigateway")) as stand_in:
        yield Office(at(timedelta()), stand_in, KeyStore(client("dynamodb"), table), table, at)


@pytest.mark.parametrize(("role", "plan"), [("client", "plan-1"), ("analyst", "plan-2"), ("admin", "plan-2")])
def test_a_new_key_is_shown_once_and_stored_as_a_hash(office: Office, role: str, plan: str) -> None:
    made = office.make(role=role, expires_at="2027-01-01T00:00:00Z")
    ((api_key_id, sent),) = office.gateway.keys.items()
    assert sent["value"] == made["key"]
    assert office.gateway.plans == {api_key_id: plan}
    (row,) = office.rows()
    assert row["key_hash"]["S"] == digest(made["key"])
    assert made["key_id"] == digest(made["key"])[:12]
    assert made["key"] not in json.dumps(row)
    listed = office.api("GET", "/keys", role=Role.ADMIN)
    assert made["key"] not in listed.text
    assert listed.json()["items"] == [{name: value for name, value in made.items() if name != "key"}]
    assert made["expires_at"] == "2027-01-01T00:00:00.000Z"
    assert made["status"] == "active"
    assert made["created_by"] == "0123456789ab"


@pytest.mark.parametrize("failing", ["CreateApiKey", "CreateUsagePlanKey", "GetParameter", "PutItem"])
def test_a_key_whose_one_half_fails_is_not_there_at_all(office: Office, failing: str) -> None:
    office.gateway.failing = {failing}
    service = {"PutItem": "dynamodb", "GetParameter": "ssm"}.get(failing, "kms")
    with fault(client(service), failing):  # type: ignore[call-overload]  # one of three
        answer = office.api("POST", "/keys", body={"name": "x", "role": "client"}, role=Role.ADMIN)
    assert answer.status == 503
    assert answer.json()["code"] == "unavailable"
    assert office.gateway.keys == {}
    assert office.gateway.plans == {}
    assert office.rows() == []
    office.gateway.failing = set()
    assert office.make()["status"] == "active"


def test_what_cannot_even_be_cleaned_up_opens_nothing(office: Office) -> None:
    office.gateway.failing = {"DeleteApiKey"}
    with fault(client("dynamodb"), "PutItem"):
        answer = office.api("POST", "/keys", body={"name": "x", "role": "admin"}, role=Role.ADMIN)
    assert answer.status == 503
    (left,) = office.gateway.keys.values()
    assert office.store.behind(left["value"]) is None


def test_a_revoked_key_is_refused_and_gone_from_the_gateway(office: Office) -> None:
    made = office.make()
    assert office.revoke(made["key_id"]).status == 204
    entry = office.store.behind(made["key"])
    assert entry is not None
    assert entry.state_at(NOW) == "revoked"
    assert (office.gateway.keys, office.gateway.plans) == ({}, {})
    (listed,) = [item for page in _pages(office) for item in page]
    assert (listed["status"], listed["revoked_by"]) == ("revoked", "0123456789ab")
    assert listed["revoked_at"] == "2026-11-23T06:00:00.000Z"
    assert office.revoke(made["key_id"]).status == 204


def test_revoking_half_way_refuses_the_key_and_is_finished_by_asking_again(office: Office) -> None:
    made = office.make()
    office.gateway.failing = {"DeleteApiKey"}
    assert office.revoke(made["key_id"]).status == 503
    entry = office.store.behind(made["key"])
    assert entry is not None
    assert entry.status == "revoked"
    assert office.gateway.keys
    office.gateway.failing = set()
    assert office.revoke(made["key_id"], by="ba9876543210").status == 204
    assert office.gateway.keys == {}
    finished = office.store.behind(made["key"])
    assert finished is not None
    assert finished.revoked_by == "0123456789ab"
    assert finished.api_key_id is None


def test_a_key_that_cannot_be_marked_stays_whole(office: Office) -> None:
    made = office.make()
    with fault(client("dynamodb"), "TransactWriteItems"):
        assert office.revoke(made["key_id"]).status == 503
    assert office.gateway.keys
    entry = office.store.behind(made["key"])
    assert entry is not None
    assert entry.status == "active"


def test_the_last_admin_key_that_works_stays(office: Office) -> None:
    first = office.make(role="admin")
    office.make(role="admin", expires_at="2026-11-23T07:00:00Z")
    late = office.at(timedelta(hours=2))
    answer = late("DELETE", f"/keys/{first['key_id']}", role=Role.ADMIN, key_id=first["key_id"])
    assert (answer.status, answer.json()["code"]) == (409, "conflict")
    assert office.gateway.keys
    assert office.revoke(first["key_id"]).status == 204  # an hour earlier the other one still works


def test_two_admins_who_revoke_each_other_do_not_lock_everybody_out(office: Office) -> None:
    first, second = (office.store.behind(office.make(role="admin")["key"]) for _ in range(2))
    assert first
    assert second
    table = client("dynamodb")

    def meanwhile(**_: Any) -> None:
        table.meta.events.unregister("before-call.dynamodb.TransactWriteItems", meanwhile)
        office.store.revoke(first, moment=NOW, by="second")

    # The first is revoked after the revocation of the second has looked for another admin, and before it writes.
    table.meta.events.register_first("before-call.dynamodb.TransactWriteItems", meanwhile)
    with pytest.raises(ConflictError):
        office.store.revoke(second, moment=NOW, by="first")
    left = office.store.behind(office.gateway.keys["api-key-2"]["value"])
    assert left is not None
    assert left.status == "active"


def test_me_tells_who_calls(office: Office) -> None:
    made = office.make(name="a telco", role="client")
    for role in Role:
        answer = office.api("GET", "/me", role=role, key_id=made["key_id"])
        assert answer.json() == {"key_id": made["key_id"], "name": "a telco", "role": "client", "expires_at": None}
    assert office.api("GET", "/me", key_id="000000000000").status == 404


@pytest.mark.parametrize("key_id", ["0", "nope", "0" * 12, "0" * 64, "f" * 3000])
def test_there_is_no_such_key(office: Office, key_id: str) -> None:
    office.make()
    assert office.revoke(key_id).status == 404
    assert office.revoke(office.make()["key_id"][:11]).status == 404


@pytest.mark.parametrize("role", [Role.CLIENT, Role.ANALYST])
def test_only_admins_see_and_keep_keys(office: Office, role: Role) -> None:
    body = {"name": "mine", "role": "admin"}
    answers = [
        office.api("GET", "/keys", role=role),
        office.api("POST", "/keys", body=body, role=role),
        office.api("DELETE", "/keys/0123456789ab", role=role),
    ]
    assert [(answer.status, answer.json()["code"]) for answer in answers] == [(403, "role_forbidden")] * 3
    assert office.gateway.keys == {}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"role": "client"}, "/body/name"),
        ({"name": "  ", "role": "client"}, "/body/name"),
        ({"name": "x" * 101, "role": "client"}, "/body/name"),
        ({"name": "x", "role": "root"}, "/body/role"),
        ({"name": "x", "role": "client", "expires_at": "2026-11-23T06:00:00Z"}, "/body/expires_at"),
        ({"name": "x", "role": "client", "expires_at": "9999-12-31T23:59:59-12:00"}, "/body/expires_at"),
        ({"name": "x", "role": "client", "plan": "staff"}, "/body/plan"),
    ],
)
def test_what_is_no_key_is_refused(office: Office, body: dict[str, Any], pointer: str) -> None:
    answer = office.api("POST", "/keys", body=body, role=Role.ADMIN)
    assert answer.status == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert office.gateway.keys == {}


def _pages(office: Office, *, limit: int = 100) -> Iterator[list[dict[str, Any]]]:
    query = {"limit": str(limit)}
    while True:
        page = office.api("GET", "/keys", query=query, role=Role.ADMIN).json()
        yield page["items"]
        if page["next"] is None:
            return
        query["cursor"] = page["next"]


def test_pages_show_every_key_once_and_revoked_ones_last(office: Office) -> None:
    made = [office.make(name=str(number))["key_id"] for number in range(5)]
    for key_id in made[:2]:
        office.revoke(key_id)
    pages = list(_pages(office, limit=2))
    assert max(map(len, pages)) == 2
    items = [item for page in pages for item in page]
    assert sorted(item["key_id"] for item in items) == sorted(made)
    assert [item["status"] for item in items] == ["active"] * 3 + ["revoked"] * 2


def test_a_cursor_from_elsewhere_is_refused(office: Office) -> None:
    for text in ("x", cursor.encode(["gone", "-"], {}), cursor.encode(["active"], {})):
        answer = office.api("GET", "/keys", query={"cursor": text}, role=Role.ADMIN)
        assert (answer.status, answer.json()["code"]) == (422, "cursor_invalid")


def test_the_log_tells_who_made_and_revoked_a_key_and_never_the_key(office: Office, logs: Callable[[], str]) -> None:
    made = office.make()
    office.revoke(made["key_id"])
    logged = logs()
    lines = [json.loads(line) for line in logged.splitlines()]
    told = {line["message"]: line for line in lines if line.get("message") in {"key made", "key revoked"}}
    assert told["key made"]["key_id"] == told["key revoked"]["key_id"] == made["key_id"]
    assert {line["by"] for line in told.values()} == {"0123456789ab"}
    assert made["key"] not in logged
