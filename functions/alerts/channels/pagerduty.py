"""PagerDuty: an event of its API's version 2. What belongs to one alert lands in one incident, and ends with it."""

from typing import Any

from hookline_core.alerting.endpoints import Target
from hookline_core.alerting.events import Event
from hookline_core.alerting.notices import facts_of, title_of

_SEVERITIES = {"Critical": "critical", "High": "error", "Medium": "warning"}
_KEY = 255
_SUMMARY = 1024


def message(event: Event, target: Target) -> dict[str, Any]:
    """Return the body for the events API."""
    incident = {"routing_key": target.address, "dedup_key": (event.incident or event.id)[:_KEY]}
    if event.type == "alert.acknowledged":
        return {**incident, "event_action": "acknowledge"}
    body: dict[str, Any] = {
        **incident,
        "event_action": "trigger",
        "client": "Hookline",
        "payload": {
            "summary": title_of(event)[:_SUMMARY],
            "source": "hookline",
            "severity": _SEVERITIES.get(event.level or "", "info"),
            "timestamp": event.timestamp,
            "class": event.type,
            "custom_details": facts_of(event),
        },
    }
    if event.notice.url:
        body["client_url"] = event.notice.url
    return body
