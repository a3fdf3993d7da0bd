"""Does a thing once, although it may be asked for many times."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError
from hookline_core.clock import epoch_seconds
from hookline_core.errors import UnavailableError
from hookline_core.stores.aws import error_code, unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

logger = Logger()

LEASE = timedelta(seconds=60)
"""Longer than one run of the function, so that whoever holds it is at work or dead."""

_MEMORY = timedelta(days=7)
"""Streams keep records for a day; a week leaves room for dead letters that are sent again."""

_WHAT = "the record of what is done"


class Once:
    """Remembers in the Idempotency table what was done.

    An action is begun by taking a lease, and marked as done when it has succeeded. If the function dies in between,
    the lease ends and the action is done again: at least once, and twice only after a crash in that very moment.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def __call__(self, name: str, action: Callable[[], None], *, moment: datetime) -> bool:
        """Do an action, unless it was done before. Return whether it was done now.

        Raises
        ------
        UnavailableError
            If the table does not answer, or somebody else is at it. Whatever the action raises, is raised too.
        """
        if not self._begin(name, moment):
            return False
        try:
            action()
        except Exception:
            self._note(name, state="begun", lease_until=0, moment=moment)
            raise
        self._note(name, state="done", lease_until=0, moment=moment)
        return True

    def _begin(self, name: str, moment: datetime) -> bool:
        now = epoch_seconds(moment)
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    "id": {"S": name},
                    "state": {"S": "begun"},
                    "lease_until": {"N": str(epoch_seconds(moment + LEASE))},
                    "expires_at": {"N": str(epoch_seconds(moment + _MEMORY))},
                },
                ConditionExpression="attribute_not_exists(id) OR (#state = :begun AND lease_until <= :now)",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":begun": {"S": "begun"}, ":now": {"N": str(now)}},
            )
        except ClientError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                raise UnavailableError(f"{_WHAT} does not answer") from error
            if self._is_done(name):
                return False
            raise UnavailableError("this is being done right now") from error
        return True

    def _is_done(self, name: str) -> bool:
        with unavailable_as(_WHAT):
            answer = self._dynamodb.get_item(TableName=self._table, Key={"id": {"S": name}}, ConsistentRead=True)
        return answer.get("Item", {}).get("state", {}).get("S") == "done"

    def _note(self, name: str, *, state: str, lease_until: int, moment: datetime) -> None:
        """Write down how the action went. If that fails, the lease speaks: the outcome of the action stands."""
        try:
            with unavailable_as(_WHAT):
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item={
                        "id": {"S": name},
                        "state": {"S": state},
                        "lease_until": {"N": str(lease_until)},
                        "expires_at": {"N": str(epoch_seconds(moment + _MEMORY))},
                    },
                )
        except UnavailableError:
            logger.warning("could not note what was done", id=name, state=state)
