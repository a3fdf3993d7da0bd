"""The Messages table: every message analysed, with its verdict, newest first."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hookline_core.contracts import Message
from hookline_core.errors import ConflictError, UnavailableError
from hookline_core.ids import NEWEST_ID
from hookline_core.stores.aws import error_code, unavailable_as
from hookline_core.stores.batch import put_all
from hookline_core.stores.records import SHARDS, from_record, to_record

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, UpdateTypeDef

BY_TIME = "by_time"
BY_SENDER = "by_sender"
_PAGES_READ = 24
"""Index pages that one list request may read; a rare filter over a long time answers short pages with a cursor."""


class SenderChangedError(ConflictError):
    """The sender was put on the allow list between reading and writing."""


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """What a list shows. ``None`` stands for everything."""

    level: str | None = None
    category: str | None = None
    phone_number: str | None = None
    oldest_id: str = ""
    newest_id: str = NEWEST_ID


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A page of messages, newest first, and the id below which the next page begins."""

    items: list[Message]
    next_before: str | None


class MessageStore:
    """Writes messages once and lists them.

    Parameters
    ----------
    retention_seconds
        How long a message is kept.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, *, retention_seconds: int) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._retention_seconds = retention_seconds

    def put(self, message: Message, *, moment: datetime) -> None:
        """Keep a message."""
        with unavailable_as("the message store"):
            self._dynamodb.put_item(TableName=self._table, Item=self._record(message, moment))

    def put_with_block(self, message: Message, block: "UpdateTypeDef", *, moment: datetime) -> None:
        """Keep a message and put its sender on the block list: both, or neither.

        Raises
        ------
        SenderChangedError
            If the sender was put on the allow list in the meantime.
        """
        record = self._record(message, moment)
        try:
            self._dynamodb.transact_write_items(
                TransactItems=[{"Put": {"TableName": self._table, "Item": record}}, {"Update": block}],
                ClientRequestToken=message.message_id,
            )
        except ClientError as error:
            reasons = error.response.get("CancellationReasons", [])
            if error_code(error) == "TransactionCanceledException" and any(
                reason.get("Code") == "ConditionalCheckFailed" for reason in reasons
            ):
                raise SenderChangedError("the sender was put on the allow list meanwhile") from error
            raise UnavailableError("the message store does not answer") from error

    def put_many(self, messages: Sequence[Message], *, moment: datetime) -> None:
        """Keep several messages, 25 a call.

        Raises
        ------
        UnavailableError
            If the table keeps refusing some of them.
        """
        rows = [self._record(message, moment) for message in messages]
        put_all(self._dynamodb, self._table, rows, what="the message store")

    def get(self, message_id: str, *, moment: datetime) -> Message | None:
        """Return a message, unless it has expired."""
        with unavailable_as("the message store"):
            answer = self._dynamodb.get_item(TableName=self._table, Key={"message_id": {"S": message_id}})
        row = answer.get("Item")
        return from_record(row) if row and int(row["expires_at"]["N"]) > moment.timestamp() else None

    def page(self, wanted: MessageFilter, *, limit: int, before: str | None, moment: datetime) -> MessagePage:
        """Return up to ``limit`` messages older than ``before``, newest first.

        The time index has several partitions; their pages are merged by id, and each page's end takes part in the
        merge as a mark. Whenever a mark comes up, all that is newer has been seen, so the next request may begin there.
        """
        newest = min(wanted.newest_id, before or NEWEST_ID)
        pages = _Budget(_PAGES_READ)
        partitions = (
            [self._partition(BY_SENDER, "phone_number", wanted.phone_number, wanted, newest, limit, moment, pages)]
            if wanted.phone_number is not None
            else [self._partition(BY_TIME, "shard", shard, wanted, newest, limit, moment, pages) for shard in SHARDS]
        )
        items: list[Message] = []
        for key, row in heapq.merge(*partitions, key=lambda entry: entry[0], reverse=True):
            if row is None:
                if pages.spent:
                    return MessagePage(items, key)
            elif key != before:
                items.append(from_record(row))
                if len(items) == limit:
                    return MessagePage(items, key)
        return MessagePage(items, None)

    def _partition(
        self,
        index: str,
        attribute: str,
        value: str,
        wanted: MessageFilter,
        newest: str,
        limit: int,
        moment: datetime,
        pages: "_Budget",
    ) -> Iterator[tuple[str, dict[str, Any] | None]]:
        """Yield ``(id, row)`` of one index partition, newest first, and ``(id, None)`` at each page's end."""
        filters = ["expires_at > :now"]
        values: dict[str, Any] = {
            ":value": {"S": value},
            ":oldest": {"S": wanted.oldest_id or "0"},
            ":newest": {"S": newest},
            ":now": {"N": str(int(moment.timestamp()))},
        }
        for name, choice in (("risk_level", wanted.level), ("category_code", wanted.category)):
            if choice is not None:
                filters.append(f"{name} = :{name}")
                values[f":{name}"] = {"S": choice}
        request: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": index,
            "KeyConditionExpression": "#partition = :value AND message_id BETWEEN :oldest AND :newest",
            "ExpressionAttributeNames": {"#partition": attribute},
            "FilterExpression": " AND ".join(filters),
            "ExpressionAttributeValues": values,
            "ScanIndexForward": False,
            # One more than asked for: the row at the cursor itself is read again and dropped.
            "Limit": limit + 1,
        }
        if wanted.oldest_id > newest:
            return
        while True:
            with unavailable_as("the message store"):
                answer = self._dynamodb.query(**request)
            pages.take()
            for row in answer["Items"]:
                yield row["message_id"]["S"], row
            last = answer.get("LastEvaluatedKey")
            if last is None:
                return
            yield last["message_id"]["S"], None
            request["ExclusiveStartKey"] = last

    def _record(self, message: Message, moment: datetime) -> "dict[str, AttributeValueTypeDef]":
        return to_record(message, expires_at=int(moment.timestamp()) + self._retention_seconds)


class _Budget:
    """Counts the index pages that a request has read."""

    def __init__(self, pages: int) -> None:
        self._left = pages

    def take(self) -> None:
        self._left -= 1

    @property
    def spent(self) -> bool:
        return self._left <= 0
