"""An event: an alert with an id that stays the same however often it is told."""

import json
from dataclasses import dataclass

from hookline_core.contracts import Alert

CRITICAL = "analysis.critical"


@dataclass(frozen=True, slots=True)
class Event:
    """What is delivered.

    Parameters
    ----------
    id
        The receiver drops what it has seen, by this. It comes from the message's id, so that an alert that was
        published twice is still one event.
    """

    id: str
    type: str
    alert: Alert

    @classmethod
    def critical(cls, alert: Alert) -> "Event":
        """Make the event of a Critical message."""
        return cls(f"evt_{alert.message_id}", CRITICAL, alert)

    def to_json(self) -> bytes:
        """Return the body that every attempt carries, to the byte."""
        body = {"type": self.type, "timestamp": self.alert.analyzed_at, "data": self.alert.model_dump()}
        return json.dumps(body, separators=(",", ":")).encode()
