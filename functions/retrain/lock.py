"""One retraining at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from hookline_core.clock import epoch_seconds
from hookline_core.errors import ConflictError, UnavailableError
from hookline_core.stores.aws import error_code

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

LEASE = timedelta(minutes=20)
"""Longer than a job waits for all its attempts, so a lock outlives a crash but not an afternoon."""

ONE_RUN = timedelta(minutes=5, seconds=30)
"""Longer than one run of the function: a run that is not tried again needs no more."""


class RetrainRunningError(ConflictError):
    """Somebody else is retraining."""

    code = "retrain_running"


class RetrainLock:
    """A lease in the Models table, taken by conditional write."""

    _KEY: "dict[str, AttributeValueTypeDef]" = {"pk": {"S": "lock"}, "sk": {"S": "retrain"}}  # noqa: RUF012  # constant

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    @contextmanager
    def held(self, holder: str, *, moment: datetime) -> Iterator[None]:
        """Hold the lock inside the block.

        Raises
        ------
        RetrainRunningError
            If somebody else holds it.
        """
        self.take(holder, moment=moment)
        try:
            yield
        finally:
            self.free(holder)

    def take(self, holder: str, *, moment: datetime, lease: timedelta = LEASE) -> None:
        """Take the lock, or take it for longer: whoever holds it may take it again.

        Parameters
        ----------
        lease
            How long it is held at most, if nobody gives it back.

        Raises
        ------
        RetrainRunningError
            If somebody else holds it.
        """
        now = str(epoch_seconds(moment))
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    **self._KEY,
                    "holder": {"S": holder},
                    "expires_at": {"N": str(epoch_seconds(moment + lease))},
                },
                ConditionExpression="attribute_not_exists(pk) OR expires_at <= :now OR holder = :holder",
                ExpressionAttributeValues={":now": {"N": now}, ":holder": {"S": holder}},
            )
        except ClientError as error:
            if error_code(error) == "ConditionalCheckFailedException":
                raise RetrainRunningError("A retraining is running; try again when it has ended.") from error
            raise UnavailableError("the model registry does not answer") from error

    def free(self, holder: str) -> None:
        """Give the lock back. If somebody else holds it by now, it stays theirs."""
        try:
            self._dynamodb.delete_item(
                TableName=self._table,
                Key=self._KEY,
                ConditionExpression="holder = :holder",
                ExpressionAttributeValues={":holder": {"S": holder}},
            )
        except ClientError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                raise UnavailableError("the model registry does not answer") from error
