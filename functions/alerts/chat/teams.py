"""Microsoft Teams: an Adaptive Card for a workflow. Text is in ``TextRun``, which knows no Markdown."""

from typing import Any

from hookline_core.contracts import Alert

from alerts.chat.facts import facts_of, title_of


def message(alert: Alert) -> dict[str, Any]:
    """Return the body for a workflow's webhook."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            _text({"type": "TextRun", "text": title_of(alert), "size": "Large", "weight": "Bolder"}),
            *(
                _text({"type": "TextRun", "text": f"{name}: ", "weight": "Bolder"}, {"type": "TextRun", "text": fact})
                for name, fact in facts_of(alert).items()
            ),
        ],
        "actions": [{"type": "Action.OpenUrl", "title": "Open the console", "url": alert.dashboard_url}],
    }
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
    }


def _text(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": list(runs)}
