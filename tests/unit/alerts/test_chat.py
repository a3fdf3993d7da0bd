"""Alerts in chats: nothing that a stranger wrote becomes a link, a mention or a mark."""

import json
import re
from typing import Any

import pytest
from alerts.bootstrap import bootstrap
from alerts.chat import discord, slack, teams
from alerts.endpoint import Chat, chat_at
from alerts.event import Event
from alerts.webhook import Webhook

from tests.builders import DASHBOARD, an_alert
from tests.unit.alerts.fakes import Receiver

HOSTILE = [
    "<!channel> <@U123> <https://evil.test|your bank>",
    "@everyone @here <@&123> <#456> [your bank](https://evil.test)",
    "**bold** __under__ ~~gone~~ `code` ```block``` ||spoiler|| > quote",
    "# heading\n- list\n1. list",
    "&lt;b&gt; &amp;",
    "\u202eevil\u202c\u200b\x00\x1b[31m",
    "{{expression}} ${template()} $(utcNow())",
    "javascript:alert(1) https://evil.test www.evil.test",
    "x" * 10_000,
    "",
]
SHAPES = {"slack": slack.message, "discord": discord.message, "teams": teams.message}
URLS = {
    "https://hooks.slack.com/services/T0/B0/secret": "slack",
    "https://discord.com/api/webhooks/1/secret": "discord",
    "https://discordapp.com/api/webhooks/1/secret": "discord",
    "https://prod-12.westus.logic.azure.com:443/workflows/secret/triggers/manual/paths/invoke": "teams",
    "https://default1.2.environment.api.powerplatform.com/powerautomate/workflows/secret": "teams",
}
OTHERS = [
    "https://hooks.example.test/",
    "https://hooks.slack.com.evil.test/services/x",
    "https://evil.test/hooks.slack.com",
    "https://notlogic.azure.com/",
    "https://[::1",
    "",
]


def _texts(shape: Any, keys: frozenset[str] = frozenset({"text", "value", "content", "name", "title"})) -> list[str]:
    """Return every text that the service shows."""
    if isinstance(shape, dict):
        return [
            text
            for key, value in shape.items()
            for text in ([value] if key in keys and isinstance(value, str) else _texts(value))
        ]
    return [text for item in shape for text in _texts(item)] if isinstance(shape, list) else []


def _urls(shape: Any) -> list[str]:
    return re.findall(r'(?i)https?://[^"\s]+', json.dumps(shape))


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("text", HOSTILE)
def test_the_only_link_is_the_console(kind: str, text: str) -> None:
    shape = SHAPES[kind](an_alert(primary_reason=text, threat_category=text, phone_number=text))
    assert set(_urls(shape)) <= {DASHBOARD, "http://adaptivecards.io/schemas/adaptive-card.json"}
    assert all(text and len(text) <= 1024 for text in _texts(shape))
    assert not any(re.search(r"[\x00-\x09\x0b-\x1f\u200b\u202a-\u202e]", text) for text in _texts(shape))


@pytest.mark.parametrize("text", HOSTILE)
def test_slack_shows_text_and_never_marks(text: str) -> None:
    shape = slack.message(an_alert(primary_reason=text, threat_category=text, phone_number=text))
    assert '"mrkdwn"' not in json.dumps(shape)
    assert shape["text"] == "Critical message, score 95"
    fields = shape["blocks"][1]["fields"]
    assert len(fields) <= 10
    assert all(field["type"] == "plain_text" and len(field["text"]) <= 2000 for field in fields)


@pytest.mark.parametrize("text", HOSTILE)
def test_discord_mentions_nobody_and_every_mark_is_escaped(text: str) -> None:
    shape = discord.message(an_alert(primary_reason=text, threat_category=text, phone_number=text))
    assert shape["allowed_mentions"] == {"parse": []}
    for field in shape["embeds"][0]["fields"]:
        assert not re.search(r"(?<!\\)(?:\\\\)*[*_~`|>#\[\]()<@]", field["value"])
        assert 0 < len(field["value"]) <= 1024


@pytest.mark.parametrize("text", HOSTILE)
def test_teams_gets_runs_of_text_which_know_no_marks(text: str) -> None:
    shape = teams.message(an_alert(primary_reason=text, threat_category=text, phone_number=text))
    (attachment,) = shape["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    blocks = attachment["content"]["body"]
    assert {block["type"] for block in blocks} == {"RichTextBlock"}
    assert {run["type"] for block in blocks for run in block["inlines"]} == {"TextRun"}


@pytest.mark.parametrize(("url", "kind"), URLS.items())
def test_the_address_tells_the_service(url: str, kind: str) -> None:
    assert chat_at(url) == (kind, SHAPES[kind])


@pytest.mark.parametrize("url", OTHERS)
def test_other_addresses_get_the_signed_webhook(url: str) -> None:
    assert chat_at(url) is None


def test_a_chat_is_sent_json_and_its_id_hides_the_token() -> None:
    receiver = Receiver()
    (url, kind) = next(iter(URLS.items()))
    chat = Chat(url, kind, SHAPES[kind], sender=receiver)
    alert = an_alert()
    assert chat.send(Event.critical(alert)).success
    (request,) = receiver.requests
    assert json.loads(request.body) == slack.message(alert)
    assert request.headers["Content-Type"] == "application/json"
    assert not any(name.startswith("webhook-") for name in request.headers)
    assert re.fullmatch(r"slack-[0-9a-f]{12}", chat.id)


@pytest.mark.parametrize(("url", "kind"), [(next(iter(URLS)), Chat), ("https://hooks.example.test/", Webhook)])
def test_the_function_is_wired_by_its_address(aws: None, url: str, kind: type) -> None:
    environment = {
        "TABLE_DELIVERIES": "t",
        "ALERT_QUEUE_URL": "u",
        "WEBHOOK_SECRET_ARN": "a",
        "WEBHOOK_URL": url,
    }
    assert isinstance(bootstrap(environment=environment).endpoint, kind)
