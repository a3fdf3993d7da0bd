"""The alert queue: events from the topic, and jobs, each of which is one event for one endpoint."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hookline_core.alerting.events import Event
from hookline_core.contracts import Contract
from hookline_core.errors import UnavailableError
from hookline_core.stores.aws import unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_WHAT = "the alert queue"
_BATCH = 10


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
        for start in range(0, len(jobs), _BATCH):
            with unavailable_as(_WHAT):
                answer = self._sqs().send_message_batch(
                    QueueUrl=self._url,
                    Entries=[
                        {"Id": str(number), "MessageBody": job.model_dump_json()}
                        for number, job in enumerate(jobs[start : start + _BATCH])
                    ],
                )
            if answer.get("Failed"):
                raise UnavailableError(f"{_WHAT} does not take everything")
