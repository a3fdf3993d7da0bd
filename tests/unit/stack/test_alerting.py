"""``make up`` takes up the predecessor's settings."""

from typing import Any

import pytest

from stack import alerting, rest
from stack.errors import StackError

MAIL = {"ALERT_EMAIL_ENABLED": "true", "SMTP_HOST": "mail.example.test", "SMTP_USER": "me@example.test"}


def test_nothing_asks_for_nothing() -> None:
    assert alerting.wanted({}) == []
    assert alerting.wanted({**MAIL, "ALERT_EMAIL_ENABLED": "false", "ALERT_WEBHOOK_URL": " "}) == []


def test_an_address_asks_for_what_stands_behind_it() -> None:
    for url, kind in (("http://127.0.0.1:9/hook", "webhook"), ("https://hooks.slack.com/services/a", "slack")):
        assert alerting.wanted({"ALERT_WEBHOOK_URL": url}) == [{"type": kind, "name": "ALERT_WEBHOOK_URL", "url": url}]


@pytest.mark.parametrize(
    ("changes", "url", "address"),
    [
        (
            {"SMTP_PASSWORD": "p@ss/w:rd"},
            "smtp://me%40example.test:p%40ss%2Fw%3Ard@mail.example.test:587",
            "me@example.test",
        ),
        ({"SMTP_HOST": "mail.example.test:465"}, "smtps://me%40example.test:@mail.example.test:465", "me@example.test"),
        (
            {"SMTP_HOST": "127.0.0.1:1025", "SMTP_USER": "", "ALERT_EMAIL_TO": "desk@example.test"},
            "smtp://127.0.0.1:1025",
            "desk@example.test",
        ),
    ],
)
def test_mail_is_asked_for(changes: dict[str, str], url: str, address: str) -> None:
    (found,) = alerting.wanted({**MAIL, **changes})
    assert (found["type"], found["url"], found["address"]) == ("smtp", url, address)


@pytest.mark.parametrize("changes", [{"SMTP_HOST": ""}, {"SMTP_USER": "me"}])
def test_mail_without_a_server_or_an_address_says_what_is_missing(changes: dict[str, str]) -> None:
    with pytest.raises(StackError, match="SMTP_HOST"):
        alerting.wanted({**MAIL, **changes})


def test_what_is_there_is_brought_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, str]] = []
    there = [{"name": "ALERT_WEBHOOK_URL", "type": "webhook", "endpoint_id": "ep_1"}]

    def call(url: str, *, key: str, body: Any = None, method: str | None = None) -> dict[str, Any]:
        assert key == "k"
        calls.append((method or ("POST" if body else "GET"), url))
        return {"items": there, "secret": "whsec_x"}

    monkeypatch.setattr(rest, "call", call)
    for url in ("https://hooks.example.test/2", "https://hooks.slack.com/services/2"):
        alerting.take_up({"ALERT_WEBHOOK_URL": url}, api_url="http://api", admin="k")
    assert calls == [
        ("GET", "http://api/alerts/endpoints"),
        ("PATCH", "http://api/alerts/endpoints/ep_1"),
        ("GET", "http://api/alerts/endpoints"),
        ("DELETE", "http://api/alerts/endpoints/ep_1"),
        ("POST", "http://api/alerts/endpoints"),
    ]
