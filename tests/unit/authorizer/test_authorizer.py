"""The authorizer: keys and tickets become roles, and nothing secret is told."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from authorizer import app
from authorizer.bootstrap import authorize, bootstrap
from hookline_core.errors import UnavailableError
from hookline_core.identity import Identity, Role
from hookline_core.settings import SettingsError
from hookline_core.stores.access import TicketStore, digest
from hookline_core.stores.aws import client, hasty_dynamodb
from hookline_core.stores.keys import KeyStore

from tests.builders import NOW, Context
from tests.unit.faults import fault

KEY = "hk_0123456789abcdef0123456789abcdef"
REST_ARN = "arn:aws:execute-api:us-east-1:123456789012:api1/v1/GET/messages/01ABC"
STAGE = "arn:aws:execute-api:us-east-1:123456789012:api1/v1/*"


@pytest.fixture
def environment(tables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Let the handler find its tables."""
    for name, value in tables.items():
        monkeypatch.setenv(name, value)
    authorize.cache_clear()
    yield tables
    authorize.cache_clear()


def _store(
    tables: dict[str, str], key: str = KEY, *, role: str = "client", status: str = "active", **more: Any
) -> None:
    item = {
        "key_hash": {"S": digest(key)},
        "name": {"S": "a bank"},
        "role": {"S": role},
        "plan": {"S": "standard"},
        "status": {"S": status},
        "created_at": {"S": "2026-11-23T06:00:00.000Z"},
        **more,
    }
    boto3.client("dynamodb").put_item(TableName=tables["TABLE_KEYS"], Item=item)


def _rest(headers: dict[str, str] | None) -> dict[str, Any]:
    return {
        "type": "REQUEST",
        "methodArn": REST_ARN,
        "headers": headers,
        "queryStringParameters": None,
        "requestContext": {"requestId": "r", "stage": "v1"},
    }


def _websocket(query: dict[str, str] | None) -> dict[str, Any]:
    return {
        "type": "REQUEST",
        "methodArn": "arn:aws:execute-api:us-east-1:123456789012:ws1/v1/$connect",
        "headers": {},
        "queryStringParameters": query,
        "requestContext": {"routeKey": "$connect", "connectionId": "c1", "eventType": "CONNECT"},
    }


def _effect(answer: dict[str, Any]) -> str:
    (statement,) = answer["policyDocument"]["Statement"]
    return str(statement["Effect"])


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("header", ["x-api-key", "X-API-KEY", "X-Api-Key"])
def test_a_known_key_is_let_into_the_whole_stage(environment: dict[str, str], header: str, role: Role) -> None:
    _store(environment, role=role.value)
    answer = app.handler(_rest({"Host": "h", header: KEY}), Context())
    assert answer == {
        "principalId": digest(KEY)[:12],
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": STAGE}],
        },
        "context": {"role": role.value, "key_id": digest(KEY)[:12]},
        "usageIdentifierKey": KEY,
    }


@pytest.mark.parametrize(
    "headers",
    [None, {}, {"x-api-key": ""}, {"x-api-key": "other"}, {"x-api-key": KEY + "é"}, {"x-api-key": "k" * 9999}],
)
def test_nobody_else_is_let_in(environment: dict[str, str], headers: dict[str, str] | None) -> None:
    _store(environment)
    answer = app.handler(_rest(headers), Context())
    assert _effect(answer) == "Deny"
    assert "context" not in answer
    assert "usageIdentifierKey" not in answer


def test_a_revoked_and_an_expired_key_are_turned_away(environment: dict[str, str]) -> None:
    _store(environment, status="revoked")
    assert _effect(app.handler(_rest({"x-api-key": KEY}), Context())) == "Deny"
    _store(environment, expires_at={"N": str(int(NOW.timestamp()))})
    assert _effect(bootstrap(environment=environment, clock=lambda: NOW)(_rest({"x-api-key": KEY}))) == "Deny"
    before = NOW - timedelta(seconds=1)
    assert _effect(bootstrap(environment=environment, clock=lambda: before)(_rest({"x-api-key": KEY}))) == "Allow"


def _last_use(tables: dict[str, str]) -> str | None:
    row = boto3.client("dynamodb").get_item(TableName=tables["TABLE_KEYS"], Key={"key_hash": {"S": digest(KEY)}})
    return str(row["Item"]["last_used_at"]["S"]) if "last_used_at" in row["Item"] else None


def test_a_use_is_noted_once_an_hour(environment: dict[str, str]) -> None:
    _store(environment)
    noted = []
    for minutes in (0, 1, 59, 60, 61, 121):
        moment = NOW + timedelta(minutes=minutes)
        bootstrap(environment=environment, clock=lambda moment=moment: moment)(_rest({"x-api-key": KEY}))
        noted.append(_last_use(environment))
    assert noted == [
        *["2026-11-23T06:00:00.000Z"] * 3,
        *["2026-11-23T07:00:00.000Z"] * 2,
        "2026-11-23T08:01:00.000Z",
    ]


def test_a_use_that_cannot_be_noted_keeps_nobody_out(environment: dict[str, str], logs: Callable[[], str]) -> None:
    _store(environment)
    with fault(hasty_dynamodb(), "UpdateItem") as calls:
        assert _effect(app.handler(_rest({"x-api-key": KEY}), Context())) == "Allow"
    assert calls == ["UpdateItem"]  # once, for the caller waits
    assert _last_use(environment) is None
    assert "use of a key not noted" in logs()


def test_of_two_who_note_a_use_at_once_one_does(environment: dict[str, str]) -> None:
    _store(environment)
    store = KeyStore(client("dynamodb"), environment["TABLE_KEYS"])
    entry = store.behind(KEY)
    assert entry is not None
    store.note_use(entry, moment=NOW)
    store.note_use(entry, moment=NOW + timedelta(seconds=1))
    assert _last_use(environment) == "2026-11-23T06:00:00.000Z"


def test_a_key_turned_away_is_not_a_use(environment: dict[str, str]) -> None:
    _store(environment, status="revoked")
    assert _effect(app.handler(_rest({"x-api-key": KEY}), Context())) == "Deny"
    assert _last_use(environment) is None


def test_a_ticket_is_let_in_once(environment: dict[str, str]) -> None:
    tickets = TicketStore(client("dynamodb"), environment["TABLE_TICKETS"])
    ticket = tickets.issue(Identity("abc", Role.ANALYST), moment=NOW)
    authorize_now = bootstrap(environment=environment, clock=lambda: NOW)
    first = authorize_now(_websocket({"ticket": ticket.secret}))
    assert _effect(first) == "Allow"
    assert first["context"] == {"role": "analyst", "key_id": "abc"}
    assert "usageIdentifierKey" not in first
    assert _effect(authorize_now(_websocket({"ticket": ticket.secret}))) == "Deny"


@pytest.mark.parametrize("query", [None, {}, {"ticket": ""}, {"ticket": "forged"}, {"token": "x"}])
def test_no_ticket_no_socket(environment: dict[str, str], query: dict[str, str] | None) -> None:
    assert _effect(app.handler(_websocket(query), Context())) == "Deny"


def test_a_ticket_is_worthless_after_a_minute(environment: dict[str, str]) -> None:
    ticket = TicketStore(client("dynamodb"), environment["TABLE_TICKETS"]).issue(
        Identity("abc", Role.ADMIN), moment=NOW
    )
    late = bootstrap(environment=environment, clock=lambda: NOW + timedelta(seconds=60))
    assert _effect(late(_websocket({"ticket": ticket.secret}))) == "Deny"


def test_a_key_opens_no_socket(environment: dict[str, str]) -> None:
    _store(environment, role="admin")
    event = _websocket({"ticket": KEY}) | {"headers": {"x-api-key": KEY}}
    assert _effect(app.handler(event, Context())) == "Deny"


@pytest.mark.parametrize(
    ("event", "operation"),
    [(_rest({"x-api-key": KEY}), "GetItem"), (_websocket({"ticket": "t"}), "DeleteItem")],
)
def test_a_store_that_does_not_answer_lets_nobody_in_and_is_not_remembered_as_a_refusal(
    environment: dict[str, str], event: dict[str, Any], operation: str
) -> None:
    _store(environment)
    with fault(client("dynamodb"), operation), pytest.raises(UnavailableError):
        app.handler(event, Context())


def test_neither_key_nor_ticket_nor_event_is_logged(environment: dict[str, str], logs: Callable[[], str]) -> None:
    _store(environment)
    app.handler(_rest({"x-api-key": KEY}), Context())
    app.handler(_rest({"x-api-key": "wrong-secret"}), Context())
    app.handler(_websocket({"ticket": "secret-ticket"}), Context())
    out = logs()
    lines = [json.loads(line) for line in out.splitlines()]
    assert sum(line.get("message") in {"caller let in", "caller turned away"} for line in lines) == 3
    for secret in (KEY, digest(KEY), "wrong-secret", "secret-ticket"):
        assert secret not in out


def test_settings_are_needed() -> None:
    with pytest.raises(SettingsError, match="TABLE_KEYS"):
        bootstrap(environment={"TABLE_TICKETS": "t"})
