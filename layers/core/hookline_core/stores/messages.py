"""The Messages table: every message analysed, with its verdict, newest first."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from hookline_core.contracts import Message, Opinion
from hookline_core.errors import ConflictError, UnavailableError
from hookline_core.ids import NEWEST_ID
from hookline_core.stores.aws import unavailable_as
from hookline_core.stores.batch import get_all, put_all
from hookline_core.stores.records import SHARDS, from_record, to_record
from hookline_core.stores.transactions import reasons_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, UpdateTypeDef

BY_TIME = "by_time"
BY_SENDER = "by_sender"
BY_REVIEW = "by_review"
MOST_WAITING = 10_000
"""Where counting what waits ends, so that it stays cheap."""

_WHAT = "the message store"
_ROWS_SEARCHED = 250
"""Rows of one index page when a text is looked for: the table cannot tell which rows hold it, so more are read."""

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
    judged: Opinion | Literal["none", "any"] | None = None
    waiting: bool = False
    text: str | None = None

    def conditions(self) -> tuple[list[str], dict[str, Any]]:
        """Return what the table looks at in each row, and the values for it."""
        conditions: list[str] = []
        values: dict[str, Any] = {}
        same = {"risk_level": self.level, "category_code": self.category}
        if self.waiting:
            same["phone_number"] = self.phone_number
        if self.judged == "none":
            conditions.append("attribute_not_exists(judged)")
        elif self.judged == "any":
            conditions.append("attribute_exists(judged)")
        else:
            same["judged"] = self.judged
        for name, choice in same.items():
            if choice is not None:
                conditions.append(f"{name} = :{name}")
                values[f":{name}"] = {"S": choice}
        return conditions, values

    def finds(self, message: Message) -> bool:
        """Tell whether a message holds the text that is looked for, in whatever case."""
        return self.text is None or self.text.casefold() in message.message_content.casefold()


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages wait for an analyst's word, and the id of the oldest."""

    count: int
    oldest_id: str | None


@dataclass(frozen=True, slots=True)
class _Place:
    """A partition of an index."""

    index: str
    attribute: str
    value: str


def _places(wanted: MessageFilter) -> list[_Place]:
    """Return the partitions that hold the messages, or more."""
    if wanted.waiting:
        return [_Place(BY_REVIEW, "waiting", shard) for shard in SHARDS]
    if wanted.phone_number is not None:
        return [_Place(BY_SENDER, "phone_number", wanted.phone_number)]
    return [_Place(BY_TIME, "shard", shard) for shard in SHARDS]


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
        with unavailable_as(_WHAT):
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
            if "ConditionalCheckFailed" in reasons_of(error):
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
        put_all(self._dynamodb, self._table, rows, what=_WHAT)

    def get(self, message_id: str, *, moment: datetime) -> Message | None:
        """Return a message, unless it has expired."""
        with unavailable_as(_WHAT):
            answer = self._dynamodb.get_item(TableName=self._table, Key={"message_id": {"S": message_id}})
        row = answer.get("Item")
        return from_record(row) if row and int(row["expires_at"]["N"]) > moment.timestamp() else None

    def page(self, wanted: MessageFilter, *, limit: int, before: str | None, moment: datetime) -> MessagePage:
        """Return up to ``limit`` messages older than ``before``, newest first.

        An index has several partitions; their pages are merged by id, and each page's end takes part in the merge as a
        mark. Whenever a mark comes up, all that is newer has been seen, so the next request may begin there.
        """
        newest = min(wanted.newest_id, before or NEWEST_ID)
        pages = _Budget(_PAGES_READ)
        # One more than asked for: the row at the cursor itself is read again and dropped.
        rows = limit + 1 if wanted.text is None else _ROWS_SEARCHED
        partitions = [self._partition(place, wanted, newest, rows, moment, pages) for place in _places(wanted)]
        items: list[Message] = []
        for key, row in heapq.merge(*partitions, key=lambda entry: entry[0], reverse=True):
            if row is None:
                if pages.spent:
                    return MessagePage(items, key)
            elif key != before and wanted.finds(message := from_record(row)):
                items.append(message)
                if len(items) == limit:
                    return MessagePage(items, key)
        return MessagePage(items, None)

    def waiting(self, *, moment: datetime) -> Waiting:
        """Return how many messages wait for an analyst's word, counted up to ``MOST_WAITING``, and the oldest one.

        Raises
        ------
        UnavailableError
            If the table does not answer.
        """
        oldest: list[str] = []
        count = 0
        for shard in SHARDS:
            with unavailable_as(_WHAT):
                for page in self._dynamodb.get_paginator("query").paginate(
                    TableName=self._table,
                    IndexName=BY_REVIEW,
                    KeyConditionExpression="waiting = :shard",
                    FilterExpression="expires_at > :now",
                    ExpressionAttributeValues={":shard": {"S": shard}, ":now": {"N": str(int(moment.timestamp()))}},
                    ProjectionExpression="message_id",
                ):
                    oldest += [row["message_id"]["S"] for row in page["Items"][:1]]
                    count += len(page["Items"])
                    if count >= MOST_WAITING:
                        break
        return Waiting(min(count, MOST_WAITING), min(oldest, default=None))

    def _partition(
        self,
        place: "_Place",
        wanted: MessageFilter,
        newest: str,
        rows: int,
        moment: datetime,
        pages: "_Budget",
    ) -> Iterator[tuple[str, dict[str, Any] | None]]:
        """Yield ``(id, row)`` of one index partition, newest first, and ``(id, None)`` at each page's end."""
        filters, values = wanted.conditions()
        values |= {
            ":value": {"S": place.value},
            ":oldest": {"S": wanted.oldest_id or "0"},
            ":newest": {"S": newest},
            ":now": {"N": str(int(moment.timestamp()))},
        }
        request: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": place.index,
            "KeyConditionExpression": "#partition = :value AND message_id BETWEEN :oldest AND :newest",
            "ExpressionAttributeNames": {"#partition": place.attribute},
            "FilterExpression": " AND ".join(["expires_at > :now", *filters]),
            "ExpressionAttributeValues": values,
            "ScanIndexForward": False,
            "Limit": rows,
        }
        if wanted.oldest_id > newest:
            return
        while True:
            with unavailable_as(_WHAT):
                answer = self._dynamodb.query(**request)
            pages.take()
            for row in self._whole(answer["Items"]) if place.index == BY_REVIEW else answer["Items"]:
                yield row["message_id"]["S"], row
            last = answer.get("LastEvaluatedKey")
            if last is None:
                return
            yield last["message_id"]["S"], None
            request["ExclusiveStartKey"] = last

    def _whole(self, thin: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the whole rows behind those of the review index, without those that wait no longer."""
        keys = [{"message_id": row["message_id"]} for row in thin]
        rows = {row["message_id"]["S"]: row for row in get_all(self._dynamodb, self._table, keys, what=_WHAT)}
        found = (rows.get(row["message_id"]["S"]) for row in thin)
        return [row for row in found if row and "waiting" in row]

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
