"""Reads alerts out of an event of the alert queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from hookline_core.contracts import Alert
from pydantic import ValidationError

from alerts.event import Event


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the queue.

    Parameters
    ----------
    receipt
        What the queue calls this receipt of the message.
    receives
        How often the message was received, this time included.
    event
        What to deliver; ``None`` if that cannot be read.
    """

    identifier: str
    receipt: str
    receives: int
    event: Event | None

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Read one message."""
        try:
            event = Event.critical(Alert.model_validate_json(record["body"]))
        except ValidationError:
            event = None
        return cls(
            identifier=record["messageId"],
            receipt=record["receiptHandle"],
            receives=int(record["attributes"]["ApproximateReceiveCount"]),
            event=event,
        )
