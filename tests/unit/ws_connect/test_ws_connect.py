"""The WebSocket's routes: who connects is remembered, who leaves is forgotten, pings are answered."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from hookline_core.errors import UnavailableError
from hookline_core.identity import Identity, Role
from hookline_core.sockets import ConnectionGoneError, Sockets
from hookline_core.stores.aws import client
from hookline_core.stores.connections import CONNECTION_LIFE, OPENING_TIME, ConnectionStore
from ws_connect import app, bootstrap
from ws_connect.actions import answer_to
from ws_connect.routes import Routes

from tests.builders import NOW, Context
from tests.unit.faults import fault

ENDPOINT = "https://ws1.execute-api.us-east-1.amazonaws.com/v1"


class Consoles:
    """Remembers what was sent; says that some connections are gone."""

    def __init__(self, gone: frozenset[str] = frozenset()) -> None:
        self.sent: list[tuple[str, Any]] = []
        self._gone = gone

    def post(self, connection_id: str, data: bytes) -> None:
        """Send one WebSocket message."""
        if connection_id in self._gone:
            raise ConnectionGoneError("gone")
        self.sent.append((connection_id, json.loads(data)))


def _event(route: str, connection_id: str = "c1", **more: Any) -> dict[str, Any]:
    context = {"routeKey": route, "connectionId": connection_id, **more.pop("context", {})}
    return {"requestContext": context, "isBase64Encoded": False, **more}


def _connect(role: str | None) -> dict[str, Any]:
    authorizer = {"authorizer": {"role": role, "key_id": "abc", "principalId": "abc"}} if role else {}
    return _event("$connect", context=authorizer)


@pytest.fixture
def store(tables: dict[str, str]) -> ConnectionStore:
    """Return the connections."""
    return ConnectionStore(client("dynamodb"), tables["TABLE_CONNECTIONS"])


@pytest.fixture
def handler_environment(tables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the handler find its table."""
    monkeypatch.setenv("TABLE_CONNECTIONS", tables["TABLE_CONNECTIONS"])
    monkeypatch.setenv("WS_ENDPOINT", ENDPOINT)
    bootstrap.routes.cache_clear()
    yield
    bootstrap.routes.cache_clear()


@pytest.mark.parametrize("role", ["analyst", "admin"])
def test_staff_connect_and_leave(store: ConnectionStore, role: str) -> None:
    routes = Routes(store, Consoles(), lambda: NOW)
    assert routes(_connect(role)) == 200
    assert list(store.ids(moment=NOW)) == ["c1"]
    assert routes(_event("$disconnect")) == 200
    assert routes(_event("$disconnect")) == 200
    assert list(store.ids(moment=NOW)) == []


@pytest.mark.parametrize("role", ["client", "superuser", None])
def test_nobody_else_connects(store: ConnectionStore, role: str | None) -> None:
    assert Routes(store, Consoles(), lambda: NOW)(_connect(role)) == 403
    assert list(store.ids(moment=NOW)) == []


def test_a_connection_is_stored_with_its_identity_and_an_end(tables: dict[str, str], store: ConnectionStore) -> None:
    Routes(store, Consoles(), lambda: NOW)(_connect("analyst"))
    (row,) = boto3.client("dynamodb").scan(TableName=tables["TABLE_CONNECTIONS"])["Items"]
    assert row["key_id"] == {"S": "abc"}
    assert row["role"] == {"S": "analyst"}
    assert row["expires_at"] == {"N": str(int((NOW + CONNECTION_LIFE).timestamp()))}
    assert list(store.ids(moment=NOW + CONNECTION_LIFE)) == []


def test_ping_is_answered_over_the_connection(store: ConnectionStore) -> None:
    consoles = Consoles()
    assert Routes(store, consoles, lambda: NOW)(_event("$default", body='{"action":"ping"}')) == 200
    assert consoles.sent == [("c1", {"type": "pong"})]


@pytest.mark.parametrize(
    "body",
    [
        None,
        "",
        "ping",
        "{",
        "null",
        "[]",
        '"ping"',
        '{"action":"subscribe"}',
        '{"action":["ping"]}',
        "[" * 255,
        "[" * 100_000,
        '{"action":"ping","x":"' + "a" * 300 + '"}',
        "\ud800",
    ],
)
def test_whatever_else_is_said_is_politely_refused(body: str | None) -> None:
    assert answer_to(body) == {"type": "error", "code": "unknown_action"}


def test_a_console_that_is_gone_when_answered_is_forgotten(store: ConnectionStore) -> None:
    store.add("c1", Identity("abc", Role.ADMIN), moment=NOW)
    routes = Routes(store, Consoles(gone=frozenset({"c1"})), lambda: NOW)
    assert routes(_event("$default", body='{"action":"ping"}')) == 200
    assert list(store.ids(moment=NOW)) == []


def test_gone_is_not_believed_of_a_connection_that_is_still_opening(store: ConnectionStore) -> None:
    store.add("new", Identity("abc", Role.ADMIN), moment=NOW)
    store.remove_gone("new", moment=NOW + OPENING_TIME - timedelta(seconds=1))
    assert list(store.ids(moment=NOW)) == ["new"]
    store.remove_gone("new", moment=NOW + OPENING_TIME)
    assert list(store.ids(moment=NOW)) == []
    store.remove_gone("never-seen", moment=NOW)


def test_the_handler_answers_without_a_body_and_logs_no_ticket(
    handler_environment: None, logs: Callable[[], str]
) -> None:
    event = _connect("analyst") | {"queryStringParameters": {"ticket": "secret-ticket"}}
    assert app.handler(event, Context()) == {"statusCode": 200}
    assert app.handler(_connect("client"), Context()) == {"statusCode": 403}
    assert app.handler(_event("$disconnect"), Context()) == {"statusCode": 200}
    out = logs()
    assert out.count('"console served"') == 3
    assert "secret-ticket" not in out


def test_a_store_that_does_not_answer_lets_nobody_connect(handler_environment: None) -> None:
    with fault(client("dynamodb"), "PutItem"), pytest.raises(UnavailableError):
        app.handler(_connect("analyst"), Context())
    with fault(client("dynamodb"), "DeleteItem"), pytest.raises(UnavailableError):
        app.handler(_event("$disconnect"), Context())


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("GoneException", 410, ConnectionGoneError),
        ("LimitExceededException", 429, UnavailableError),
        ("ForbiddenException", 403, UnavailableError),
        ("PayloadTooLargeException", 413, UnavailableError),
        ("InternalServerError", 500, UnavailableError),
    ],
)
def test_what_the_gateway_says_of_a_connection(aws: None, code: str, status: int, error: type[Exception]) -> None:
    management = boto3.client("apigatewaymanagementapi", endpoint_url=ENDPOINT)
    with fault(management, "PostToConnection", code=code, status=status) as calls, pytest.raises(error):
        Sockets(management).post("c1", b"{}")
    assert calls == ["PostToConnection"]
