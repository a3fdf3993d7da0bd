"""Reads events and jobs out of an event of the alert queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from hookline_core.alerting.events import Event
from hookline_core.stores.jobs import Job
from pydantic import ValidationError


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the queue.

    Parameters
    ----------
    receipt
        What the queue calls this receipt of the message.
    body
        The message as it is.
    content
        An event for everybody who wants it, or a job for one endpoint; ``None`` if it is neither.
    """

    identifier: str
    receipt: str
    body: str
    content: Event | Job | None

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Read one message."""
        return cls(
            identifier=record["messageId"],
            receipt=record["receiptHandle"],
            body=record["body"],
            content=content_of(record["body"]),
        )


def content_of(body: str) -> Event | Job | None:
    """Read what stands in a message of the queue."""
    for kind in (Job, Event):
        try:
            return kind.model_validate_json(body)
        except ValidationError:
            continue
    return None
