"""A message as the Messages table keeps it.

The whole message is one JSON attribute, ``body``; beside it stand only the attributes that indexes, filters and the
TTL need. A reader never has to put a message together from columns, and a number never passes through ``Decimal``.

What people say about a message comes later and changes, so it stands beside the body: ``feedback`` (JSON) and
``judged`` (its verdict, for filters) while there is any; ``turn`` counts its changes and ``changed_at`` dates the last.
``waiting`` is there while a message that needs an analyst's word has none, and holds its partition of the review index.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zlib import crc32

from hookline_core.contracts import Feedback, Message, Shadow

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

SHARDS = ("0", "1", "2", "3")
"""Partitions of the time index. More can be added later; fewer would hide messages."""


def shard_of(message_id: str) -> str:
    """Return the partition of the time index that a message belongs to."""
    return SHARDS[crc32(message_id.encode()) % len(SHARDS)]


REVIEWED = frozenset({"High", "Critical"})
"""Levels of messages that wait for an analyst's word."""


def to_record(message: Message, *, expires_at: int) -> "dict[str, AttributeValueTypeDef]":
    """Make the table row of a message that expires at a time in epoch seconds."""
    record: dict[str, AttributeValueTypeDef] = {
        "message_id": {"S": message.message_id},
        "shard": {"S": shard_of(message.message_id)},
        "risk_level": {"S": message.risk_level},
        "category_code": {"S": message.category_code},
        "expires_at": {"N": str(expires_at)},
        "body": {"S": message.model_dump_json(exclude={"feedback"})},
    }
    if message.risk_level in REVIEWED:
        record["waiting"] = record["shard"]
    if message.phone_number is not None:
        record["phone_number"] = {"S": message.phone_number}
    if message.shadow is not None:
        record["shadow"] = {"S": message.shadow.model_dump_json()}
    return record


def from_record(record: Mapping[str, Any]) -> Message:
    """Read a message from its table row, or from the image of that row in the table's stream."""
    message = Message.model_validate_json(record["body"]["S"])
    beside = {
        name: kind.model_validate_json(record[name]["S"])
        for name, kind in (("feedback", Feedback), ("shadow", Shadow))
        if name in record
    }
    return message.model_copy(update=beside) if beside else message
