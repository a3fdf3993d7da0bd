"""Discord: an embed. Its text is Markdown, so every mark in a stranger's text is escaped; nobody is mentioned."""

import re
from typing import Any

from hookline_core.contracts import Alert

from alerts.chat.facts import facts_of, title_of

_MARK = re.compile(r"([\\*_~`|>#\-\[\]()<@:])")
_RED = 0xC62828


def message(alert: Alert) -> dict[str, Any]:
    """Return the body for a webhook."""
    return {
        "content": title_of(alert),
        "allowed_mentions": {"parse": []},
        "embeds": [
            {
                "title": "Open the console",
                "url": alert.dashboard_url,
                "color": _RED,
                "fields": [{"name": name, "value": _MARK.sub(r"\\\1", fact)} for name, fact in facts_of(alert).items()],
            }
        ],
    }
