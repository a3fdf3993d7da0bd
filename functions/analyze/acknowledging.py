"""The use case: somebody takes care of an alert, and whoever was told of it hears of that."""

from typing import Protocol

from hookline_core.alerting.events import AlertAcknowledged, Event, Notice
from hookline_core.clock import Clock
from hookline_core.stores.alerts import AlertRow, AlertStore


class Topic(Protocol):
    """Tells events to everybody who wants them."""

    def publish(self, event: Event) -> None:
        """Tell an event."""


class Acknowledge:
    """Notes who takes care of an alert. Doing it again is safe: what is told has the same id."""

    def __init__(self, alerts: AlertStore, topic: Topic, clock: Clock) -> None:
        self._alerts = alerts
        self._topic = topic
        self._clock = clock

    def __call__(self, alert_id: str, *, by: str) -> AlertRow:
        """Take care of an alert, and return it.

        Raises
        ------
        NotFoundError
            If there is none of this id.
        UnavailableError
            If it could not be noted or told.
        """
        row = self._alerts.acknowledge(alert_id, by=by, moment=self._clock())
        if row.notified:
            self._topic.publish(of_acknowledged(row))
        return row


def of_acknowledged(row: AlertRow) -> Event:
    """Return the event of an alert that somebody takes care of."""
    by, at = row.acknowledged_by or "", row.acknowledged_at or row.last_at
    data = AlertAcknowledged(
        alert_id=row.alert_id,
        group=row.group,
        acknowledged_by=by,
        messages=row.messages,
        first_at=row.first_at,
        last_at=row.last_at,
        risk_level=row.level,
        category_code=row.category_code,
        threat_category=row.threat_category,
        phone_number=row.phone_number,
        latest_message_id=row.latest_message_id,
    )
    return Event(
        id=f"ack_{row.opened_by}",
        type="alert.acknowledged",
        timestamp=at,
        level=row.level,
        category_code=row.category_code,
        incident=row.incident,
        data=data.model_dump(),
        notice=Notice(
            title=f"Somebody takes care of an alert, {row.messages} messages so far",
            facts={"Alert": row.title, "Key": by, "First": row.first_at, "Last": row.last_at},
        ),
    )
