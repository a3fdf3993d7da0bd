"""The alert queue and its dead letters, as far as we steer them."""

from typing import TYPE_CHECKING

from hookline_core.stores.aws import unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LONGEST_WAIT = 43_000
"""Seconds. SQS hides a message for 12 hours at most, counted from when it was received."""


class AlertQueue:
    """Hides messages until their next attempt, and buries those that are given up.

    No function runs while a message waits. A wait of more than 12 hours is cut into several.
    """

    def __init__(self, sqs: "SQSClient", url: str, *, dead_letters_url: str) -> None:
        self._sqs = sqs
        self._url = url
        self._dead_letters_url = dead_letters_url

    def hide(self, receipt: str, *, seconds: int) -> None:
        """Let a message come again after a time.

        Raises
        ------
        UnavailableError
            If the queue does not answer. The message comes again all the same, after the queue's own time.
        """
        with unavailable_as("the alert queue"):
            self._sqs.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=min(seconds, LONGEST_WAIT)
            )

    def bury(self, body: str) -> None:
        """Keep a message in the dead letters.

        Raises
        ------
        UnavailableError
            If the dead letters do not take it.
        """
        with unavailable_as("the dead letters"):
            self._sqs.send_message(QueueUrl=self._dead_letters_url, MessageBody=body)
