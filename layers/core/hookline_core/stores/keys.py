"""The Keys table: what stands behind an API key, by the key's hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from botocore.exceptions import ClientError

from hookline_core.clock import epoch_seconds, isoformat
from hookline_core.errors import ConflictError, UnavailableError
from hookline_core.identity import Identity, Role
from hookline_core.stores.access import KEY_ID_DIGITS, digest, key_id
from hookline_core.stores.aws import error_code, unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Plan = Literal["standard", "staff"]
"""The usage plans that a key's requests are counted on."""

Stored = Literal["active", "revoked"]
"""What is stored of a key's state; that a key has expired follows from its time."""

State = Literal["active", "revoked", "expired"]

ACCOUNT = "account"
"""Whoever has the AWS account, and so needs no key."""

BY_STATUS = "by_status"
STATES: tuple[Stored, ...] = ("active", "revoked")
"""In the order of the list: what works comes first."""

_WHAT = "the key store"


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key, as it is known without the key itself.

    Parameters
    ----------
    api_key_id
        Its id in API Gateway; None once it is gone from there.
    expires_at
        Epoch seconds from which the key opens nothing.
    last_used_at
        ISO moment of a use, at most an hour older than the last one.
    created_by, revoked_by
        Public id of the key that asked for it, or ``account`` if somebody with the AWS account did it.
    """

    key_hash: str
    name: str
    role: Role
    plan: Plan
    status: Stored
    created_at: str
    api_key_id: str | None = None
    expires_at: int | None = None
    last_used_at: str | None = None
    created_by: str = ACCOUNT
    revoked_at: str | None = None
    revoked_by: str | None = None

    @property
    def identity(self) -> Identity:
        """Who calls with this key."""
        return Identity(key_id=key_id(self.key_hash), role=self.role)

    def state_at(self, moment: datetime) -> State:
        """Return the key's state at a moment."""
        if self.status == "active" and self.expires_at is not None and self.expires_at <= epoch_seconds(moment):
            return "expired"
        return self.status


def _row(entry: KeyEntry) -> dict[str, "AttributeValueTypeDef"]:
    row: dict[str, AttributeValueTypeDef] = {
        "key_hash": {"S": entry.key_hash},
        "name": {"S": entry.name},
        "role": {"S": entry.role.value},
        "plan": {"S": entry.plan},
        "status": {"S": entry.status},
        "created_at": {"S": entry.created_at},
        "created_by": {"S": entry.created_by},
    }
    if entry.expires_at is not None:
        row["expires_at"] = {"N": str(entry.expires_at)}
    if entry.api_key_id is not None:
        row["api_key_id"] = {"S": entry.api_key_id}
    return row


def _entry(row: Mapping[str, Any]) -> KeyEntry:
    def text(name: str) -> str | None:
        return str(row[name]["S"]) if name in row else None

    return KeyEntry(
        key_hash=row["key_hash"]["S"],
        name=row["name"]["S"],
        role=Role(row["role"]["S"]),
        plan=cast("Plan", row["plan"]["S"]),
        status=cast("Stored", row["status"]["S"]),
        created_at=row["created_at"]["S"],
        api_key_id=text("api_key_id"),
        expires_at=int(row["expires_at"]["N"]) if "expires_at" in row else None,
        last_used_at=text("last_used_at"),
        created_by=text("created_by") or ACCOUNT,
        revoked_at=text("revoked_at"),
        revoked_by=text("revoked_by"),
    )


class KeyStore:
    """Keeps what is known of keys. Rows stay for good: they tell who made and revoked what."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def behind(self, key: str) -> KeyEntry | None:
        """Return what stands behind a key itself."""
        with unavailable_as(_WHAT):
            answer = self._dynamodb.get_item(TableName=self._table, Key={"key_hash": {"S": digest(key)}})
        row = answer.get("Item")
        return _entry(row) if row else None

    def find(self, wanted: str) -> KeyEntry | None:
        """Return a key by its public id."""
        if len(wanted) != KEY_ID_DIGITS:
            return None
        return next((entry for status in STATES for entry in self._beginning(wanted, status)), None)

    def add(self, entry: KeyEntry) -> None:
        """Keep a new key."""
        with unavailable_as(_WHAT):
            self._dynamodb.put_item(TableName=self._table, Item=_row(entry))

    def page(self, status: Stored, *, limit: int, after: str | None) -> tuple[list[KeyEntry], str | None]:
        """Return up to ``limit`` keys of a status in the order of their hashes, and where the next page begins.

        Parameters
        ----------
        after
            Hash of the last key of the page before.
        """
        start: Any = {"ExclusiveStartKey": {"status": {"S": status}, "key_hash": {"S": after}}} if after else {}
        with unavailable_as(_WHAT):
            answer = self._dynamodb.query(
                TableName=self._table,
                IndexName=BY_STATUS,
                KeyConditionExpression="#status = :status",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={":status": {"S": status}},
                Limit=limit,
                **start,
            )
        last = answer.get("LastEvaluatedKey")
        return [_entry(row) for row in answer["Items"]], last["key_hash"]["S"] if last else None

    def revoke(self, entry: KeyEntry, *, moment: datetime, by: str) -> None:
        """Mark a key as revoked.

        An admin's key is revoked only while another one works, also when two admins revoke each other's keys at once.

        Raises
        ------
        ConflictError
            If it is the last admin's key that works, or somebody else changed it or the other one just now.
        """
        values: dict[str, AttributeValueTypeDef] = {
            ":active": {"S": "active"},
            ":revoked": {"S": "revoked"},
            ":now": {"S": isoformat(moment)},
            ":by": {"S": by},
        }
        change: Any = {
            "Update": {
                "TableName": self._table,
                "Key": {"key_hash": {"S": entry.key_hash}},
                "UpdateExpression": "SET #status = :revoked, revoked_at = :now, revoked_by = :by",
                "ConditionExpression": "#status = :active",
                "ExpressionAttributeNames": {"#status": "status"},
                "ExpressionAttributeValues": values,
            }
        }
        checks = [self._stays_active(self._other_admin(entry, moment))] if entry.role is Role.ADMIN else []
        try:
            self._dynamodb.transact_write_items(TransactItems=[change, *checks])
        except ClientError as error:
            if error_code(error) in {"TransactionCanceledException", "TransactionInProgressException"}:
                raise ConflictError("A key changed at the same time. Look again.") from error
            raise UnavailableError(f"{_WHAT} does not answer") from error

    def forget_api_key(self, entry: KeyEntry) -> None:
        """Note that a revoked key is gone from API Gateway."""
        with unavailable_as(_WHAT):
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"key_hash": {"S": entry.key_hash}},
                UpdateExpression="REMOVE api_key_id",
                ConditionExpression="attribute_exists(key_hash)",
            )

    def note_use(self, entry: KeyEntry, *, moment: datetime) -> None:
        """Note that a key was used, unless somebody else has just done so."""
        last: dict[str, AttributeValueTypeDef] = {":last": {"S": entry.last_used_at}} if entry.last_used_at else {}
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"key_hash": {"S": entry.key_hash}},
                UpdateExpression="SET last_used_at = :now",
                ConditionExpression="attribute_exists(key_hash) AND "
                + ("last_used_at = :last" if last else "attribute_not_exists(last_used_at)"),
                ExpressionAttributeValues={":now": {"S": isoformat(moment)}, **last},
            )
        except ClientError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                raise UnavailableError(f"{_WHAT} does not answer") from error

    def _beginning(self, beginning: str, status: Stored) -> list[KeyEntry]:
        with unavailable_as(_WHAT):
            answer = self._dynamodb.query(
                TableName=self._table,
                IndexName=BY_STATUS,
                KeyConditionExpression="#status = :status AND begins_with(key_hash, :beginning)",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={":status": {"S": status}, ":beginning": {"S": beginning}},
            )
        return [_entry(row) for row in answer["Items"]]

    def _other_admin(self, entry: KeyEntry, moment: datetime) -> KeyEntry:
        after: str | None = None
        while True:
            entries, after = self.page("active", limit=100, after=after)
            for other in entries:
                admin = other.role is Role.ADMIN and other.key_hash != entry.key_hash
                if admin and other.state_at(moment) == "active":
                    return other
            if after is None:
                raise ConflictError("This is the last admin's key that works. Make another one first.")

    def _stays_active(self, entry: KeyEntry) -> Any:  # noqa: ANN401  # a part of boto3's transactions
        return {
            "ConditionCheck": {
                "TableName": self._table,
                "Key": {"key_hash": {"S": entry.key_hash}},
                "ConditionExpression": "#status = :active",
                "ExpressionAttributeNames": {"#status": "status"},
                "ExpressionAttributeValues": {":active": {"S": "active"}},
            }
        }
