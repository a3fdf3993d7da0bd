"""The Deliveries table: which event reached which endpoint, every attempt at it, and what is still to be done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from hookline_core.alerting.events import Event
from hookline_core.clock import epoch_seconds, isoformat
from hookline_core.errors import NotFoundError, UnavailableError
from hookline_core.stores.aws import error_code, unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

LEASE = timedelta(seconds=20)
"""Longer than an attempt takes, so that whoever holds it is at work or dead."""

_KEPT = timedelta(days=30)
_WHAT = "the delivery log"
_SHELF = "all"
"""Partition of the index by time. Grouping keeps deliveries few, so that one is enough."""

BY_TIME = "by_time"
BY_ENDPOINT = "by_endpoint"
_PAGES_READ = 10
"""Index pages that one list request may read; a rare filter answers short pages with a cursor."""


class Status(StrEnum):
    """How a delivery stands: ``waiting`` for its first attempt, ``failed`` and waiting for its next, or at its end.

    ``published`` is the topic's: it tells e-mail addresses and phones by itself, and says nothing of what came of it.
    """

    WAITING = "waiting"
    FAILED = "failed"
    DELIVERED = "delivered"
    DEAD = "dead"
    SKIPPED = "skipped"
    PUBLISHED = "published"


ENDED = frozenset({Status.DELIVERED, Status.SKIPPED})
"""What needs no other attempt. A job for one that is dead was taken out of the dead letters, and is tried."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What may be done about a delivery now.

    Parameters
    ----------
    wait
        Seconds until it may be tried; nothing, if it may be tried now.
    status
        How the delivery stands.
    tries
        Attempts since it was last put into the queue.
    number
        Attempts at all.
    """

    status: Status
    wait: int | None = None
    tries: int = 0
    number: int = 0

    @property
    def ended(self) -> bool:
        """Whether there is nothing left to do."""
        return self.status in ENDED


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt.

    Parameters
    ----------
    result
        The response's status, or the code of the error if there was no response.
    duration_ms
        Milliseconds from the first step to the response's head.
    excerpt
        The beginning of the response, made harmless.
    """

    at: str
    number: int
    status: Status
    result: str
    duration_ms: int
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery, as the log tells it."""

    endpoint_id: str
    event: Event
    status: Status
    begun_at: str
    next_at: str | None = None
    attempts: list[Attempt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A page of deliveries, newest first, and where the next one begins."""

    items: list[Delivery]
    following: tuple[str, str, str] | None


class DeliveryStore:
    """Lets one attempt at a time be made at a delivery, and none after it came to its end."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def begin(self, event: Event, endpoint_id: str, *, moment: datetime) -> Turn:
        """Ask for the right to make an attempt, and hold it for a while if it is given.

        Raises
        ------
        UnavailableError
            If the table does not answer.
        """
        now = epoch_seconds(moment)
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(event.id, endpoint_id),
                UpdateExpression=(
                    "SET lease_until = :lease, expires_at = :expires_at, shelf = :shelf, "
                    "begun_at = if_not_exists(begun_at, :now_text), event = if_not_exists(event, :event), "
                    "#status = if_not_exists(#status, :waiting), next_at = if_not_exists(next_at, :zero)"
                ),
                ConditionExpression=(
                    "attribute_not_exists(event_id) OR "
                    "(#status IN (:waiting, :failed, :dead) AND lease_until <= :now AND next_at <= :now)"
                ),
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":lease": {"N": str(epoch_seconds(moment + LEASE))},
                    ":expires_at": {"N": str(epoch_seconds(moment + _KEPT))},
                    ":shelf": {"S": _SHELF},
                    ":now": {"N": str(now)},
                    ":zero": {"N": "0"},
                    ":now_text": {"S": isoformat(moment)},
                    ":event": {"S": event.model_dump_json()},
                    ":waiting": {"S": Status.WAITING.value},
                    ":failed": {"S": Status.FAILED.value},
                    ":dead": {"S": Status.DEAD.value},
                },
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                raise UnavailableError(f"{_WHAT} does not answer") from error
            return self._turn(event.id, endpoint_id, now)
        except BotoCoreError as error:
            raise UnavailableError(f"{_WHAT} does not answer") from error
        row = answer["Attributes"]
        return Turn(
            Status(row["status"]["S"]), tries=_number(row, "tries"), number=len(row.get("attempts", {"L": []})["L"])
        )

    def record(
        self, event_id: str, endpoint_id: str, attempt: Attempt, *, status: Status, next_at: datetime | None
    ) -> None:
        """Write an attempt down, and give the right to the next one back.

        Parameters
        ----------
        status
            What the attempt makes of the delivery.
        next_at
            When the next one may be made.
        """
        entry: AttributeValueTypeDef = {
            "M": {
                "at": {"S": attempt.at},
                "number": {"N": str(attempt.number)},
                "status": {"S": attempt.status.value},
                "result": {"S": attempt.result},
                "duration_ms": {"N": str(attempt.duration_ms)},
                "excerpt": {"S": attempt.excerpt},
            }
        }
        self._set(
            event_id,
            endpoint_id,
            "SET #status = :status, lease_until = :zero, next_at = :next, tries = if_not_exists(tries, :zero) + :one, "
            "attempts = list_append(if_not_exists(attempts, :none), :attempt)",
            {
                ":status": {"S": status.value},
                ":zero": {"N": "0"},
                ":one": {"N": "1"},
                ":next": {"N": str(epoch_seconds(next_at)) if next_at else "0"},
                ":none": {"L": []},
                ":attempt": {"L": [entry]},
            },
        )

    def close(self, event: Event, endpoint_id: str, status: Status, *, moment: datetime) -> None:
        """End a delivery without an attempt, also one that was never begun."""
        self._set(
            event.id,
            endpoint_id,
            "SET #status = :status, lease_until = :zero, next_at = :zero, shelf = :shelf, expires_at = :expires_at, "
            "begun_at = if_not_exists(begun_at, :now_text), event = if_not_exists(event, :event)",
            {
                ":status": {"S": status.value},
                ":zero": {"N": "0"},
                ":shelf": {"S": _SHELF},
                ":expires_at": {"N": str(epoch_seconds(moment + _KEPT))},
                ":now_text": {"S": isoformat(moment)},
                ":event": {"S": event.model_dump_json()},
            },
        )

    def reopen(self, event_id: str, endpoint_id: str, *, delivered: bool) -> Event:
        """Let a delivery be tried again from the start of the schedule, and return its event.

        Parameters
        ----------
        delivered
            Whether also one that was delivered may be sent again.

        Raises
        ------
        NotFoundError
            If there is no such delivery, or it was delivered and may not be sent again.
        """
        values: dict[str, AttributeValueTypeDef] = {":waiting": {"S": Status.WAITING.value}, ":zero": {"N": "0"}}
        condition = "attribute_exists(event_id)"
        if not delivered:
            condition += " AND #status <> :delivered"
            values[":delivered"] = {"S": Status.DELIVERED.value}
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(event_id, endpoint_id),
                UpdateExpression="SET #status = :waiting, next_at = :zero, lease_until = :zero, tries = :zero",
                ConditionExpression=condition,
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if error_code(error) == "ConditionalCheckFailedException":
                raise NotFoundError("There is no such delivery, or it has expired.") from error
            raise UnavailableError(f"{_WHAT} does not answer") from error
        return Event.model_validate_json(answer["Attributes"]["event"]["S"])

    def of_event(self, event_id: str, *, moment: datetime) -> list[Delivery]:
        """Return the deliveries of one event."""
        with unavailable_as(_WHAT):
            answer = self._dynamodb.query(
                TableName=self._table,
                KeyConditionExpression="event_id = :id",
                ExpressionAttributeValues={":id": {"S": event_id}},
            )
        return [_delivery(row) for row in answer["Items"] if _holds(row, moment)]

    def page(
        self,
        *,
        endpoint_id: str | None,
        wanted: Callable[[Delivery], bool],
        limit: int,
        after: tuple[str, str, str] | None,
        moment: datetime,
    ) -> DeliveryPage:
        """Return up to ``limit`` deliveries, newest first. A rare filter is answered in parts.

        Parameters
        ----------
        wanted
            Whether a delivery is to be shown.
        after
            ``begun_at``, ``event_id`` and ``endpoint_id`` of the last delivery that was looked at.
        """
        found: list[Delivery] = []
        for _ in range(_PAGES_READ):
            rows, more = self._rows(endpoint_id, limit, after)
            for row in rows:
                after = (row["begun_at"]["S"], row["event_id"]["S"], row["endpoint"]["S"])
                delivery = _delivery(row)
                if _holds(row, moment) and wanted(delivery):
                    found.append(delivery)
                    if len(found) == limit:
                        return DeliveryPage(found, after if more or row is not rows[-1] else None)
            if not more:
                return DeliveryPage(found, None)
        return DeliveryPage(found, after)

    def _rows(
        self, endpoint_id: str | None, limit: int, after: tuple[str, str, str] | None
    ) -> tuple[list[dict[str, Any]], bool]:
        index, name, value = (BY_ENDPOINT, "endpoint", endpoint_id) if endpoint_id else (BY_TIME, "shelf", _SHELF)
        options: dict[str, Any] = {}
        if after:
            options["ExclusiveStartKey"] = {
                name: {"S": value},
                "begun_at": {"S": after[0]},
                **_key(after[1], after[2]),
            }
        with unavailable_as(_WHAT):
            answer = self._dynamodb.query(
                TableName=self._table,
                IndexName=index,
                KeyConditionExpression="#name = :value",
                ExpressionAttributeNames={"#name": name},
                ExpressionAttributeValues={":value": {"S": value or ""}},
                ScanIndexForward=False,
                Limit=limit,
                **options,
            )
        return list(answer["Items"]), "LastEvaluatedKey" in answer

    def _set(self, event_id: str, endpoint_id: str, change: str, values: "dict[str, AttributeValueTypeDef]") -> None:
        with unavailable_as(_WHAT):
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(event_id, endpoint_id),
                UpdateExpression=change,
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=values,
            )

    def _turn(self, event_id: str, endpoint_id: str, now: int) -> Turn:
        with unavailable_as(_WHAT):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key=_key(event_id, endpoint_id), ConsistentRead=True
            )
        row = answer.get("Item", {})
        status = Status(row["status"]["S"]) if row else Status.WAITING
        # Whatever held it a moment ago may have let go since.
        return Turn(status, wait=max(1, _number(row, "lease_until") - now, _number(row, "next_at") - now))


def delivery_id(event_id: str, endpoint_id: str) -> str:
    """Return how the API names a delivery. Neither part has a dot in it."""
    return f"{event_id}.{endpoint_id}"


def _key(event_id: str, endpoint_id: str) -> "dict[str, AttributeValueTypeDef]":
    return {"event_id": {"S": event_id}, "endpoint": {"S": endpoint_id}}


def _number(row: "dict[str, Any]", name: str) -> int:
    return int(row.get(name, {"N": "0"})["N"])


def _holds(row: "dict[str, Any]", moment: datetime) -> bool:
    return _number(row, "expires_at") > epoch_seconds(moment)


def _delivery(row: "dict[str, Any]") -> Delivery:
    next_at = _number(row, "next_at")
    return Delivery(
        endpoint_id=row["endpoint"]["S"],
        event=Event.model_validate_json(row["event"]["S"]),
        status=Status(row["status"]["S"]),
        begun_at=row["begun_at"]["S"],
        next_at=isoformat(datetime.fromtimestamp(next_at, UTC)) if next_at else None,
        attempts=[
            Attempt(
                at=entry["M"]["at"]["S"],
                number=int(entry["M"]["number"]["N"]),
                status=Status(entry["M"]["status"]["S"]),
                result=entry["M"]["result"]["S"],
                duration_ms=int(entry["M"]["duration_ms"]["N"]),
                excerpt=entry["M"]["excerpt"]["S"],
            )
            for entry in row.get("attempts", {"L": []})["L"]
        ],
    )
