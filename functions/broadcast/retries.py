"""The retry queue: where a task goes that could not be finished, so that it does not hold up the stream."""

from typing import TYPE_CHECKING

from hookline_core.stores.aws import unavailable_as

from broadcast.task import Task

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_DELAY_SECONDS = 5
"""What failed a moment ago would mostly fail again at once."""


class RetryQueue:
    """Keeps tasks for later."""

    def __init__(self, sqs: "SQSClient", url: str) -> None:
        self._sqs = sqs
        self._url = url

    def put(self, task: Task) -> None:
        """Keep a task.

        Raises
        ------
        UnavailableError
            If the queue does not take it.
        """
        with unavailable_as("the retry queue"):
            self._sqs.send_message(QueueUrl=self._url, MessageBody=task.to_json(), DelaySeconds=_DELAY_SECONDS)
