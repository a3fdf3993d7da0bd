"""The Connections table: the live consoles."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from hookline_core.clock import epoch_seconds
from hookline_core.errors import UnavailableError
from hookline_core.identity import Identity
from hookline_core.stores.aws import error_code, unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_HUB = "console"
CONNECTION_LIFE = timedelta(hours=2, minutes=5)
"""API Gateway closes a connection after two hours; a row that outlives it is a leftover."""

OPENING_TIME = timedelta(seconds=30)
"""Time within which a connection opens: API Gateway waits 29 s for ``$connect`` to answer."""


class ConnectionStore:
    """Knows which consoles are connected.

    All rows share one partition, so that they are listed without a scan. The partition's 1 000 writes a second are
    twice what API Gateway lets connect in an account (500 a second).
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def add(self, connection_id: str, identity: Identity, *, moment: datetime) -> None:
        """Remember a connection."""
        with unavailable_as("the connection store"):
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    "hub": {"S": _HUB},
                    "connection_id": {"S": connection_id},
                    "role": {"S": identity.role.value},
                    "key_id": {"S": identity.key_id},
                    "expires_at": {"N": str(epoch_seconds(moment + CONNECTION_LIFE))},
                },
            )

    def remove(self, connection_id: str) -> None:
        """Forget a connection. Forgetting twice is fine."""
        with unavailable_as("the connection store"):
            self._dynamodb.delete_item(
                TableName=self._table, Key={"hub": {"S": _HUB}, "connection_id": {"S": connection_id}}
            )

    def remove_gone(self, connection_id: str, *, moment: datetime) -> None:
        """Forget a connection that the gateway called gone, unless it is new.

        A connection is remembered before the gateway has opened it, and until then the gateway calls it gone too.
        """
        opening = epoch_seconds(moment - OPENING_TIME + CONNECTION_LIFE)
        try:
            self._dynamodb.delete_item(
                TableName=self._table,
                Key={"hub": {"S": _HUB}, "connection_id": {"S": connection_id}},
                ConditionExpression="expires_at <= :opening",
                ExpressionAttributeValues={":opening": {"N": str(opening)}},
            )
        except ClientError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                raise UnavailableError("the connection store does not answer") from error

    def ids(self, *, moment: datetime) -> Iterator[str]:
        """Yield the ids of all connections that can still be open."""
        now = epoch_seconds(moment)
        with unavailable_as("the connection store"):
            for page in self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="hub = :hub",
                ExpressionAttributeValues={":hub": {"S": _HUB}},
            ):
                for row in page["Items"]:
                    if int(row["expires_at"]["N"]) > now:
                        yield row["connection_id"]["S"]
