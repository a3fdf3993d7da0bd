"""The queue of jobs."""

import json
from typing import TYPE_CHECKING

from hookline_core.stores.aws import unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_WHAT = "the queue of jobs"


class JobQueue:
    """Hands jobs over to the worker."""

    def __init__(self, sqs: "SQSClient", url: str) -> None:
        self._sqs = sqs
        self._url = url

    def put(self, job_id: str) -> None:
        """Hand a job over."""
        with unavailable_as(_WHAT):
            self._sqs.send_message(QueueUrl=self._url, MessageBody=json.dumps({"job_id": job_id}))

    def hide(self, receipt: str, *, seconds: int) -> None:
        """Let a message that was received come again after some seconds."""
        with unavailable_as(_WHAT):
            self._sqs.change_message_visibility(QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=seconds)
