"""Timers: what is to be looked at again later. They wait in a queue, and nothing runs meanwhile."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hookline_core.clock import epoch_seconds
from hookline_core.contracts import Contract
from hookline_core.stores.aws import unavailable_as
from pydantic import ValidationError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LONGEST_DELAY = 900
"""Seconds that SQS delays a message at most. What is further away is put back until it is time."""


class Timer(Contract):
    """A moment to look at something again.

    Attributes
    ----------
    at
        When, in epoch seconds.
    alert_id
        The alert to look at; nothing, if it is time for a digest.
    after
        How often people had been told when the timer was set. If they were told again since, there is another timer.
    """

    at: int
    alert_id: str | None = None
    after: int = 0


class TimerQueue:
    """Keeps timers until it is time."""

    def __init__(self, sqs: "SQSClient", url: str) -> None:
        self._sqs = sqs
        self._url = url

    def put(self, timer: Timer, *, moment: datetime) -> None:
        """Keep a timer.

        Raises
        ------
        UnavailableError
            If the queue does not take it.
        """
        delay = min(max(timer.at - epoch_seconds(moment), 0), LONGEST_DELAY)
        with unavailable_as("the timers"):
            self._sqs.send_message(QueueUrl=self._url, MessageBody=timer.model_dump_json(), DelaySeconds=delay)


def timer_of(record: Mapping[str, Any]) -> Timer | None:
    """Read a timer out of a record of an event; nothing, if the record is none."""
    try:
        return Timer.model_validate_json(record.get("body", ""))
    except ValidationError:
        return None
