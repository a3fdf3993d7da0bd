"""Alerts in chats: nothing that a stranger wrote becomes a link, a mention or a mark."""

import email
import email.policy
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from alerts.channels import discord, pagerduty, slack, smtp, teams
from alerts.channels.port import Access, Json
from hookline_core.alerting.endpoints import Target, type_at
from hookline_core.alerting.events import Event, Notice

from tests.builders import DASHBOARD, an_event
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
SHAPES = {"slack": slack.message, "discord": discord.message, "teams": teams.message, "pagerduty": pagerduty.message}
TARGET = Target(url="https://chat.example.test/", address="k" * 32)
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


def _hostile(text: str) -> Event:
    """Return an event in which everything that can come from elsewhere does."""
    notice = Notice(title=f"Critical message {text}", facts={"Category": text, text or "x": text}, url=DASHBOARD)
    event = an_event(primary_reason=text, threat_category=text, phone_number=text)
    return event.model_copy(update={"notice": notice})


def _texts(
    shape: Any, keys: frozenset[str] = frozenset({"text", "value", "content", "name", "title", "summary"})
) -> list[str]:
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
    shape = SHAPES[kind](_hostile(text), TARGET)
    assert set(_urls(shape)) <= {DASHBOARD, "http://adaptivecards.io/schemas/adaptive-card.json"}
    assert all(text and len(text) <= 1024 for text in _texts(shape))
    assert not any(re.search(r"[\x00-\x09\x0b-\x1f\u200b\u202a-\u202e]", text) for text in _texts(shape))


@pytest.mark.parametrize("text", HOSTILE)
def test_slack_shows_text_and_never_marks(text: str) -> None:
    shape = slack.message(_hostile(text), TARGET)
    assert '"mrkdwn"' not in json.dumps(shape)
    assert not re.search(r"[<>]", shape["text"])
    assert len(shape["blocks"][0]["text"]["text"]) <= 150
    fields = shape["blocks"][1]["fields"]
    assert len(fields) <= 10
    assert all(field["type"] == "plain_text" and len(field["text"]) <= 2000 for field in fields)


@pytest.mark.parametrize("text", HOSTILE)
def test_discord_mentions_nobody_and_every_mark_is_escaped(text: str) -> None:
    shape = discord.message(_hostile(text), TARGET)
    assert shape["allowed_mentions"] == {"parse": []}
    for field in shape["embeds"][0]["fields"]:
        assert not re.search(r"(?<!\\)(?:\\\\)*[*_~`|>#\[\]()<@]", field["value"])
        assert 0 < len(field["value"]) <= 1024


@pytest.mark.parametrize("text", HOSTILE)
def test_teams_gets_runs_of_text_which_know_no_marks(text: str) -> None:
    shape = teams.message(_hostile(text), TARGET)
    (attachment,) = shape["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    blocks = attachment["content"]["body"]
    assert {block["type"] for block in blocks} == {"RichTextBlock"}
    assert {run["type"] for block in blocks for run in block["inlines"]} == {"TextRun"}


@pytest.mark.parametrize("text", HOSTILE)
def test_pagerduty_gets_text_in_its_fields_and_nothing_else_moves(text: str) -> None:
    body = pagerduty.message(_hostile(text), TARGET)
    incident = ("k" * 32, "trigger", "al_1-01KAQXPB00EXAMP1ECR1T1CA1A")
    assert (body["routing_key"], body["event_action"], body["dedup_key"]) == incident
    assert body["payload"]["severity"] == "critical"
    assert set(body) == {"routing_key", "event_action", "dedup_key", "client", "client_url", "payload"}
    assert len(body["payload"]["summary"]) <= 1024
    assert all(isinstance(value, str) for value in body["payload"]["custom_details"].values())


def test_pagerduty_hears_that_somebody_takes_care() -> None:
    raised = pagerduty.message(an_event(), TARGET)
    assert pagerduty.message(an_event().model_copy(update={"type": "alert.acknowledged"}), TARGET) == {
        "routing_key": raised["routing_key"],
        "dedup_key": raised["dedup_key"],
        "event_action": "acknowledge",
    }


@pytest.mark.parametrize(
    "text", [*HOSTILE, "</td><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&lt;b&gt;"]
)
def test_mail_has_one_of_each_header_and_its_html_holds_no_tag_of_a_stranger(text: str) -> None:
    target = Target(url="smtp://me:k@mail.example.test", address="desk@example.test", sender="hookline@example.test")
    raw = smtp.mail_of(_hostile(text), target).as_bytes()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    names = [name.lower() for name in mail.keys()]  # noqa: SIM118  # a mail's keys repeat
    assert sorted(names) == sorted(
        ["from", "to", "subject", "message-id", "auto-submitted", "mime-version", "content-type"]
    )
    assert mail["To"] == "desk@example.test"
    plain_part, html_part = (part.get_content() for part in mail.iter_parts())
    parser = _Tags()
    parser.feed(html_part)
    assert parser.tags <= {"html", "head", "meta", "body", "h1", "table", "tr", "th", "td", "p", "a"}
    assert parser.links == [DASHBOARD]
    assert not re.search(r"[\x00-\x09\x0b-\x0c\x0e-\x1f\u202e]", plain_part + html_part)
    assert [found for found in re.findall(r"https?://\S+", plain_part) if found != DASHBOARD] == []


def test_a_mail_that_is_sent_twice_has_the_same_id() -> None:
    event = an_event()
    target = Target(url="smtp://mail.example.test", address="desk@example.test")
    assert smtp.mail_of(event, target)["Message-ID"] == smtp.mail_of(event, target)["Message-ID"]
    assert smtp.mail_of(event, target)["From"] == "hookline@example.test"
    with_user = Target(url="smtp://me%40example.test:k@mail.example.test", address="desk@example.test")
    assert smtp.mail_of(event, with_user)["From"] == "me@example.test"


class _Tags(HTMLParser):
    """Collects tags and links."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take one tag."""
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]


@pytest.mark.parametrize(("url", "kind"), URLS.items())
def test_the_address_tells_the_service(url: str, kind: str) -> None:
    assert type_at(url) == kind


@pytest.mark.parametrize("url", OTHERS)
def test_other_addresses_get_the_signed_webhook(url: str) -> None:
    assert type_at(url) == "webhook"


def test_a_chat_is_sent_json_without_a_signature() -> None:
    receiver = Receiver()
    event = an_event()
    chat = Json(slack.message, receiver)
    assert chat.send(event, Access(TARGET, ("whsec_unused",)), replay=False).success
    (request,) = receiver.requests
    assert json.loads(request.body) == slack.message(event, TARGET)
    assert request.headers["Content-Type"] == "application/json"
    assert not any(name.startswith("webhook-") for name in request.headers)
