"""What is shown once and stored as a hash: API keys' digests, and the Tickets table."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hookline_core.clock import epoch_seconds
from hookline_core.errors import UnavailableError
from hookline_core.identity import Identity, Role
from hookline_core.stores.aws import error_code, unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TICKET_LIFE = timedelta(seconds=60)
KEY_ID_DIGITS = 12


def digest(secret: str) -> str:
    """Return the SHA-256 of a key or ticket, in hex. Only this is ever stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key_id(key_hash: str) -> str:
    """Return the public id of a key: short, and safe to log."""
    return key_hash[:KEY_ID_DIGITS]


def _expired(row: Mapping[str, Any], moment: datetime) -> bool:
    expires_at = row.get("expires_at")
    return expires_at is not None and int(expires_at["N"]) <= epoch_seconds(moment)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A one-use pass for the WebSocket."""

    secret: str
    expires_at: datetime


class TicketStore:
    """Gives out tickets and takes each back once."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def issue(self, identity: Identity, *, moment: datetime) -> Ticket:
        """Give a ticket that carries an identity for a minute."""
        ticket = Ticket(secrets.token_urlsafe(32), moment + TICKET_LIFE)
        with unavailable_as("the ticket store"):
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    "ticket_hash": {"S": digest(ticket.secret)},
                    "role": {"S": identity.role.value},
                    "key_id": {"S": identity.key_id},
                    "expires_at": {"N": str(epoch_seconds(ticket.expires_at))},
                },
            )
        return ticket

    def redeem(self, secret: str, *, moment: datetime) -> Identity | None:
        """Take a ticket back and return who is behind it; nobody, if it is unknown, used or expired.

        The delete is conditional, so of two connections with one ticket only one gets in.
        """
        try:
            answer = self._dynamodb.delete_item(
                TableName=self._table,
                Key={"ticket_hash": {"S": digest(secret)}},
                ConditionExpression="attribute_exists(ticket_hash)",
                ReturnValues="ALL_OLD",
            )
        except ClientError as error:
            if error_code(error) == "ConditionalCheckFailedException":
                return None
            raise UnavailableError("the ticket store does not answer") from error
        row = answer["Attributes"]
        return None if _expired(row, moment) else Identity(key_id=row["key_id"]["S"], role=Role(row["role"]["S"]))
