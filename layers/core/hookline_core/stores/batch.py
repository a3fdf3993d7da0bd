"""Many rows in few calls: DynamoDB's batch operations, some at a time, asked again for what they left."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from hookline_core.errors import UnavailableError
from hookline_core.stores.aws import unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_Part = TypeVar("_Part")
_Answer = TypeVar("_Answer")

_PUTS_PER_CALL = 25
_KEYS_PER_CALL = 100
_CALLS_AT_ONCE = 8
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
    for _ in _each(partial(_put, dynamodb, table, what), rows, _PUTS_PER_CALL):
        pass


def get_all(
    dynamodb: "DynamoDBClient", table: str, keys: Sequence[Mapping[str, Any]], *, what: str
) -> Iterator[dict[str, Any]]:
    """Yield the rows that exist for these different keys, 100 a call, in any order.

    Raises
    ------
    UnavailableError
        If the table does not answer, or not in full.
    """
    for found in _each(partial(_get, dynamodb, table, what), keys, _KEYS_PER_CALL):
        yield from found


def _each(call: Callable[[Sequence[_Part]], _Answer], parts: Sequence[_Part], size: int) -> Iterator[_Answer]:
    """Call with some parts at a time, and a few times at once if they are many. The first failure ends it."""
    chunks = [parts[start : start + size] for start in range(0, len(parts), size)]
    if len(chunks) < 2:
        yield from map(call, chunks)
        return
    pool = ThreadPoolExecutor(_CALLS_AT_ONCE)
    try:
        yield from pool.map(call, chunks)
    finally:
        pool.shutdown(cancel_futures=True)


def _put(dynamodb: "DynamoDBClient", table: str, what: str, rows: Sequence[Mapping[str, Any]]) -> None:
    waiting: Any = [{"PutRequest": {"Item": row}} for row in rows]
    for pause in _PAUSES:
        _rest(pause)
        with unavailable_as(what):
            answer = dynamodb.batch_write_item(RequestItems={table: waiting})
        waiting = answer.get("UnprocessedItems", {}).get(table, [])
        if not waiting:
            return
    raise UnavailableError(f"{what} refuses to take everything now")


def _get(dynamodb: "DynamoDBClient", table: str, what: str, keys: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    request: Any = {table: {"Keys": keys, "ConsistentRead": True}}
    for pause in _PAUSES:
        _rest(pause)
        with unavailable_as(what):
            answer = dynamodb.batch_get_item(RequestItems=request)
        found += answer["Responses"].get(table, [])
        request = answer.get("UnprocessedKeys", {})
        if not request:
            return found
    raise UnavailableError(f"{what} does not answer in full now")


def _rest(seconds: float) -> None:
    if seconds:
        time.sleep(seconds * random.uniform(0.5, 1.5))  # noqa: S311  # spreads load, guards nothing
