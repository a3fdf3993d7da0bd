"""The Models table: which versions exist, which one serves, which one is tried, and who changed that.

Versions never change. Aliases move by conditional write, in one transaction with an audit entry, so of two people who
move an alias at once one wins and the other is told.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from botocore.exceptions import ClientError

from hookline_core import challenger as challengers
from hookline_core.challenger import CHALLENGER_KEY, Challenger
from hookline_core.clock import isoformat
from hookline_core.errors import ConflictError, UnavailableError
from hookline_core.ids import NEWEST_ID, new_id
from hookline_core.stores.aws import error_code, unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, PutTypeDef, TransactWriteItemTypeDef

Status = Literal["candidate", "refused"]
"""``refused``: the gate found it worse than the champion. A refused version cannot be promoted."""

Action = Literal["retrain", "promote", "rollback", "challenge", "withdraw"]
"""What an audit entry tells of: a version was made, the champion moved, the challenger was set or taken away."""

CHAMPION_KEY: "dict[str, AttributeValueTypeDef]" = {"pk": {"S": "alias"}, "sk": {"S": "champion"}}

_WHAT = "the model registry"
_REFUSALS = frozenset({"TransactionCanceledException", "TransactionConflictException"})


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """What the registry knows of a version.

    Parameters
    ----------
    metrics
        What the gate measured, by name.
    data
        Counts of what it was trained on, by name.
    thresholds
        Margins (log-odds) at which the score is 40, 70 and 90, and the calibration of the probability.
    refusal
        Code of why the gate refused it; empty if it did not.
    """

    version: str
    parent: str
    created_at: str
    created_by: str
    status: Status
    reason: str
    metrics: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    refusal: str = ""
    rules_version: str = ""
    code_version: str = ""


@dataclass(frozen=True, slots=True)
class Pointer:
    """The version behind an alias, and since when."""

    version: str
    updated_at: str
    updated_by: str


@dataclass(frozen=True, slots=True)
class Aliases:
    """The aliases that are set."""

    champion: Pointer | None = None
    previous: Pointer | None = None
    challenger: Challenger | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who changed what in the registry."""

    audit_id: str
    at: str
    by: str
    action: Action
    version: str
    detail: str


class Registry:
    """Reads and changes the registry of models."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def aliases(self) -> Aliases:
        """Return where the aliases point."""
        with unavailable_as(_WHAT):
            answer = self._dynamodb.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": "alias"}},
                ConsistentRead=True,
            )
        rows = {row["sk"]["S"]: row for row in answer["Items"]}
        return Aliases(
            champion=_to_pointer(rows.get("champion")),
            previous=_to_pointer(rows.get("previous")),
            challenger=challengers.from_row(rows["challenger"]) if "challenger" in rows else None,
        )

    def versions(self) -> list[ModelVersion]:
        """Return all versions made by retraining, newest first."""
        rows: list[dict[str, Any]] = []
        with unavailable_as(_WHAT):
            for page in self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": "version"}},
            ):
                rows.extend(page["Items"])
        return sorted(map(_to_version, rows), key=lambda entry: entry.created_at, reverse=True)

    def version(self, version: str) -> ModelVersion | None:
        """Return one version, if retraining made it."""
        with unavailable_as(_WHAT):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key={"pk": {"S": "version"}, "sk": {"S": version}}, ConsistentRead=True
            )
        row = answer.get("Item")
        return _to_version(row) if row else None

    def add(self, entry: ModelVersion, *, moment: datetime) -> None:
        """Enter a new version.

        Raises
        ------
        ConflictError
            If the version is there already.
        """
        told = AuditEntry(new_id(moment), isoformat(moment), entry.created_by, "retrain", entry.version, entry.reason)
        put: PutTypeDef = {
            "TableName": self._table,
            "Item": _to_row(entry),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        self._transact([{"Put": put}, self._told(told)], refused=f"model version {entry.version} exists")

    def promote(
        self,
        version: str,
        *,
        seen: Aliases,
        fallback: str,
        actor: str,
        moment: datetime,
        action: Literal["promote", "rollback"] = "promote",
    ) -> None:
        """Make a version the champion, and what was the champion the previous one.

        A challenger that becomes the champion is no challenger any more.

        Parameters
        ----------
        seen
            The aliases as the caller saw them.
        fallback
            The version that served while the champion's alias was not set.
        actor
            Public id of the key that asks.

        Raises
        ------
        ConflictError
            If the champion has changed since the caller looked.
        """
        now = isoformat(moment)
        move: PutTypeDef = {"TableName": self._table, "Item": _alias("champion", version, now, actor)}
        if seen.champion is None:
            move["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            move["ConditionExpression"] = "version = :champion"
            move["ExpressionAttributeValues"] = {":champion": {"S": seen.champion.version}}
        served = seen.champion.version if seen.champion else fallback
        told = AuditEntry(new_id(moment), now, actor, action, version, f"{served} served before.")
        writes: list[TransactWriteItemTypeDef] = [
            {"Put": move},
            {"Put": {"TableName": self._table, "Item": _alias("previous", served, now, actor)}},
            self._told(told),
        ]
        if seen.challenger and seen.challenger.version == version:
            writes.append({"Delete": _unchanged(seen.challenger) | {"TableName": self._table, "Key": CHALLENGER_KEY}})
        self._transact(writes, refused="the champion has changed meanwhile; look again before promoting")

    def challenge(self, challenger: Challenger, *, seen: Challenger | None, actor: str, moment: datetime) -> None:
        """Set the challenger.

        Parameters
        ----------
        seen
            The challenger as the caller saw it.

        Raises
        ------
        ConflictError
            If the challenger has changed since the caller looked.
        """
        now = isoformat(moment)
        named = replace(challenger, updated_at=now, updated_by=actor)
        share = f"live for {challenger.percent:g} % of the senders" if challenger.mode == "live" else "in the shadow"
        told = AuditEntry(new_id(moment), now, actor, "challenge", challenger.version, f"Tried {share}.")
        put: PutTypeDef = _unchanged(seen) | {"TableName": self._table, "Item": challengers.to_row(named)}
        self._transact([{"Put": put}, self._told(told)], refused="the challenger has changed meanwhile; look again")

    def withdraw(self, seen: Challenger, *, actor: str, moment: datetime) -> None:
        """Take the challenger away.

        Raises
        ------
        ConflictError
            If the challenger has changed since the caller looked.
        """
        told = AuditEntry(new_id(moment), isoformat(moment), actor, "withdraw", seen.version, "No longer tried.")
        delete: TransactWriteItemTypeDef = {
            "Delete": _unchanged(seen) | {"TableName": self._table, "Key": CHALLENGER_KEY}
        }
        self._transact([delete, self._told(told)], refused="the challenger has changed meanwhile; look again")

    def audit(self, *, limit: int, before: str | None = None) -> list[AuditEntry]:
        """Return up to ``limit`` entries older than the one with the id ``before``, newest first."""
        with unavailable_as(_WHAT):
            answer = self._dynamodb.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND sk < :before",
                ExpressionAttributeValues={":pk": {"S": "audit"}, ":before": {"S": before or NEWEST_ID}},
                ScanIndexForward=False,
                Limit=limit,
            )
        return [_to_audit(row) for row in answer["Items"]]

    def _told(self, entry: AuditEntry) -> "TransactWriteItemTypeDef":
        row: dict[str, AttributeValueTypeDef] = {
            "pk": {"S": "audit"},
            "sk": {"S": entry.audit_id},
            "at": {"S": entry.at},
            "by": {"S": entry.by},
            "action": {"S": entry.action},
            "version": {"S": entry.version},
            "detail": {"S": entry.detail},
        }
        return {"Put": {"TableName": self._table, "Item": row}}

    def _transact(self, writes: "list[TransactWriteItemTypeDef]", *, refused: str) -> None:
        try:
            self._dynamodb.transact_write_items(TransactItems=writes)
        except ClientError as error:
            if error_code(error) in _REFUSALS:
                raise ConflictError(refused) from error
            raise UnavailableError(f"{_WHAT} does not answer") from error


def _unchanged(seen: Challenger | None) -> Any:  # noqa: ANN401  # keywords of two kinds of write
    """Return the condition that the challenger is still as it was seen."""
    if seen is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "version = :version AND updated_at = :updated_at",
        "ExpressionAttributeValues": {":version": {"S": seen.version}, ":updated_at": {"S": seen.updated_at}},
    }


def _alias(
    name: Literal["champion", "previous"], version: str, now: str, actor: str
) -> "dict[str, AttributeValueTypeDef]":
    return {
        "pk": {"S": "alias"},
        "sk": {"S": name},
        "version": {"S": version},
        "updated_at": {"S": now},
        "updated_by": {"S": actor},
    }


def _to_pointer(row: Mapping[str, Any] | None) -> Pointer | None:
    return Pointer(row["version"]["S"], row["updated_at"]["S"], row["updated_by"]["S"]) if row else None


def _to_audit(row: Mapping[str, Any]) -> AuditEntry:
    return AuditEntry(
        audit_id=row["sk"]["S"],
        at=row["at"]["S"],
        by=row["by"]["S"],
        action=cast("Action", row["action"]["S"]),
        version=row["version"]["S"],
        detail=row["detail"]["S"],
    )


_TEXTS = ("parent", "created_at", "created_by", "status", "reason", "refusal", "rules_version", "code_version")
_OBJECTS = ("metrics", "data", "thresholds")


def _to_row(entry: ModelVersion) -> "dict[str, AttributeValueTypeDef]":
    row: dict[str, AttributeValueTypeDef] = {"pk": {"S": "version"}, "sk": {"S": entry.version}}
    row |= {name: {"S": getattr(entry, name)} for name in _TEXTS}
    return row | {name: {"S": json.dumps(dict(getattr(entry, name)))} for name in _OBJECTS}


def _to_version(row: Mapping[str, Any]) -> ModelVersion:
    # Rows of before a field was there lack it.
    texts = {name: row[name]["S"] for name in _TEXTS if name in row}
    objects = {name: json.loads(row[name]["S"]) for name in _OBJECTS if name in row}
    return ModelVersion(version=row["sk"]["S"], **texts, **objects)
