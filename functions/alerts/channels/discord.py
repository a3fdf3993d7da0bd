"""Discord: an embed. Its text is Markdown, so every mark in it is escaped; nobody is mentioned."""

import re
from typing import Any

from hookline_core.alerting.endpoints import Target
from hookline_core.alerting.events import Event
from hookline_core.alerting.notices import facts_of, title_of

_MARK = re.compile(r"([\\*_~`|>#\-\[\]()<@:])")
_RED = 0xC62828
_GREY = 0x546E7A
_FIELDS = 25
"""An embed takes no more."""


def message(event: Event, _target: Target) -> dict[str, Any]:
    """Return the body for a webhook."""
    fields = [{"name": _escaped(name), "value": _escaped(fact)} for name, fact in facts_of(event).items()]
    embed: dict[str, Any] = {"color": _RED if event.level else _GREY, "fields": fields[:_FIELDS]}
    if event.notice.url:
        embed |= {"title": "Open the console", "url": event.notice.url}
    return {"content": _escaped(title_of(event)), "allowed_mentions": {"parse": []}, "embeds": [embed]}


def _escaped(text: str) -> str:
    return _MARK.sub(r"\\\1", text)
