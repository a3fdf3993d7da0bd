"""Makes realistic things for tests: messages, alerts, events, and the context that Lambda gives a handler."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from broadcast.events import of_message
from hookline_core.alerting.events import Event
from hookline_core.contracts import Alert, Feedback, Message
from hookline_core.ids import new_id
from hookline_core.stores.records import to_record

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
DASHBOARD = "https://hookline.example/dashboard"

_MESSAGE: dict[str, Any] = {
    "risk_score": 95,
    "risk_level": "Critical",
    "threat_category": "Bank Impersonation",
    "category_code": "bank_impersonation",
    "primary_reason": "Claims to be a bank and threatens to suspend the account unless a link is followed",
    "advice": "Do not tap the link. Call the number on your card.",
    "reasons": [
        {"code": "MODEL_TERM", "source": "model", "points": 9.1, "text": "account suspended", "spans": [[9, 26]]},
        {"code": "URL_BRAND_SUB", "source": "rule", "points": 22.5, "text": "a bank's name", "spans": [[41, 78]]},
    ],
    "action": "automatically_blacklisted",
    "sender": {"phone_number": "+15551234567", "list": "block"},
    "model_version": "base-1",
    "rules_version": "rules-1",
    "analyzed_at": "2026-11-23T06:00:00.000Z",
    "message_content": "URGENT: account suspended. Verify at https://bank.example.test/login",
    "phone_number": "+15551234567",
    "channel": "sms",
    "metadata": {},
}


def a_message(**changes: Any) -> Message:
    """Return a Critical message with an id of its own."""
    return Message.model_validate({"message_id": new_id(NOW), **_MESSAGE, **changes})


def a_harmless_message(**changes: Any) -> Message:
    """Return a message of level Low."""
    return a_message(
        **{
            "risk_score": 3,
            "risk_level": "Low",
            "threat_category": "Legitimate",
            "category_code": "legitimate",
            "action": "none",
            "message_content": "Running ten minutes late, see you at the cafe.",
            **changes,
        }
    )


def an_alert(**changes: Any) -> Alert:
    """Return the alert for a Critical message."""
    return Alert.of(a_message(**changes), dashboard_url=DASHBOARD)


def an_event(**changes: Any) -> Event:
    """Return the event of a Critical message."""
    return of_message(a_message(**changes), incident="al_1-01KAQXPB00EXAMP1ECR1T1CA1A", dashboard_url=DASHBOARD)


def stream_record(message: Message, number: int = 1) -> dict[str, Any]:
    """Return what the Messages table's stream tells about a new message."""
    return {
        "eventID": f"{number:032x}",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": NOW.timestamp(),
            "Keys": {"message_id": {"S": message.message_id}},
            "NewImage": to_record(message, expires_at=int(NOW.timestamp()) + 86_400),
            "SequenceNumber": f"{number:021d}",
            "SizeBytes": 1000,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/messages/stream/2026-11-23T00:00:00.000",
    }


def a_feedback(**changes: Any) -> Feedback:
    """Return an analyst's word: a scam."""
    return Feedback.model_validate(
        {
            "verdict": "scam",
            "category": None,
            "note": None,
            "learn": True,
            "list_action": "none",
            "given_by": "0123456789ab",
            "given_at": "2026-11-23T06:00:00.000Z",
            **changes,
        }
    )


def feedback_record(
    message: Message, now: Feedback | None, before: Feedback | None = None, *, turn: int = 1, number: int = 1
) -> dict[str, Any]:
    """Return what the Messages table's stream tells about a change of a message's feedback."""
    record = stream_record(message, number)
    old, new = dict(record["dynamodb"]["NewImage"]), dict(record["dynamodb"]["NewImage"])
    for image, feedback, count in ((old, before, turn - 1), (new, now, turn)):
        if feedback is not None:
            image |= {"feedback": {"S": feedback.model_dump_json()}, "judged": {"S": feedback.verdict}}
            image.pop("waiting", None)
        if count:
            image |= {"turn": {"N": str(count)}, "changed_at": {"S": "2026-11-23T06:00:01.000Z"}}
    return {
        **record,
        "eventName": "MODIFY",
        "dynamodb": {**record["dynamodb"], "OldImage": old, "NewImage": new},
    }


def queue_record(body: str, *, number: int = 1, receives: int = 1, receipt: str = "receipt") -> dict[str, Any]:
    """Return a queue's message as Lambda hands it over."""
    return {
        "messageId": f"00000000-0000-0000-0000-{number:012d}",
        "receiptHandle": receipt,
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": str(receives),
            "SentTimestamp": str(int(NOW.timestamp() * 1000)),
            "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": str(int(NOW.timestamp() * 1000)),
        },
        "messageAttributes": {},
        "md5OfBody": "0" * 32,
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:queue",
        "awsRegion": "us-east-1",
    }


@dataclass
class Context:
    """What Lambda tells a handler about its invocation."""

    function_name: str = "function"
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:function"
    aws_request_id: str = "00000000-0000-0000-0000-000000000001"
    remaining_ms: int = 60_000

    def get_remaining_time_in_millis(self) -> int:
        """Return the time that is left."""
        return self.remaining_ms
