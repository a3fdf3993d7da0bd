"""The Models table: which versions exist, and which one serves.

Versions never change. Aliases move by conditional write, in one transaction with an audit entry, so of two people who
move an alias at once one wins and the other is told.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from botocore.exceptions import ClientError

from hookline_core.clock import isoformat
from hookline_core.errors import ConflictError, UnavailableError
from hookline_core.ids import new_id
from hookline_core.stores.aws import error_code, unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, PutTypeDef, TransactWriteItemTypeDef

Alias = Literal["champion", "previous"]
Status = Literal["candidate", "refused"]
"""``refused``: the gate found it worse than the champion. A refused version cannot be promoted."""

CHAMPION_KEY: "dict[str, AttributeValueTypeDef]" = {"pk": {"S": "alias"}, "sk": {"S": "champion"}}


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """What the registry knows of a version.

    Parameters
    ----------
    metrics
        What the gate measured, by name.
    data
        Counts of what it was trained on, by name.
    """

    version: str
    parent: str
    created_at: str
    created_by: str
    status: Status
    reason: str
    metrics: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


class Registry:
    """Reads and changes the registry of models."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def aliases(self) -> dict[Alias, str]:
        """Return the version behind each alias that is set."""
        with unavailable_as("the model registry"):
            answer = self._dynamodb.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": "alias"}},
                ConsistentRead=True,
            )
        return {cast("Alias", row["sk"]["S"]): row["version"]["S"] for row in answer["Items"]}

    def versions(self) -> list[ModelVersion]:
        """Return all versions made by retraining, newest first."""
        rows: list[dict[str, Any]] = []
        with unavailable_as("the model registry"):
            for page in self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": "version"}},
            ):
                rows.extend(page["Items"])
        return sorted(map(_to_version, rows), key=lambda entry: entry.created_at, reverse=True)

    def version(self, version: str) -> ModelVersion | None:
        """Return one version, if retraining made it."""
        with unavailable_as("the model registry"):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key={"pk": {"S": "version"}, "sk": {"S": version}}, ConsistentRead=True
            )
        row = answer.get("Item")
        return _to_version(row) if row else None

    def add(self, entry: ModelVersion) -> None:
        """Enter a new version.

        Raises
        ------
        ConflictError
            If the version is there already.
        """
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    "pk": {"S": "version"},
                    "sk": {"S": entry.version},
                    "parent": {"S": entry.parent},
                    "created_at": {"S": entry.created_at},
                    "created_by": {"S": entry.created_by},
                    "status": {"S": entry.status},
                    "reason": {"S": entry.reason},
                    "metrics": {"S": json.dumps(dict(entry.metrics))},
                    "data": {"S": json.dumps(dict(entry.data))},
                },
                ConditionExpression="attribute_not_exists(pk)",
            )
        except ClientError as error:
            if error_code(error) == "ConditionalCheckFailedException":
                raise ConflictError(f"model version {entry.version} exists") from error
            raise UnavailableError("the model registry does not answer") from error

    def promote(self, version: str, *, champion: str | None, fallback: str, actor: str, moment: datetime) -> None:
        """Make a version the champion, and what was the champion the previous one.

        Parameters
        ----------
        champion
            The champion that the caller saw; ``None`` if the alias was not set.
        fallback
            The version that served while the alias was not set.
        actor
            Public id of the key that asks.

        Raises
        ------
        ConflictError
            If the champion has changed since the caller looked.
        """
        now = isoformat(moment)
        move: PutTypeDef = {"TableName": self._table, "Item": _alias("champion", version, now, actor)}
        if champion is None:
            move["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            move["ConditionExpression"] = "version = :champion"
            move["ExpressionAttributeValues"] = {":champion": {"S": champion}}
        served = champion or fallback
        writes: list[TransactWriteItemTypeDef] = [
            {"Put": move},
            {"Put": {"TableName": self._table, "Item": _alias("previous", served, now, actor)}},
            {
                "Put": {
                    "TableName": self._table,
                    "Item": {
                        "pk": {"S": "audit"},
                        "sk": {"S": new_id(moment)},
                        "action": {"S": "promote"},
                        "actor": {"S": actor},
                        "from": {"S": served},
                        "to": {"S": version},
                        "at": {"S": now},
                    },
                }
            },
        ]
        try:
            self._dynamodb.transact_write_items(TransactItems=writes)
        except ClientError as error:
            if error_code(error) in {"TransactionCanceledException", "TransactionConflictException"}:
                raise ConflictError("the champion has changed meanwhile; look again before promoting") from error
            raise UnavailableError("the model registry does not answer") from error


def _alias(name: Alias, version: str, now: str, actor: str) -> "dict[str, AttributeValueTypeDef]":
    return {
        "pk": {"S": "alias"},
        "sk": {"S": name},
        "version": {"S": version},
        "updated_at": {"S": now},
        "updated_by": {"S": actor},
    }


def _to_version(row: Mapping[str, Any]) -> ModelVersion:
    return ModelVersion(
        version=row["sk"]["S"],
        parent=row["parent"]["S"],
        created_at=row["created_at"]["S"],
        created_by=row["created_by"]["S"],
        status=cast("Status", row["status"]["S"]),
        reason=row["reason"]["S"],
        metrics=json.loads(row["metrics"]["S"]),
        data=json.loads(row["data"]["S"]),
    )
