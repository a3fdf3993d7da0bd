"""What a chat message says of an alert, already harmless as plain text."""

from hookline_core.contracts import Alert
from hookline_core.plain import plain

_LONGEST = 300
_ACTIONS = {
    "none": "nothing",
    "flagged": "flagged for review",
    "automatically_blacklisted": "sender put on the block list",
    "already_blacklisted": "sender was on the block list already",
}


def title_of(alert: Alert) -> str:
    """Return the headline. It holds nothing that a stranger wrote."""
    return f"{alert.risk_level} message, score {alert.risk_score}"


def facts_of(alert: Alert) -> dict[str, str]:
    """Return what there is to say, by name, in order. No value is empty."""
    return {
        name: plain(text)[:_LONGEST] or "unknown"
        for name, text in {
            "Category": alert.threat_category,
            "Reason": alert.primary_reason,
            "Sender": alert.phone_number or "",
            "Action": _ACTIONS[alert.action],
            "Found at": alert.analyzed_at,
            "Message": alert.message_id,
        }.items()
    }
