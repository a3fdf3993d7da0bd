"""What a message, or many of them, tell the outside world."""

from collections.abc import Sequence
from datetime import datetime

from hookline_core.alerting.endpoints import LEVELS, EventType
from hookline_core.alerting.events import AlertDigest, AlertSummary, DigestItem, Event, Notice
from hookline_core.alerting.policy import Policy
from hookline_core.clock import isoformat
from hookline_core.contracts import Alert, LevelName, Message
from hookline_core.stores.alerts import AlertRow

_TYPES: dict[LevelName, EventType] = {
    "Critical": "analysis.critical",
    "High": "analysis.high",
    "Medium": "analysis.medium",
    "Low": "analysis.low",
}
_SHOWN = 9
"""Alerts that a digest shows to people: what every chat takes, with one line left for how many more there are."""

_LISTED = 50
"""Alerts that a digest lists for machines."""

_ACTIONS = {
    "none": "nothing",
    "flagged": "flagged for review",
    "automatically_blacklisted": "sender put on the block list",
    "already_blacklisted": "sender was on the block list already",
}


def of_message(message: Message, *, incident: str, dashboard_url: str) -> Event:
    """Return the event of a message that raises an alert."""
    alert = Alert.of(message, dashboard_url=dashboard_url)
    return Event(
        id=f"evt_{message.message_id}",
        type=_TYPES[message.risk_level],
        timestamp=message.analyzed_at,
        level=message.risk_level,
        category_code=message.category_code,
        message_id=message.message_id,
        incident=incident,
        data=alert.model_dump(),
        notice=Notice(
            title=f"{message.risk_level} message, score {message.risk_score}",
            facts={
                "Category": message.threat_category,
                "Reason": message.primary_reason,
                "Sender": message.phone_number or "",
                "Action": _ACTIONS[message.action],
                "Found at": message.analyzed_at,
                "Message": message.message_id,
            },
            url=dashboard_url,
        ),
    )


def of_summary(row: AlertRow, policy: Policy, *, dashboard_url: str) -> Event:
    """Return the event that tells about more of the same."""
    minutes = policy.cooldown_minutes
    summary = AlertSummary(
        alert_id=row.alert_id,
        group=row.group,
        more=row.unsent,
        minutes=minutes,
        messages=row.messages,
        first_at=row.first_at,
        last_at=row.last_at,
        risk_level=row.level,
        category_code=row.category_code,
        threat_category=row.threat_category,
        phone_number=row.phone_number,
        latest_message_id=row.latest_message_id,
        dashboard_url=dashboard_url,
    )
    return Event(
        id=f"sum_{row.opened_by}_{row.notified + 1}",
        type="alert.summary",
        timestamp=row.last_at,
        level=row.level,
        category_code=row.category_code,
        incident=row.incident,
        data=summary.model_dump(),
        notice=Notice(
            title=f"{row.unsent} more like this in {minutes} minutes, {row.messages} in all",
            facts={
                "Alert": row.title,
                "Sender": row.phone_number or "various",
                "First": row.first_at,
                "Last": row.last_at,
                "Latest message": row.latest_message_id,
            },
            url=dashboard_url,
        ),
    )


def of_digest(rows: Sequence[AlertRow], *, number: int, moment: datetime, dashboard_url: str) -> Event:
    """Return the event that tells about many alerts at once, those with most untold messages first."""
    ordered = sorted(rows, key=lambda row: -row.unsent)
    messages = sum(row.unsent for row in rows)
    gravest = max((row.level for row in rows), key=LEVELS.index)
    digest = AlertDigest(
        alerts=len(rows),
        messages=messages,
        items=[
            DigestItem(
                alert_id=row.alert_id,
                more=row.unsent,
                messages=row.messages,
                risk_level=row.level,
                category_code=row.category_code,
                latest_message_id=row.latest_message_id,
            )
            for row in ordered[:_LISTED]
        ],
        dashboard_url=dashboard_url,
    )
    facts = {
        f"{place}. {row.threat_category}": f"{row.unsent} messages, latest {row.latest_message_id}: {row.title}"
        for place, row in enumerate(ordered[:_SHOWN], start=1)
    }
    if len(rows) > _SHOWN:
        facts["And"] = f"{len(rows) - _SHOWN} more alerts"
    return Event(
        id=f"dig_{number}",
        type="alert.digest",
        timestamp=isoformat(moment),
        level=gravest,
        data=digest.model_dump(),
        notice=Notice(title=f"{len(rows)} alerts, {messages} messages", facts=facts, url=dashboard_url),
    )
