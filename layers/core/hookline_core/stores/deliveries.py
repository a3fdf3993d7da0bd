"""The Deliveries table: which event reached which endpoint, and every attempt at it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from hookline_core.clock import epoch_seconds, isoformat
from hookline_core.errors import UnavailableError
from hookline_core.stores.aws import error_code, unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

LEASE = timedelta(seconds=20)
"""Longer than an attempt takes, so that whoever holds it is at work or dead."""

_KEPT = timedelta(days=30)
_WHAT = "the delivery log"


class Status(StrEnum):
    """How a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    GONE = "gone"


class Standing(StrEnum):
    """What may be done about a delivery now."""

    OPEN = "open"
    DELIVERED = "delivered"
    GONE = "gone"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt.

    Parameters
    ----------
    status
        What it makes of the delivery.
    result
        The response's HTTP status, or the code of the error if there was no response.
    duration_ms
        Milliseconds from the first step to the response's head.
    excerpt
        The beginning of the response, made harmless.
    """

    number: int
    status: Status
    result: str
    duration_ms: int
    excerpt: str = ""


class DeliveryStore:
    """Lets one attempt at a time be made at a delivery, and none after it succeeded."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def begin(self, event_id: str, endpoint: str, *, anew: bool, moment: datetime) -> Standing:
        """Ask for the right to make an attempt, and hold it for a while if it is given.

        Parameters
        ----------
        anew
            Whether the event has just come into the queue. Then an endpoint that was gone is asked again.
        """
        closed = [Status.DELIVERED] if anew else [Status.DELIVERED, Status.GONE]
        closings: dict[str, AttributeValueTypeDef] = {f":{status}": {"S": status.value} for status in closed}
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(event_id, endpoint),
                UpdateExpression=(
                    "SET lease_until = :lease, expires_at = :expires_at, "
                    "begun_at = if_not_exists(begun_at, :now_text), #status = if_not_exists(#status, :pending)"
                ),
                ConditionExpression=(
                    "attribute_not_exists(event_id) OR "
                    f"(NOT (#status IN ({', '.join(closings)})) AND lease_until <= :now)"
                ),
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":lease": {"N": str(epoch_seconds(moment + LEASE))},
                    ":expires_at": {"N": str(epoch_seconds(moment + _KEPT))},
                    ":now": {"N": str(epoch_seconds(moment))},
                    ":now_text": {"S": isoformat(moment)},
                    ":pending": {"S": Status.PENDING.value},
                    **closings,
                },
            )
        except ClientError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                raise UnavailableError(f"{_WHAT} does not answer") from error
            status = self._status(event_id, endpoint)
            return Standing(status) if status in closed else Standing.BUSY
        return Standing.OPEN

    def record(self, event_id: str, endpoint: str, attempt: Attempt, *, moment: datetime) -> None:
        """Write an attempt down, and give the right to the next one back."""
        entry: AttributeValueTypeDef = {
            "M": {
                "at": {"S": isoformat(moment)},
                "number": {"N": str(attempt.number)},
                "status": {"S": attempt.status.value},
                "result": {"S": attempt.result},
                "duration_ms": {"N": str(attempt.duration_ms)},
                "excerpt": {"S": attempt.excerpt},
            }
        }
        with unavailable_as(_WHAT):
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(event_id, endpoint),
                UpdateExpression=(
                    "SET #status = :status, lease_until = :free, "
                    "attempts = list_append(if_not_exists(attempts, :none), :attempt)"
                ),
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":status": {"S": attempt.status.value},
                    ":free": {"N": "0"},
                    ":none": {"L": []},
                    ":attempt": {"L": [entry]},
                },
            )

    def _status(self, event_id: str, endpoint: str) -> Status:
        with unavailable_as(_WHAT):
            answer = self._dynamodb.get_item(TableName=self._table, Key=_key(event_id, endpoint), ConsistentRead=True)
        return Status(answer["Item"]["status"]["S"])


def _key(event_id: str, endpoint: str) -> "dict[str, AttributeValueTypeDef]":
    return {"event_id": {"S": event_id}, "endpoint": {"S": endpoint}}


def delivery_id(event_id: str, endpoint: str) -> str:
    """Return how the API names a delivery. Neither part has a dot in it."""
    return f"{event_id}.{endpoint}"
