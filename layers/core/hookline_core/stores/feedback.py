"""What people say about messages: the last word on the message's own row, and the history beside it.

Every change is one transaction over the message, its history, the label (if the text is to be learnt from) and the
sender's entry (if it is to be listed): all of it, or nothing. The message's row counts the changes in ``turn``, and a
change holds only if nobody else made one since the row was read. So the history has the order of the changes, and an
entry is found by the turn in which it was made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from hookline_core.clock import isoformat
from hookline_core.contracts import Feedback, Message
from hookline_core.errors import ConflictError, UnavailableError
from hookline_core.stores.aws import unavailable_as
from hookline_core.stores.labels import LabelStore, text_hash, word_of
from hookline_core.stores.records import REVIEWED, from_record, shard_of
from hookline_core.stores.senders import listed_for
from hookline_core.stores.transactions import reasons_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef, UpdateTypeDef

LONGEST_HISTORY = 100
"""Entries of a history that are shown: the newest."""

_LONGEST_REASON = 300
_WHAT = "the feedback store"
_LOST_RACE = frozenset({"ConditionalCheckFailed", "TransactionConflict"})


class FeedbackChangedError(ConflictError):
    """Somebody else gave or withdrew feedback at the same time."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A message with its feedback, as read.

    Parameters
    ----------
    turn
        How often its feedback had changed when it was read.
    expires_at
        Epoch seconds when the message, and with it its history, is forgotten.
    """

    message: Message
    turn: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Feedback that was given once. ``withdrawn_at`` and ``withdrawn_by`` are set if it was taken back."""

    feedback: Feedback
    withdrawn_at: str | None
    withdrawn_by: str | None


class FeedbackStore:
    """Gives and withdraws feedback."""

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        *,
        table_messages: str,
        table_feedback: str,
        table_senders: str,
        labels: LabelStore,
    ) -> None:
        self._dynamodb = dynamodb
        self._messages = table_messages
        self._feedback = table_feedback
        self._senders = table_senders
        self._labels = labels

    def find(self, message_id: str, *, moment: datetime) -> Standing | None:
        """Return a message with its feedback, unless it has expired.

        Raises
        ------
        UnavailableError
            If the table does not answer.
        """
        with unavailable_as(_WHAT):
            answer = self._dynamodb.get_item(
                TableName=self._messages, Key={"message_id": {"S": message_id}}, ConsistentRead=True
            )
        row = answer.get("Item")
        if not row or int(row["expires_at"]["N"]) <= moment.timestamp():
            return None
        return Standing(from_record(row), int(row.get("turn", {"N": "0"})["N"]), int(row["expires_at"]["N"]))

    def give(self, standing: Standing, feedback: Feedback, *, moment: datetime) -> None:
        """Make feedback the last word on a message.

        Raises
        ------
        FeedbackChangedError
            If somebody else changed it since it was read. Nothing was written.
        UnavailableError
            If a table does not answer. Nothing was written.
        """
        message, turn = standing.message, standing.turn + 1
        entry: dict[str, AttributeValueTypeDef] = {
            "message_id": {"S": message.message_id},
            "turn": {"N": str(turn)},
            "body": {"S": feedback.model_dump_json()},
            "expires_at": {"N": str(standing.expires_at)},
        }
        change = self._change(
            standing,
            "SET feedback = :feedback, judged = :judged, turn = :next, changed_at = :now REMOVE waiting",
            {":feedback": entry["body"], ":judged": {"S": feedback.verdict}},
            moment,
        )
        writes: list[TransactWriteItemTypeDef] = [
            {"Update": change},
            {"Put": {"TableName": self._feedback, "Item": entry}},
        ]
        writes += self._learning(message, feedback)
        if feedback.list_action != "none" and message.phone_number is not None:
            listed = listed_for(
                self._senders,
                message.phone_number,
                feedback.list_action,
                evidence=message.message_id,
                reason=(feedback.note or f"An analyst judged a message: {feedback.verdict}")[:_LONGEST_REASON],
                added_by=feedback.given_by,
                moment=moment,
            )
            writes.append({"Update": listed})
        self._write(writes)

    def withdraw(self, standing: Standing, *, by: str, moment: datetime) -> None:
        """Take the last word on a message back. The history keeps it, with who took it back.

        Raises
        ------
        FeedbackChangedError
            If somebody else changed it since it was read. Nothing was written.
        UnavailableError
            If a table does not answer. Nothing was written.
        """
        message = standing.message
        again = message.risk_level in REVIEWED
        change = self._change(
            standing,
            f"SET turn = :next, changed_at = :now{', waiting = :shard' if again else ''} REMOVE feedback, judged",
            {":shard": {"S": shard_of(message.message_id)}} if again else {},
            moment,
        )
        mark: UpdateTypeDef = {
            "TableName": self._feedback,
            "Key": {"message_id": {"S": message.message_id}, "turn": {"N": str(standing.turn)}},
            "UpdateExpression": "SET withdrawn_at = :now, withdrawn_by = :by",
            "ConditionExpression": "attribute_exists(turn)",
            "ExpressionAttributeValues": {":now": {"S": isoformat(moment)}, ":by": {"S": by}},
        }
        self._write([{"Update": change}, {"Update": mark}, *self._unlearning(message)])

    def history(self, message_id: str, *, moment: datetime) -> list[HistoryEntry]:
        """Return what was said about a message, newest first.

        Raises
        ------
        UnavailableError
            If the table does not answer.
        """
        with unavailable_as(_WHAT):
            answer = self._dynamodb.query(
                TableName=self._feedback,
                KeyConditionExpression="message_id = :message_id",
                FilterExpression="expires_at > :now",
                ExpressionAttributeValues={
                    ":message_id": {"S": message_id},
                    ":now": {"N": str(int(moment.timestamp()))},
                },
                ScanIndexForward=False,
                Limit=LONGEST_HISTORY,
                ConsistentRead=True,
            )
        return list(map(_to_entry, answer["Items"]))

    def _change(
        self, standing: Standing, expression: str, values: "dict[str, AttributeValueTypeDef]", moment: datetime
    ) -> "UpdateTypeDef":
        """Return the change of the message's row. It fails if the row has changed or gone since it was read."""
        unchanged = "turn = :turn" if standing.turn else "attribute_not_exists(turn)"
        return {
            "TableName": self._messages,
            "Key": {"message_id": {"S": standing.message.message_id}},
            "UpdateExpression": expression,
            "ConditionExpression": f"attribute_exists(message_id) AND {unchanged}",
            "ExpressionAttributeValues": {
                **values,
                ":next": {"N": str(standing.turn + 1)},
                ":now": {"S": isoformat(moment)},
                **({":turn": {"N": str(standing.turn)}} if standing.turn else {}),
            },
        }

    def _learning(self, message: Message, feedback: Feedback) -> "list[TransactWriteItemTypeDef]":
        """Return what feedback does to the label of the message's text."""
        word = word_of(message, feedback)
        return [{"Put": self._labels.word(word)}] if word else self._unlearning(message)

    def _unlearning(self, message: Message) -> "list[TransactWriteItemTypeDef]":
        """Return what takes the label of the message's text back, if it came from this message."""
        if message.feedback is None or not message.feedback.learn:
            return []
        hashed = text_hash(message.message_content)
        words = self._labels.words([hashed]).get(hashed, [])
        if not any(word.message_id == message.message_id for word in words):
            return []  # somebody has judged the same text on another message since, and that word stays
        return [{"Delete": self._labels.withdrawal(message.message_content, message_id=message.message_id)}]

    def _write(self, writes: "list[TransactWriteItemTypeDef]") -> None:
        try:
            self._dynamodb.transact_write_items(TransactItems=writes)
        except ClientError as error:
            if not _LOST_RACE.isdisjoint(reasons_of(error)):
                raise FeedbackChangedError("somebody else changed this feedback meanwhile") from error
            raise UnavailableError(f"{_WHAT} does not answer") from error
        except BotoCoreError as error:
            raise UnavailableError(f"{_WHAT} does not answer") from error


def _to_entry(row: Mapping[str, Any]) -> HistoryEntry:
    return HistoryEntry(
        Feedback.model_validate_json(row["body"]["S"]),
        withdrawn_at=row.get("withdrawn_at", {}).get("S"),
        withdrawn_by=row.get("withdrawn_by", {}).get("S"),
    )
