"""Many rows in few calls: DynamoDB's batch operations, asked again for what they left."""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hookline_core.errors import UnavailableError
from hookline_core.stores.aws import unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PUTS_PER_CALL = 25
_KEYS_PER_CALL = 100
_PAUSES = (0.0, 0.05, 0.1, 0.2, 0.4)
"""Seconds before each try. The first goes at once; the table asks for patience by leaving rows over."""


def put_all(dynamodb: "DynamoDBClient", table: str, rows: Sequence[Mapping[str, Any]], *, what: str) -> None:
    """Write rows, 25 a call. Rows of one call must have different keys.

    Parameters
    ----------
    what
        The part, as the caller should read it: "the message store".

    Raises
    ------
    UnavailableError
        If the table does not answer, or keeps refusing some of them. Others may have been written then.
    """
    for start in range(0, len(rows), _PUTS_PER_CALL):
        waiting: Any = [{"PutRequest": {"Item": row}} for row in rows[start : start + _PUTS_PER_CALL]]
        for pause in _PAUSES:
            _rest(pause)
            with unavailable_as(what):
                answer = dynamodb.batch_write_item(RequestItems={table: waiting})
            waiting = answer.get("UnprocessedItems", {}).get(table, [])
            if not waiting:
                break
        else:
            raise UnavailableError(f"{what} refuses to take everything now")


def get_all(
    dynamodb: "DynamoDBClient", table: str, keys: Sequence[Mapping[str, Any]], *, what: str
) -> Iterator[dict[str, Any]]:
    """Yield the rows that exist for these different keys, 100 a call, in any order.

    Raises
    ------
    UnavailableError
        If the table does not answer, or not in full.
    """
    for start in range(0, len(keys), _KEYS_PER_CALL):
        request: Any = {table: {"Keys": keys[start : start + _KEYS_PER_CALL], "ConsistentRead": True}}
        for pause in _PAUSES:
            _rest(pause)
            with unavailable_as(what):
                answer = dynamodb.batch_get_item(RequestItems=request)
            yield from answer["Responses"].get(table, [])
            request = answer.get("UnprocessedKeys", {})
            if not request:
                break
        else:
            raise UnavailableError(f"{what} does not answer in full now")


def _rest(seconds: float) -> None:
    if seconds:
        time.sleep(seconds * random.uniform(0.5, 1.5))  # noqa: S311  # spreads load, guards nothing
