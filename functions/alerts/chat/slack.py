"""Slack: blocks. All text is ``plain_text``, in which nothing is markup: no links, no mentions."""

from typing import Any

from hookline_core.contracts import Alert

from alerts.chat.facts import facts_of, title_of


def message(alert: Alert) -> dict[str, Any]:
    """Return the body for an incoming webhook."""
    title = title_of(alert)
    return {
        "text": title,
        "blocks": [
            {"type": "header", "text": _plain(title)},
            {"type": "section", "fields": [_plain(f"{name}\n{fact}") for name, fact in facts_of(alert).items()]},
            {
                "type": "actions",
                "elements": [{"type": "button", "text": _plain("Open the console"), "url": alert.dashboard_url}],
            },
        ],
    }


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
