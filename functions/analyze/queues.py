"""How much waits in the queues."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hookline_core.stores.aws import unavailable_as

from analyze.settings import QueueUrls

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_WAITING: Final = "ApproximateNumberOfMessages"
_DELAYED: Final = "ApproximateNumberOfMessagesDelayed"
_IN_FLIGHT: Final = "ApproximateNumberOfMessagesNotVisible"


@dataclass(frozen=True, slots=True)
class Depth:
    """What a queue holds, as nearly as it can tell.

    Parameters
    ----------
    waiting
        Messages that wait for their turn, or for their next attempt.
    in_flight
        Messages that a function has in hand.
    dead
        Messages that kept failing. Queues that share a place for them count them once.
    """

    name: str
    waiting: int
    in_flight: int
    dead: int


@dataclass(frozen=True, slots=True)
class Queues:
    """Measures the queues.

    Parameters
    ----------
    sqs
        Gives the client. It is asked for with the first use.
    """

    sqs: "Callable[[], SQSClient]"
    queues: Sequence[QueueUrls]

    def __call__(self) -> list[Depth]:
        """Return the depth of each queue.

        Raises
        ------
        UnavailableError
            If one does not answer.
        """
        return [self._depth(queue) for queue in self.queues]

    def _depth(self, queue: QueueUrls) -> Depth:
        live = self._attributes(queue.url)
        return Depth(
            name=queue.name,
            waiting=live[_WAITING] + live[_DELAYED],
            in_flight=live[_IN_FLIGHT],
            dead=sum(self._attributes(queue.dead).values()) if queue.dead else 0,
        )

    def _attributes(self, url: str) -> dict[str, int]:
        with unavailable_as("a queue"):
            answer = self.sqs().get_queue_attributes(QueueUrl=url, AttributeNames=[_WAITING, _DELAYED, _IN_FLIGHT])
        return {str(name): int(value) for name, value in answer["Attributes"].items()}
