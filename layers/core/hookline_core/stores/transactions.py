"""Transactions that are tried again when somebody else was writing to the same row."""

import random
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from hookline_core.stores.aws import error_code

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_PAUSES = (0.02, 0.05, 0.1, 0.2)
"""Seconds between tries. The SDK does not try these again."""


def transact(dynamodb: "DynamoDBClient", items: "Sequence[TransactWriteItemTypeDef]") -> None:
    """Write all items or none.

    Raises
    ------
    ClientError
        If a condition does not hold, or the table does not answer.
    """
    for pause in _PAUSES:
        try:
            dynamodb.transact_write_items(TransactItems=items)
        except ClientError as error:
            if "TransactionConflict" not in reasons_of(error):
                raise
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  # spreads load, guards nothing
        else:
            return
    dynamodb.transact_write_items(TransactItems=items)


def reasons_of(error: ClientError) -> list[str]:
    """Return why a transaction was cancelled, item by item; nothing, if it failed in another way."""
    if error_code(error) != "TransactionCanceledException":
        return []
    return [str(found.get("Code")) for found in error.response.get("CancellationReasons", [])]
