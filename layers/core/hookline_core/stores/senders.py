"""The Senders table: who is on the block or allow list, why, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from hookline_core.clock import epoch_seconds, isoformat
from hookline_core.contracts import ListName
from hookline_core.stores.aws import unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, UpdateTypeDef

BY_LIST = "by_list"


@dataclass(frozen=True, slots=True)
class SenderEntry:
    """A sender on a list.

    Parameters
    ----------
    phone_number
        E.164, or a short code's digits.
    list
        The list it is on.
    reason
        Why, in the words of who put it there.
    added_by
        A key's public id, or ``automatic``.
    updated_at
        ISO moment of the last change.
    evidence
        Id of the message that put it there, if one did.
    strikes
        Critical messages seen from this sender.
    expires_at
        Epoch seconds after which the entry no longer counts.
    """

    phone_number: str
    list: ListName
    reason: str
    added_by: str
    updated_at: str
    evidence: str | None = None
    strikes: int = 0
    expires_at: int | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Tell whether the entry counts at a moment. Expired rows stay readable for days, so this is always asked."""
        return self.expires_at is None or self.expires_at > epoch_seconds(moment)


def to_entry(row: Mapping[str, Any]) -> SenderEntry:
    """Read an entry from its table row."""
    expires_at = row.get("expires_at")
    evidence = row.get("evidence")
    return SenderEntry(
        phone_number=row["phone_number"]["S"],
        list=cast("ListName", row["list"]["S"]),
        reason=row["reason"]["S"],
        added_by=row["added_by"]["S"],
        updated_at=row["updated_at"]["S"],
        evidence=evidence["S"] if evidence else None,
        strikes=int(row.get("strikes", {"N": "0"})["N"]),
        expires_at=int(expires_at["N"]) if expires_at else None,
    )


def automatic_block(table: str, phone_number: str, *, evidence: str, reason: str, moment: datetime) -> "UpdateTypeDef":
    """Return the transaction part that puts a sender on the block list, unless it is on the allow list.

    It fails (``ConditionalCheckFailed``) if the sender was allowed since it was read: the allow list wins.
    An expired entry of either list does not count.
    """
    return {
        "TableName": table,
        "Key": {"phone_number": {"S": phone_number}},
        "UpdateExpression": (
            "SET #list = :block, reason = :reason, added_by = :automatic, updated_at = :now, evidence = :evidence "
            "REMOVE expires_at ADD strikes :one"
        ),
        "ConditionExpression": "attribute_not_exists(#list) OR #list = :block OR expires_at <= :seconds",
        "ExpressionAttributeNames": {"#list": "list"},
        "ExpressionAttributeValues": {
            ":block": {"S": "block"},
            ":reason": {"S": reason},
            ":automatic": {"S": "automatic"},
            ":now": {"S": isoformat(moment)},
            ":evidence": {"S": evidence},
            ":one": {"N": "1"},
            ":seconds": {"N": str(epoch_seconds(moment))},
        },
    }


def listed_for(
    table: str, phone_number: str, name: ListName, *, evidence: str, reason: str, added_by: str, moment: datetime
) -> "UpdateTypeDef":
    """Return the transaction part that puts a sender on a list, on an analyst's word about one of its messages.

    It takes the place of what was there, keeps the strikes, and does not expire.
    """
    return {
        "TableName": table,
        "Key": {"phone_number": {"S": phone_number}},
        "UpdateExpression": (
            "SET #list = :list, reason = :reason, added_by = :added_by, updated_at = :now, evidence = :evidence, "
            "strikes = if_not_exists(strikes, :zero) REMOVE expires_at"
        ),
        "ExpressionAttributeNames": {"#list": "list"},
        "ExpressionAttributeValues": {
            ":list": {"S": name},
            ":reason": {"S": reason},
            ":added_by": {"S": added_by},
            ":now": {"S": isoformat(moment)},
            ":evidence": {"S": evidence},
            ":zero": {"N": "0"},
        },
    }


class SenderStore:
    """Reads and changes entries one at a time, on an analyst's word."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def get(self, phone_number: str, *, moment: datetime) -> SenderEntry | None:
        """Return a sender's entry, if it is on a list at a moment."""
        with unavailable_as("the sender store"):
            answer = self._dynamodb.get_item(TableName=self._table, Key={"phone_number": {"S": phone_number}})
        row = answer.get("Item")
        entry = to_entry(row) if row else None
        return entry if entry and entry.holds_at(moment) else None

    def put(self, entry: SenderEntry) -> SenderEntry:
        """Put a sender on a list, keep its strikes, and return the entry as stored."""
        values: dict[str, AttributeValueTypeDef] = {
            ":list": {"S": entry.list},
            ":reason": {"S": entry.reason},
            ":added_by": {"S": entry.added_by},
            ":updated_at": {"S": entry.updated_at},
            ":zero": {"N": "0"},
        }
        change = (
            "SET #list = :list, reason = :reason, added_by = :added_by, updated_at = :updated_at, "
            "strikes = if_not_exists(strikes, :zero)"
        )
        if entry.expires_at is None:
            change += " REMOVE expires_at, evidence"
        else:
            values[":expires_at"] = {"N": str(entry.expires_at)}
            change += ", expires_at = :expires_at REMOVE evidence"
        with unavailable_as("the sender store"):
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key={"phone_number": {"S": entry.phone_number}},
                UpdateExpression=change,
                ExpressionAttributeNames={"#list": "list"},
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
            )
        return to_entry(answer["Attributes"])

    def delete(self, phone_number: str) -> bool:
        """Take a sender off its list. Return whether it was on one."""
        with unavailable_as("the sender store"):
            answer = self._dynamodb.delete_item(
                TableName=self._table, Key={"phone_number": {"S": phone_number}}, ReturnValues="ALL_OLD"
            )
        return "Attributes" in answer

    def page(
        self, name: ListName, *, limit: int, after: tuple[str, str] | None, moment: datetime
    ) -> tuple[list[SenderEntry], tuple[str, str] | None]:
        """Return up to ``limit`` entries of a list, last changed first, and where the next page begins.

        Parameters
        ----------
        after
            ``(updated_at, phone_number)`` of the last entry of the page before.
        """
        start: dict[str, AttributeValueTypeDef] = {}
        if after:
            start = {"list": {"S": name}, "updated_at": {"S": after[0]}, "phone_number": {"S": after[1]}}
        with unavailable_as("the sender store"):
            answer = self._dynamodb.query(
                TableName=self._table,
                IndexName=BY_LIST,
                KeyConditionExpression="#list = :list",
                ExpressionAttributeNames={"#list": "list"},
                ExpressionAttributeValues={":list": {"S": name}},
                ScanIndexForward=False,
                Limit=limit,
                **({"ExclusiveStartKey": start} if start else {}),  # type: ignore[arg-type]  # keyword left out, not None
            )
        entries = [entry for entry in map(to_entry, answer["Items"]) if entry.holds_at(moment)]
        last = answer.get("LastEvaluatedKey")
        return entries, (last["updated_at"]["S"], last["phone_number"]["S"]) if last else None
