"""Microsoft Teams: an Adaptive Card for a workflow. Text is in ``TextRun``, which knows no Markdown."""

from typing import Any

from hookline_core.alerting.endpoints import Target
from hookline_core.alerting.events import Event
from hookline_core.alerting.notices import facts_of, title_of


def message(event: Event, _target: Target) -> dict[str, Any]:
    """Return the body for a workflow's webhook."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            _text({"type": "TextRun", "text": title_of(event), "size": "Large", "weight": "Bolder"}),
            *(
                _text({"type": "TextRun", "text": f"{name}: ", "weight": "Bolder"}, {"type": "TextRun", "text": fact})
                for name, fact in facts_of(event).items()
            ),
        ],
    }
    if event.notice.url:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open the console", "url": event.notice.url}]
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
    }


def _text(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": list(runs)}
