"""The use cases that deliver again: one delivery that somebody asks for, and all that was given up."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from hookline_core.alerting.endpoints import SUBSCRIBED
from hookline_core.alerting.events import Event
from hookline_core.errors import ConflictError, NotFoundError
from hookline_core.stores.aws import unavailable_as
from hookline_core.stores.deliveries import DeliveryStore
from hookline_core.stores.endpoints import EndpointStore
from hookline_core.stores.jobs import Job, JobQueue
from pydantic import ValidationError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_BATCH = 10
_SECONDS = 20.0
"""How long one call moves dead letters. What is left moves with the next call."""

_HIDDEN_SECONDS = 30
"""How long a letter that was looked at stays hidden, so that one call does not see it twice."""


class Redelivery:
    """Delivers again.

    Parameters
    ----------
    sqs
        Gives the client. It is asked for with the first use, since it takes long to make.
    """

    def __init__(  # each part has one job
        self,
        deliveries: DeliveryStore,
        endpoints: EndpointStore,
        jobs: JobQueue,
        sqs: "Callable[[], SQSClient]",
        *,
        queue_url: str,
        dead_letters_url: str,
    ) -> None:
        self._deliveries = deliveries
        self._endpoints = endpoints
        self._jobs = jobs
        self._sqs = sqs
        self._queue_url = queue_url
        self._dead_letters_url = dead_letters_url

    def replay(self, delivery_id: str) -> Event:
        """Deliver an event again to the endpoint that it was for, and return it.

        Raises
        ------
        NotFoundError
            If there is no such delivery, or its endpoint was deleted.
        ConflictError
            If the topic made it, which tells all or nobody.
        """
        event_id, _, endpoint_id = delivery_id.partition(".")
        if not (event_id and endpoint_id):
            raise NotFoundError("There is no such delivery.")
        if self._endpoints.get(endpoint_id).endpoint.type in SUBSCRIBED:
            raise ConflictError("The topic tells e-mail addresses and phones, and all of them at once.")
        event = self._deliveries.reopen(event_id, endpoint_id, delivered=True)
        self._jobs.put_all([Job(endpoint_id=endpoint_id, event=event, replay=True)])
        return event

    def redrive(self) -> tuple[int, int]:
        """Put dead letters into the queue again. Return how many, and how many cannot be read and stay.

        A letter is deleted after it was put into the queue: if that breaks off, it is there twice, and delivered once.
        """
        moved = left = 0
        end = time.monotonic() + _SECONDS
        with unavailable_as("the dead letters"):
            while time.monotonic() < end and (letters := self._letters()):
                for letter in letters:
                    if self._move(letter):
                        moved += 1
                    else:
                        left += 1
        return moved, left

    def _letters(self) -> "list[MessageTypeDef]":
        answer = self._sqs().receive_message(
            QueueUrl=self._dead_letters_url, MaxNumberOfMessages=_BATCH, VisibilityTimeout=_HIDDEN_SECONDS
        )
        return answer.get("Messages", [])

    def _move(self, letter: "MessageTypeDef") -> bool:
        body = letter["Body"]
        if not self._revive(body):
            return False
        self._sqs().send_message(QueueUrl=self._queue_url, MessageBody=body)
        self._sqs().delete_message(QueueUrl=self._dead_letters_url, ReceiptHandle=letter["ReceiptHandle"])
        return True

    def _revive(self, body: str) -> bool:
        """Let what a letter asks for be tried from the start of the schedule. Return whether it can be read."""
        try:
            job = Job.model_validate_json(body)
        except ValidationError:
            return _is_event(body)
        try:
            self._deliveries.reopen(job.event.id, job.endpoint_id, delivered=False)
        except NotFoundError:
            # It was delivered meanwhile, or its row has expired. The queue's consumer will see.
            return True
        return True


def _is_event(body: str) -> bool:
    try:
        Event.model_validate_json(body)
    except ValidationError:
        return False
    return True
