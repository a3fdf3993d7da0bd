"""The Counters table: how many messages of each level, category and score an hour brought.

One row per hour and shard. Every counter is an attribute of its own (``level:High``), so a message adds to all of
its counters in one update, together with a marker that makes a repeated stream record count once.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hookline_core.clock import hour_of, isoformat
from hookline_core.contracts import Feedback, Message
from hookline_core.errors import UnavailableError
from hookline_core.pairs import judged_counters, pair_counters
from hookline_core.stores.aws import unavailable_as
from hookline_core.stores.records import REVIEWED, SHARDS, shard_of
from hookline_core.stores.transactions import reasons_of, transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LENGTHS = (40, 80, 160, 320, 640)
"""Where the buckets of message length begin, the first one aside, in characters."""

_KEYS = frozenset({"series", "hour"})
_MARKER_SECONDS = 7 * 24 * 3600
"""Streams keep records for a day; a week leaves room for dead letters that are sent again."""


@dataclass(frozen=True, slots=True)
class HourCounts:
    """What one hour brought: counter name to count."""

    hour: str
    counts: Mapping[str, int]


def counters_of(message: Message) -> list[str]:
    """Return the names of the counters that a message adds one to."""
    decile = min(message.risk_score // 10, 9)
    return [
        "messages",
        f"level:{message.risk_level}",
        f"category:{message.category_code}",
        f"action:{message.action}",
        f"score:{decile}",
        f"length:{bisect_right(LENGTHS, len(message.message_content))}",
        *pair_counters(message),
    ]


def feedback_counters_of(message: Message, feedback: Feedback | None) -> list[str]:
    """Return the names of the counters that feedback on a message adds one to."""
    if feedback is None:
        return []
    wrong = feedback.verdict == "legitimate" and message.risk_level in REVIEWED
    judged = [] if feedback.verdict == "unsure" else judged_counters(message, scam=feedback.verdict == "scam")
    return [f"feedback:{feedback.verdict}", *(["feedback:false_positives"] if wrong else []), *judged]


class CounterStore:
    """Counts messages exactly once and reads series of hours."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def count(self, message: Message, *, marker_table: str, moment: datetime) -> bool:
        """Count a message. Return whether it was counted now and not before."""
        return self._count(
            message, Counter(counters_of(message)), f"counted#{message.message_id}", marker_table, moment
        )

    def count_feedback(
        self, message: Message, *, before: Feedback | None, turn: int, marker_table: str, moment: datetime
    ) -> bool:
        """Count what is said about a message now, and no longer what was said before. It counts in the message's hour.

        Parameters
        ----------
        turn
            The number of this change among those of the message.

        Returns
        -------
        bool
            Whether it was counted now and not before.
        """
        amounts = Counter(feedback_counters_of(message, message.feedback))
        amounts.subtract(feedback_counters_of(message, before))
        changed = {name: amount for name, amount in amounts.items() if amount}
        marker = f"judged#{message.message_id}#{turn}"
        return bool(changed) and self._count(message, changed, marker, marker_table, moment)

    def _count(
        self, message: Message, amounts: Mapping[str, int], marker_id: str, marker_table: str, moment: datetime
    ) -> bool:
        names = {f"#{number}": name for number, name in enumerate(amounts)}
        values = {f":{number}": {"N": str(amount)} for number, amount in enumerate(amounts.values())}
        marker = {
            "id": {"S": marker_id},
            "expires_at": {"N": str(int(moment.timestamp()) + _MARKER_SECONDS)},
        }
        try:
            transact(
                self._dynamodb,
                [
                    {
                        "Put": {
                            "TableName": marker_table,
                            "Item": marker,
                            "ConditionExpression": "attribute_not_exists(id)",
                        }
                    },
                    {
                        "Update": {
                            "TableName": self._table,
                            "Key": {
                                "series": {"S": shard_of(message.message_id)},
                                "hour": {"S": hour_of(message.analyzed_at)},
                            },
                            "UpdateExpression": "ADD " + ", ".join(map(" ".join, zip(names, values, strict=True))),
                            "ExpressionAttributeNames": names,
                            "ExpressionAttributeValues": values,
                        }
                    },
                ],
            )
        except ClientError as error:
            if "ConditionalCheckFailed" in reasons_of(error):
                return False
            raise UnavailableError("the counters do not answer") from error
        return True

    def hours(self, start: datetime, end: datetime) -> list[HourCounts]:
        """Return the hours that began in ``[start's hour, end]`` and saw messages, oldest first."""
        sums: dict[str, Counter[str]] = {}
        for shard in SHARDS:
            for row in self._rows(shard, hour_of(isoformat(start)), isoformat(end)):
                total = sums.setdefault(row["hour"]["S"], Counter())
                total.update({name: int(value["N"]) for name, value in row.items() if name not in _KEYS})
        return [HourCounts(hour, sums[hour]) for hour in sorted(sums)]

    def _rows(self, shard: str, first: str, last: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        with unavailable_as("the counters"):
            for page in self._dynamodb.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="series = :series AND #hour BETWEEN :first AND :last",
                ExpressionAttributeNames={"#hour": "hour"},
                ExpressionAttributeValues={":series": {"S": shard}, ":first": {"S": first}, ":last": {"S": last}},
            ):
                rows.extend(page["Items"])
        return rows
