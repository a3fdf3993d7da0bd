"""The Alerts table: messages that belong together, how many there were, and how often people heard of them.

One row for each group. It opens with the group's first message, counts the others, and opens anew when the group comes
back after it was acknowledged or forgotten. What is about to be told is kept in the row until it was told: if the
function dies in between, the next one tells the same again, with the same id.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from hookline_core.alerting.events import Event
from hookline_core.clock import epoch_seconds, isoformat
from hookline_core.contracts import LevelName, Message
from hookline_core.errors import NotFoundError, UnavailableError
from hookline_core.stores.aws import error_code, unavailable_as
from hookline_core.stores.transactions import reasons_of, transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

BY_STATUS = "by_status"
LEASE = timedelta(seconds=60)
"""Longer than one run of the function, so that whoever holds it is at work or dead."""

FORGOTTEN = timedelta(days=1)
"""A group that was silent for so long opens a new alert."""

_KEPT = timedelta(days=30)
_MARKER = timedelta(days=7)
_WHAT = "the alert store"
_TRIES = 4
_PAGES = 10

AlertStatus = Literal["open", "acknowledged"]


@dataclass(frozen=True, slots=True)
class Group:
    """What messages have in common.

    Parameters
    ----------
    name
        What it is, and which: ``sender:+12025550143``.
    phone_number
        The sender, if that is what they have in common.
    """

    name: str
    phone_number: str | None = None

    @property
    def alert_id(self) -> str:
        """The id of the group's alert."""
        return f"al_{hashlib.sha256(self.name.encode()).hexdigest()[:20]}"


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert.

    Parameters
    ----------
    opened_by
        Id of the first message.
    messages, total
        How many messages there were since it opened, and since the row was made.
    unsent
        How many of them nobody was told about yet.
    notified
        How often people were told.
    quiet_until
        Until when more of the same is only counted, in epoch seconds.
    telling, told
        What is about to be told, and how many messages that covers.
    """

    alert_id: str
    group: str
    status: AlertStatus
    title: str
    level: LevelName
    category_code: str
    threat_category: str
    phone_number: str | None
    first_at: str
    last_at: str
    opened_by: str
    latest_message_id: str
    messages: int
    total: int
    unsent: int
    notified: int
    quiet_until: int
    acknowledged_by: str | None
    acknowledged_at: str | None
    telling: Event | None
    told: int

    @property
    def incident(self) -> str:
        """The alert from its opening on. When it opens anew, people must be told as if it were another."""
        return f"{self.alert_id}-{self.opened_by}"


class AlertStore:
    """Counts messages into alerts exactly once, and lets one notification at a time be sent."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def count(
        self, message: Message, group: Group, *, marker_table: str, cooldown: timedelta, moment: datetime
    ) -> bool:
        """Count a message into its group's alert. Return whether it was counted now and not before.

        Parameters
        ----------
        cooldown
            How long a group must be silent before an acknowledged alert opens anew.

        Raises
        ------
        UnavailableError
            If the table does not answer.
        """
        marker: TransactWriteItemTypeDef = {
            "Put": {
                "TableName": marker_table,
                "Item": {
                    "id": {"S": f"grouped#{message.message_id}"},
                    "expires_at": {"N": str(epoch_seconds(moment + _MARKER))},
                },
                "ConditionExpression": "attribute_not_exists(id)",
            }
        }
        updates = (
            self._more(message, group, cooldown=cooldown, moment=moment),
            self._open(message, group, cooldown=cooldown, moment=moment),
        )
        for number in range(_TRIES):
            try:
                transact(self._dynamodb, [marker, updates[number % 2]])
            except (BotoCoreError, ClientError) as error:
                reasons = reasons_of(error) if isinstance(error, ClientError) else []
                if "ConditionalCheckFailed" not in reasons:
                    raise UnavailableError(f"{_WHAT} does not answer") from error
                if reasons[0] == "ConditionalCheckFailed":
                    return False
            else:
                return True
        raise UnavailableError(f"{_WHAT} changes too fast")

    def _more(
        self, message: Message, group: Group, *, cooldown: timedelta, moment: datetime
    ) -> "TransactWriteItemTypeDef":
        return {
            "Update": {
                "TableName": self._table,
                "Key": {"alert_id": {"S": group.alert_id}},
                "UpdateExpression": (
                    "SET last_at = :now, latest_message_id = :message, expires_at = :expires_at "
                    "ADD messages :one, unsent :one, #total :one"
                ),
                "ConditionExpression": f"attribute_exists(alert_id) AND {_HOLDS}",
                "ExpressionAttributeNames": {"#status": "status", "#total": "total"},
                "ExpressionAttributeValues": {
                    **_holding(cooldown, moment),
                    ":now": {"S": isoformat(moment)},
                    ":message": {"S": message.message_id},
                    ":expires_at": {"N": str(epoch_seconds(moment + _KEPT))},
                    ":one": {"N": "1"},
                },
            }
        }

    def _open(
        self, message: Message, group: Group, *, cooldown: timedelta, moment: datetime
    ) -> "TransactWriteItemTypeDef":
        fresh: dict[str, AttributeValueTypeDef] = {
            "group_name": {"S": group.name},
            "title": {"S": f"{message.threat_category}: {message.primary_reason}"[:300]},
            "level": {"S": message.risk_level},
            "category_code": {"S": message.category_code},
            "threat_category": {"S": message.threat_category},
            "first_at": {"S": isoformat(moment)},
            "last_at": {"S": isoformat(moment)},
            "opened_by": {"S": message.message_id},
            "latest_message_id": {"S": message.message_id},
            "messages": {"N": "1"},
            "unsent": {"N": "1"},
            "notified": {"N": "0"},
            "quiet_until": {"N": "0"},
            "lease_until": {"N": "0"},
            "expires_at": {"N": str(epoch_seconds(moment + _KEPT))},
        }
        if group.phone_number:
            fresh["phone_number"] = {"S": group.phone_number}
        names = {f"#{name}": name for name in (*fresh, "status", "total")}
        return {
            "Update": {
                "TableName": self._table,
                "Key": {"alert_id": {"S": group.alert_id}},
                "UpdateExpression": (
                    "SET #status = :is_open, "
                    + ", ".join(f"#{name} = :{name}" for name in fresh)
                    + " ADD #total :one REMOVE acknowledged_by, acknowledged_at, telling, telling_count"
                ),
                "ConditionExpression": f"attribute_not_exists(alert_id) OR NOT {_HOLDS}",
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": {
                    **_holding(cooldown, moment),
                    **{f":{name}": value for name, value in fresh.items()},
                    ":one": {"N": "1"},
                },
            }
        }

    def get(self, alert_id: str) -> AlertRow:
        """Return an alert.

        Raises
        ------
        NotFoundError
            If there is none of this id.
        """
        with unavailable_as(_WHAT):
            answer = self._dynamodb.get_item(TableName=self._table, Key=_key(alert_id), ConsistentRead=True)
        if "Item" not in answer:
            raise NotFoundError("There is no such alert, or it has expired.")
        return _row(answer["Item"])

    def claim(self, row: AlertRow, event: Event, *, told: int, moment: datetime) -> AlertRow | None:
        """Ask for the right to tell people, and hold it for a while. Return the alert with what is to be told.

        That is another event, if somebody began to tell one and died; it goes first. Nothing is returned, if somebody
        else is at it or has told.

        Parameters
        ----------
        told
            How many messages the event covers.
        """
        now = str(epoch_seconds(moment))
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(row.alert_id),
                UpdateExpression=(
                    "SET lease_until = :lease, telling = if_not_exists(telling, :event), "
                    "telling_count = if_not_exists(telling_count, :told)"
                ),
                ConditionExpression=(
                    "#status = :open AND unsent > :zero AND lease_until <= :now AND quiet_until <= :now "
                    "AND notified = :notified AND opened_by = :opened_by"
                ),
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":lease": {"N": str(epoch_seconds(moment + LEASE))},
                    ":told": {"N": str(told)},
                    ":event": {"S": event.model_dump_json()},
                    ":open": {"S": "open"},
                    ":zero": {"N": "0"},
                    ":now": {"N": now},
                    ":notified": {"N": str(row.notified)},
                    ":opened_by": {"S": row.opened_by},
                },
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if error_code(error) == "ConditionalCheckFailedException":
                return None
            raise UnavailableError(f"{_WHAT} does not answer") from error
        return _row(answer["Attributes"])

    def release(self, row: AlertRow) -> None:
        """Give the right to tell people back without having told them. What was to be told stays."""
        self._settle(row, "SET lease_until = :zero", {":zero": {"N": "0"}})

    def settle(self, row: AlertRow, *, told: int, quiet_until: datetime) -> None:
        """Note that people were told, and when they may be told again.

        Parameters
        ----------
        told
            How many messages that covered.
        """
        self._settle(
            row,
            "SET quiet_until = :quiet, lease_until = :zero, notified = notified + :one, unsent = unsent - :told "
            "REMOVE telling, telling_count",
            {
                ":quiet": {"N": str(epoch_seconds(quiet_until))},
                ":zero": {"N": "0"},
                ":one": {"N": "1"},
                ":told": {"N": str(told)},
            },
        )

    def acknowledge(self, alert_id: str, *, by: str, moment: datetime) -> AlertRow:
        """Note that somebody takes care of an alert. It goes on counting, and nobody is told any more.

        The first one who says so is kept.

        Raises
        ------
        NotFoundError
            If there is none of this id.
        """
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(alert_id),
                UpdateExpression=(
                    "SET #status = :status, acknowledged_by = if_not_exists(acknowledged_by, :by), "
                    "acknowledged_at = if_not_exists(acknowledged_at, :now)"
                ),
                ConditionExpression="attribute_exists(alert_id)",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":status": {"S": "acknowledged"},
                    ":by": {"S": by},
                    ":now": {"S": isoformat(moment)},
                },
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if error_code(error) == "ConditionalCheckFailedException":
                raise NotFoundError("There is no such alert, or it has expired.") from error
            raise UnavailableError(f"{_WHAT} does not answer") from error
        return _row(answer["Attributes"])

    def page(
        self, status: AlertStatus, *, limit: int, after: tuple[str, str] | None, moment: datetime
    ) -> tuple[list[AlertRow], tuple[str, str] | None]:
        """Return up to ``limit`` alerts, the last active first, and where the next page begins.

        Parameters
        ----------
        after
            ``last_at`` and ``alert_id`` of the last alert of the page before.
        """
        options: dict[str, Any] = {}
        if after:
            options["ExclusiveStartKey"] = {"status": {"S": status}, "last_at": {"S": after[0]}, **_key(after[1])}
        with unavailable_as(_WHAT):
            answer = self._dynamodb.query(
                TableName=self._table, Limit=limit, ScanIndexForward=False, **_by_status(status), **options
            )
        last = answer.get("LastEvaluatedKey")
        rows = [_row(row) for row in answer["Items"] if int(row["expires_at"]["N"]) > epoch_seconds(moment)]
        return rows, (last["last_at"]["S"], last["alert_id"]["S"]) if last else None

    def open_count(self) -> int:
        """Return how many alerts are open."""
        count, options = 0, dict[str, Any]()
        for _ in range(_PAGES):
            with unavailable_as(_WHAT):
                answer = self._dynamodb.query(TableName=self._table, Select="COUNT", **_by_status("open"), **options)
            count += answer["Count"]
            if "LastEvaluatedKey" not in answer:
                break
            options = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
        return count

    def untold(self, *, moment: datetime, most: int) -> Sequence[AlertRow]:
        """Return open alerts of which people have not heard everything, the last active first."""
        found: list[AlertRow] = []
        after: tuple[str, str] | None = None
        while len(found) < most:
            rows, after = self.page("open", limit=100, after=after, moment=moment)
            found += [row for row in rows if row.unsent > 0]
            if after is None:
                break
        return found[:most]

    def _settle(self, row: AlertRow, change: str, values: "dict[str, AttributeValueTypeDef]") -> None:
        """Change an alert, unless it was told or opened anew meanwhile."""
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(row.alert_id),
                UpdateExpression=change,
                ConditionExpression="notified = :notified AND opened_by = :opened_by",
                ExpressionAttributeValues={
                    **values,
                    ":notified": {"N": str(row.notified)},
                    ":opened_by": {"S": row.opened_by},
                },
            )
        except ClientError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                raise UnavailableError(f"{_WHAT} does not answer") from error


_HOLDS = "((#status = :is_open AND last_at > :forgotten) OR (#status = :acknowledged AND last_at > :silent))"
"""Whether a message belongs to the alert that is there, and does not open a new one."""


def _holding(cooldown: timedelta, moment: datetime) -> "dict[str, AttributeValueTypeDef]":
    return {
        ":is_open": {"S": "open"},
        ":acknowledged": {"S": "acknowledged"},
        ":forgotten": {"S": isoformat(moment - FORGOTTEN)},
        ":silent": {"S": isoformat(moment - cooldown)},
    }


def _key(alert_id: str) -> "dict[str, AttributeValueTypeDef]":
    return {"alert_id": {"S": alert_id}}


def _by_status(status: AlertStatus) -> dict[str, Any]:
    return {
        "IndexName": BY_STATUS,
        "KeyConditionExpression": "#status = :status",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": {":status": {"S": status}},
    }


def _row(row: "dict[str, Any]") -> AlertRow:
    def text(name: str) -> str | None:
        return row[name]["S"] if name in row else None

    def number(name: str) -> int:
        return int(row.get(name, {"N": "0"})["N"])

    return AlertRow(
        alert_id=row["alert_id"]["S"],
        group=row["group_name"]["S"],
        status=row["status"]["S"],
        title=row["title"]["S"],
        level=row["level"]["S"],
        category_code=row["category_code"]["S"],
        threat_category=row["threat_category"]["S"],
        phone_number=text("phone_number"),
        first_at=row["first_at"]["S"],
        last_at=row["last_at"]["S"],
        opened_by=row["opened_by"]["S"],
        latest_message_id=row["latest_message_id"]["S"],
        messages=number("messages"),
        total=number("total"),
        unsent=number("unsent"),
        notified=number("notified"),
        quiet_until=number("quiet_until"),
        acknowledged_by=text("acknowledged_by"),
        acknowledged_at=text("acknowledged_at"),
        telling=Event.model_validate_json(row["telling"]["S"]) if "telling" in row else None,
        told=number("telling_count"),
    )
