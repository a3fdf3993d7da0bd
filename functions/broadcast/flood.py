"""The flood guard: however many alerts there are, people are told a bounded number of times."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from hookline_core.clock import epoch_seconds
from hookline_core.errors import UnavailableError
from hookline_core.stores.aws import error_code

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SPAN = timedelta(minutes=10)
MOST = 20
"""Notifications in one span. What is more comes together, in one digest at the span's end."""

_KEPT = timedelta(days=1)


def end_of_span(moment: datetime, span: timedelta) -> datetime:
    """Return when the span ends that a moment falls into. Spans begin with the epoch."""
    seconds = int(span.total_seconds())
    return datetime.fromtimestamp((epoch_seconds(moment) // seconds + 1) * seconds, UTC)


class FloodGuard:
    """Counts notifications of a span, and lets so many pass. Many functions may ask at once."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def admits(self, *, moment: datetime) -> bool:
        """Take one of the span's notifications. Return whether there was one left.

        Raises
        ------
        UnavailableError
            If the table does not answer.
        """
        end = epoch_seconds(end_of_span(moment, SPAN))
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"id": {"S": f"flood#{end}"}},
                UpdateExpression="SET expires_at = :expires_at ADD told :one",
                ConditionExpression="attribute_not_exists(told) OR told < :most",
                ExpressionAttributeValues={
                    ":expires_at": {"N": str(epoch_seconds(moment + _KEPT))},
                    ":one": {"N": "1"},
                    ":most": {"N": str(MOST)},
                },
            )
        except ClientError as error:
            if error_code(error) == "ConditionalCheckFailedException":
                return False
            raise UnavailableError("the flood guard does not answer") from error
        return True
