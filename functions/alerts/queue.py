"""The alert queue, as far as we steer it: how long a message stays hidden before it comes again."""

from typing import TYPE_CHECKING

from hookline_core.stores.aws import unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class AlertQueue:
    """Hides messages until their next attempt. No function runs while a message waits."""

    def __init__(self, sqs: "SQSClient", url: str) -> None:
        self._sqs = sqs
        self._url = url

    def hide(self, receipt: str, *, seconds: int) -> None:
        """Let a message come again after a time.

        Raises
        ------
        UnavailableError
            If the queue does not answer. The message comes again all the same, after the queue's own time.
        """
        with unavailable_as("the alert queue"):
            self._sqs.change_message_visibility(QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=seconds)
