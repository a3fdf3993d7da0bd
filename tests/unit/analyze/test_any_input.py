"""Whatever is sent to whatever path, the answer is a sound one or a problem, never an error of our own."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from analyze import cursor
from analyze.bootstrap import bootstrap as analyze
from hookline_core.errors import ConflictError
from hookline_core.identity import Role
from hookline_core.stores.aws import client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from retrain.bootstrap import bootstrap as retrain
from retrain.retraining import Retraining

from stack.openapi import DOCUMENT
from tests.unit.analyze.conftest import Api
from tests.unit.gateway import gateway

SCHEMA = json.loads(DOCUMENT.read_text(encoding="utf-8"))
OPERATIONS = [
    (method.upper(), path, operation)
    for path, operations in SCHEMA["paths"].items()
    for method, operation in operations.items()
]
NASTY = [
    *("", " ", "\x00", "\ud800", "\u202e", "💥" * 50, "a" * 3000, "-", "..", "null", "true", "-1", "1e999", "9" * 400),
    *("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2026-11-23T06:00:00Z", "2026-11-23"),
    *("+12025550100", "110", "01JDAAAAAAAAAAAAAAAAAAAAAA", "7" + "Z" * 25, "0" * 26, "bank_impersonation", "High"),
    *("client", "admin", "block", "scam", "webhook", "https://127.0.0.1/x", "http://[::1", "javascript:alert(1)"),
    *(cursor.encode(["x"] * length, {}) for length in range(4)),
    *(cursor.encode([name, "-", "-"], {"list": None}) for name in ("gone", "block")),
    cursor.encode(["gone", "-"], {}),
]
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)

texts = st.sampled_from(NASTY) | st.text(max_size=20)
sendable = texts.filter(lambda text: text.isprintable())
"""What can stand in an address: the gateway hands on nothing that is no UTF-8."""

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def _fields(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a body's fields by their names."""
    if "$ref" in schema:
        schema = SCHEMA["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    fields = dict(schema.get("properties", {}))
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        fields |= _fields(part)
    return fields


def _value(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values for a field: of the kind it takes, and of any other."""
    fields = _fields(schema)
    fitting = [st.sampled_from(schema["enum"])] if "enum" in schema else []
    if fields:
        fitting.append(_body(fields))
    if schema.get("type") == "array":
        fitting.append(st.lists(_value(schema.get("items", {})), max_size=3))
    if schema.get("type") == "integer":
        fitting.append(st.integers(-1, 101))
    return st.one_of(values, *fitting)


def _body(fields: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional={name: _value(schema) for name, schema in fields.items()})


def _raw(operation: dict[str, Any]) -> st.SearchStrategy[bytes | None]:
    content = operation.get("requestBody", {}).get("content", {})
    schemas = [entry.get("schema", {}) for entry in content.values()]
    bodies = st.one_of(values, *(_body(_fields(schema)) for schema in schemas if _fields(schema)))
    return st.none() | st.binary(max_size=20) | bodies.map(lambda body: json.dumps(body).encode())


@pytest.fixture(scope="module", params=OPERATIONS, ids=lambda operation: f"{operation[0]} {operation[1]}")
def operation(request: pytest.FixtureRequest) -> tuple[str, str, dict[str, Any]]:
    """Return one of the API's operations."""
    found: tuple[str, str, dict[str, Any]] = request.param
    return found


@pytest.fixture
def served(
    operation: tuple[str, str, dict[str, Any]], environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Api:
    """Return the app that serves the operation, without the training itself."""

    def refuse(*_: object, **__: object) -> None:
        raise ConflictError("Nobody trains in this test.")

    monkeypatch.setattr(Retraining, "__call__", refuse)
    trains = operation[1].startswith(("/retrain", "/models"))
    if trains:
        return Api(retrain(environment=environment, clock=lambda: NOW).app)
    return Api(analyze(environment=environment, clock=lambda: NOW))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_input_gets_a_sound_answer(
    served: Api, operation: tuple[str, str, dict[str, Any]], data: st.DataObject
) -> None:
    method, path, described = operation
    parameters = described.get("parameters", [])
    query = data.draw(
        st.fixed_dictionaries(
            {},
            optional={item["name"]: sendable for item in parameters if item["in"] == "query"} | {"unknown": sendable},
        )
    )
    for item in parameters:
        if item["in"] == "path":
            path = path.replace(f"{{{item['name']}}}", data.draw(sendable.filter(lambda text: "/" not in text)))
    content_types = [*described.get("requestBody", {}).get("content", {}), "application/json", "text/plain", "x"]
    with gateway(client("apigateway")):
        answer = served(
            method,
            path,
            raw=data.draw(_raw(described)),
            query=query,
            role=data.draw(st.sampled_from([Role.ADMIN, Role.ADMIN, Role.ANALYST, None])),
            content_type=data.draw(st.sampled_from(content_types)),
        )
    assert answer.status < 500 or (path, answer.status) == ("/health", 503), answer.text
    if answer.status >= 400 and path != "/health":
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert (problem["status"], bool(problem["code"])) == (answer.status, True)
