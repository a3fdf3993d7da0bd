"""The readable form of an alert, for e-mail."""

from hookline_core.contracts import Alert
from hookline_core.plain import plain

_LONGEST_SUBJECT = 99
"""SNS takes less than 100 ASCII characters, in one line."""

_LONGEST_REASON = 300

_ACTIONS = {
    "none": "Nothing was done.",
    "flagged": "It was flagged for review.",
    "automatically_blacklisted": "The sender was put on the block list.",
    "already_blacklisted": "The sender was on the block list already.",
}


def subject_of(alert: Alert) -> str:
    """Return an e-mail's subject: ASCII, one line, short."""
    subject = f"Hookline: {alert.risk_level} message, {plain(alert.threat_category)}, score {alert.risk_score}"
    return subject.encode("ascii", "replace").decode()[:_LONGEST_SUBJECT]


def text_of(alert: Alert) -> str:
    """Return an e-mail's text. All that a stranger could have a hand in is made harmless."""
    return "\n".join(
        (
            f"A {alert.risk_level} message was found.",
            "",
            f"Score:    {alert.risk_score} of 100",
            f"Category: {plain(alert.threat_category)}",
            f"Reason:   {plain(alert.primary_reason)[:_LONGEST_REASON]}",
            f"Sender:   {plain(alert.phone_number) if alert.phone_number else 'unknown'}",
            f"Action:   {_ACTIONS[alert.action]}",
            f"Found at: {alert.analyzed_at}",
            f"Message:  {alert.message_id}",
            "",
            f"Console:  {alert.dashboard_url}",
        )
    )
