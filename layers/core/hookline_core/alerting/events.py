"""Events: what alerts tell, for machines and for people, with an id that stays the same however often it is told."""

import json
from typing import Any

from pydantic import Field

from hookline_core.alerting.endpoints import EventType
from hookline_core.contracts import Contract, LevelName


class Notice(Contract):
    """An event as people read it.

    Attributes
    ----------
    title
        The headline. It holds nothing that a stranger wrote.
    facts
        What there is to say, by name, in order. Values may repeat a stranger's words.
    url
        Where to read more; nothing, if there is no such page.
    """

    title: str
    facts: dict[str, str]
    url: str = ""


class Event(Contract):
    """What is delivered.

    Attributes
    ----------
    id
        Receivers drop what they have seen, by this. It has no dot in it, as the specification of webhooks wants.
    timestamp
        When it happened, the same in every attempt.
    incident
        What belongs together in services that show incidents: an alert, from its opening on.
    data
        The shape of ``docs/schemas`` for the type.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")
    type: EventType
    timestamp: str
    level: LevelName | None = None
    category_code: str | None = None
    message_id: str | None = None
    incident: str | None = None
    data: dict[str, Any]
    notice: Notice

    def body(self) -> bytes:
        """Return the body that every attempt carries, to the byte."""
        return json.dumps(
            {"type": self.type, "timestamp": self.timestamp, "data": self.data}, separators=(",", ":")
        ).encode()


class AlertSummary(Contract):
    """More of the same came while people were not told."""

    alert_id: str
    group: str = Field(description="What the messages have in common")
    more: int = Field(description="Messages that nobody was told about yet")
    minutes: int
    messages: int = Field(description="Messages since the alert opened")
    first_at: str
    last_at: str
    risk_level: LevelName
    category_code: str
    threat_category: str
    phone_number: str | None
    latest_message_id: str
    dashboard_url: str


class DigestItem(Contract):
    """One alert of a digest."""

    alert_id: str
    more: int = Field(description="Messages that nobody was told about yet")
    messages: int = Field(description="Messages since the alert opened")
    risk_level: LevelName
    category_code: str
    latest_message_id: str


class AlertDigest(Contract):
    """Many alerts at once."""

    alerts: int
    messages: int = Field(description="Messages that nobody was told about yet")
    items: list[DigestItem] = Field(description="Those with most messages first, 50 at most")
    dashboard_url: str


class AlertAcknowledged(Contract):
    """Somebody takes care of an alert."""

    alert_id: str
    group: str = Field(description="What the messages have in common")
    acknowledged_by: str = Field(description="Public id of the key")
    messages: int = Field(description="Messages since the alert opened")
    first_at: str
    last_at: str
    risk_level: LevelName
    category_code: str
    threat_category: str
    phone_number: str | None
    latest_message_id: str


class EndpointTest(Contract):
    """An admin tries an endpoint out."""

    endpoint_id: str
    name: str
    note: str = "This is a test. No message was judged."


class EndpointDisabled(Contract):
    """Nothing is sent to an endpoint any more."""

    endpoint_id: str
    name: str
    endpoint_type: str
    reason: str = Field(description="gone: it answered 410; failing: nothing was taken for days")
    failing_since: str | None


def test_of(endpoint_id: str, name: str, *, event_id: str, timestamp: str) -> Event:
    """Return the event that tries an endpoint out."""
    return Event(
        id=event_id,
        type="endpoint.test",
        timestamp=timestamp,
        data=EndpointTest(endpoint_id=endpoint_id, name=name).model_dump(),
        notice=Notice(title="Hookline test", facts={"Endpoint": name, "Note": "No message was judged."}),
    )
