"""The alert queue: events from the topic, and jobs, each of which is one event for one endpoint."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hookline_core.alerting.events import Event
from hookline_core.contracts import Contract
from hookline_core.stores.aws import unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_WHAT = "the alert queue"


class Job(Contract):
    """One event for one endpoint.

    Attributes
    ----------
    replay
        Whether somebody asked for it again. Such a delivery says nothing about the endpoint's health.
    """

    endpoint_id: str
    event: Event
    replay: bool = False


class JobQueue:
    """Takes jobs.

    Parameters
    ----------
    sqs
        Gives the client. It is asked for with the first use, since it takes long to make.
    """

    def __init__(self, sqs: "Callable[[], SQSClient]", url: str) -> None:
        self._sqs = sqs
        self._url = url

    def put(self, event: Event, endpoint_id: str) -> None:
        """Let an event be delivered to one endpoint.

        Raises
        ------
        UnavailableError
            If the queue does not take it.
        """
        self.put_all([Job(endpoint_id=endpoint_id, event=event)])

    def put_all(self, jobs: Sequence[Job]) -> None:
        """Let jobs be done. If this fails, some of them may have been taken.

        Raises
        ------
        UnavailableError
            If the queue does not take them all.
        """
        for job in jobs:
            with unavailable_as(_WHAT):
                self._sqs().send_message(QueueUrl=self._url, MessageBody=job.model_dump_json())
