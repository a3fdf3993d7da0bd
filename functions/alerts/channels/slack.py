"""Slack: blocks. All text is ``plain_text``, in which nothing is markup: no links, no mentions."""

from typing import Any

from hookline_core.alerting.endpoints import Target
from hookline_core.alerting.events import Event
from hookline_core.alerting.notices import facts_of, title_of

_FIELDS = 10
"""A section takes no more."""

_TITLE = 150
_SPECIAL = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""What the fallback text reads as markup; blocks of plain text take it as it is."""


def message(event: Event, _target: Target) -> dict[str, Any]:
    """Return the body for an incoming webhook."""
    title = title_of(event)[:_TITLE]
    facts = [_plain(f"{name}\n{fact}") for name, fact in facts_of(event).items()]
    blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain(title)}]
    blocks += [{"type": "section", "fields": facts[start : start + _FIELDS]} for start in range(0, len(facts), _FIELDS)]
    if event.notice.url:
        button = {"type": "button", "text": _plain("Open the console"), "url": event.notice.url}
        blocks.append({"type": "actions", "elements": [button]})
    return {"text": title.translate(_SPECIAL), "blocks": blocks}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
