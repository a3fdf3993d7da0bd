"""Watches how endpoints fare, and stops sending to those that are gone or have failed for long."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol

from aws_lambda_powertools import Logger
from hookline_core.alerting.endpoints import Endpoint, Standing
from hookline_core.alerting.events import EndpointDisabled, Event, Notice
from hookline_core.alerting.notices import subject_of, text_of
from hookline_core.clock import isoformat
from hookline_core.errors import UnavailableError
from hookline_core.ids import new_id
from hookline_core.stores.aws import unavailable_as

from alerts.sender import Answer

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

logger = Logger()

LONG = timedelta(days=3)
"""An endpoint that took nothing for so long is disabled. The schedule of one delivery is a little longer."""

_GONE = 410

_REASONS = {
    "gone": "It answered 410, which says that it is gone for good.",
    "failing": f"It took nothing for {LONG.days} days.",
}


class Endpoints(Protocol):
    """Keeps how endpoints fare."""

    def note(self, endpoint_id: str, status: str, *, delivered: bool, moment: datetime) -> Standing | None:
        """Write down how the last attempt went."""

    def disable(self, endpoint_id: str, reason: Literal["by_admin", "gone", "failing"]) -> bool:
        """Send nothing to an endpoint any more."""


class Topic(Protocol):
    """Tells events to everybody who wants them."""

    def publish(self, event: Event) -> None:
        """Tell an event."""


class Operations:
    """The topic of the people who run this: another way than the one that failed."""

    def __init__(self, sns: "Callable[[], SNSClient]", topic_arn: str) -> None:
        self._sns = sns
        self._topic_arn = topic_arn

    def publish(self, event: Event) -> None:
        """Tell an event.

        Raises
        ------
        UnavailableError
            If the topic does not take it.
        """
        with unavailable_as("the operations topic"):
            self._sns().publish(TopicArn=self._topic_arn, Subject=subject_of(event), Message=text_of(event))


class Watch:
    """Notes every attempt, and disables what should not be sent to any more.

    Parameters
    ----------
    tell
        Whom to tell that an endpoint was disabled.
    """

    def __init__(self, endpoints: Endpoints, *tell: Topic) -> None:
        self._endpoints = endpoints
        self._tell = tell

    def note(self, endpoint: Endpoint, answer: Answer | None, result: str, *, moment: datetime) -> None:
        """Hear how an attempt went.

        Raises
        ------
        UnavailableError
            If it cannot be written down.
        """
        delivered = answer is not None and answer.success
        standing = self._endpoints.note(endpoint.endpoint_id, result, delivered=delivered, moment=moment)
        if standing is None or delivered:
            return
        if answer is not None and answer.status == _GONE:
            self._disable(endpoint, "gone", standing, moment)
        elif standing.failing_since and standing.failing_since <= isoformat(moment - LONG):
            self._disable(endpoint, "failing", standing, moment)

    def _disable(
        self, endpoint: Endpoint, reason: Literal["gone", "failing"], standing: Standing, moment: datetime
    ) -> None:
        if not self._endpoints.disable(endpoint.endpoint_id, reason):
            return
        logger.warning("endpoint disabled", endpoint=endpoint.endpoint_id, reason=reason)
        event = disabled(endpoint, reason, standing, moment=moment)
        for topic in self._tell:
            try:
                topic.publish(event)
            except UnavailableError as error:
                logger.error("disabled endpoint not told", endpoint=endpoint.endpoint_id, code=error.code)  # noqa: TRY400


def disabled(endpoint: Endpoint, reason: Literal["gone", "failing"], standing: Standing, *, moment: datetime) -> Event:
    """Return the event of an endpoint that was disabled."""
    data = EndpointDisabled(
        endpoint_id=endpoint.endpoint_id,
        name=endpoint.name,
        endpoint_type=endpoint.type,
        reason=reason,
        failing_since=standing.failing_since,
    )
    facts = {
        "Endpoint": f"{endpoint.name} ({endpoint.endpoint_id})",
        "Why": _REASONS[reason],
        "What waits": "It goes to the dead letters. Enable the endpoint and redrive them.",
    }
    return Event(
        id=f"evt_{new_id(moment)}",
        type="endpoint.disabled",
        timestamp=isoformat(moment),
        data=data.model_dump(),
        notice=Notice(title="An alert endpoint was disabled", facts=facts),
    )
