"""Who may do what."""

import pytest

from tests.integration.support import HARMLESS, Api, Stack


@pytest.mark.parametrize("path", ["/analyze", "/messages", "/stats", "/models", "/nowhere"])
def test_a_missing_key_is_refused_with_a_problem(nobody: Api, path: str) -> None:
    answer = nobody("GET", path)
    assert answer.status_code in {401, 403}
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"]


def test_an_unknown_key_is_refused_with_a_problem(stack: Stack) -> None:
    answer = Api(stack.api_url, "no-such-key-but-long-enough")("POST", "/analyze", json={"message_content": HARMLESS})
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/messages"),
        ("GET", "/stats"),
        ("GET", "/senders"),
        ("PUT", "/senders/+12025550100"),
        ("POST", "/dashboard/ticket"),
        ("POST", "/retrain"),
        ("GET", "/models"),
        ("POST", "/models/some/promote"),
    ],
)
def test_a_client_may_only_analyse(client: Api, method: str, path: str) -> None:
    answer = client(method, path, json={"list": "block", "reason": "x"} if method == "PUT" else None)
    if path == "/retrain":
        answer = client(method, path, json={"scam_messages": ["a"], "legitimate_messages": ["b"]})
    assert answer.status_code == 403, answer.text
    assert answer.json()["code"] == "role_forbidden"


def test_an_analyst_may_not_retrain(analyst: Api) -> None:
    answer = analyst("POST", "/retrain", json={"scam_messages": ["a"], "legitimate_messages": ["b"]})
    assert answer.status_code == 403
    assert answer.json()["code"] == "role_forbidden"


def test_pages_and_health_need_no_key(nobody: Api) -> None:
    assert nobody.ok("GET", "/health")["status"] == "ok"
    for path in ("/dashboard", "/docs", "/redoc"):
        page = nobody("GET", path)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
    assert nobody.ok("GET", "/openapi.json")["paths"]["/analyze"]


def test_nothing_outside_of_the_pages_is_served(nobody: Api) -> None:
    for path in (
        "/dashboard/../app.py",
        "/dashboard/..%2fapp.py",
        "/dashboard//etc/passwd",
        "/dashboard/%2e%2e/app.py",
    ):
        assert nobody("GET", path).status_code in {400, 401, 403, 404}
