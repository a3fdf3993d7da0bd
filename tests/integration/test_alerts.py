"""Critical messages become signed webhooks: one each, retried, and kept when they cannot be delivered."""

import json
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from standardwebhooks import Webhook

from tests.integration.receiver import Receiver, listening
from tests.integration.support import SCAM, Api, Stack, eventually


@pytest.fixture(scope="module", autouse=True)
def every_message_is_told(admin: Api) -> Iterator[None]:
    """Have the stack tell of every message on its own."""
    policy = admin.ok("GET", "/alerts/policy")
    admin.ok("PUT", "/alerts/policy", json={"cooldown_minutes": 0})
    time.sleep(1.5)  # functions keep a policy for a second
    yield
    admin.ok("PUT", "/alerts/policy", json=policy)


@pytest.fixture
def receiver(stack: Stack) -> Iterator[Receiver]:
    """Listen where the stack sends its webhooks."""
    functions = stack.aws("lambda")
    settings = functions.get_function_configuration(FunctionName=stack.outputs["AlertsFunctionName"])["Environment"]
    url = urlsplit(settings["Variables"].get("WEBHOOK_URL", ""))
    if url.hostname != "127.0.0.1" or url.port is None:
        pytest.skip("SKIPPED LOUDLY: this stack does not send its webhooks to this machine (parameter WebhookUrl)")
    with listening(url.port) as found:
        yield found


def _send(client: Api, phone_number: str) -> str:
    verdict = client.ok("POST", "/analyze", json={"message_content": SCAM, "phone_number": phone_number})
    return str(verdict["message_id"])


def test_exactly_one_signed_webhook_for_a_critical_message(
    stack: Stack, client: Api, phone_number: str, receiver: Receiver
) -> None:
    message_id = _send(client, phone_number)
    ((headers, body),) = eventually(lambda: receiver.about(message_id), what="the webhook")
    secret = stack.aws("secretsmanager").get_secret_value(SecretId=stack.outputs["WebhookSecretArn"])["SecretString"]
    event = Webhook("whsec_" + secret.removeprefix("whsec_")).verify(body, headers)
    assert event["type"] == "analysis.critical"
    alert = event["data"]
    assert alert["message_id"] == message_id
    assert alert["phone_number"] == phone_number
    assert alert["risk_level"] == "Critical"
    assert list(alert)[:7] == [
        "alert_type",
        "phone_number",
        "risk_score",
        "risk_level",
        "threat_category",
        "primary_reason",
        "action",
    ]
    # A second Critical message brings a second alert; the first one is not sent again.
    other = _send(client, phone_number)
    eventually(lambda: receiver.about(other), what="the second webhook")
    assert len(receiver.about(message_id)) == 1


def test_a_failing_receiver_is_tried_again_with_the_same_id(client: Api, phone_number: str, receiver: Receiver) -> None:
    receiver.status = 503
    message_id = _send(client, phone_number)
    eventually(lambda: len(receiver.about(message_id)) >= 2, what="a second try")
    receiver.status = 204
    tries = len(receiver.about(message_id))
    eventually(lambda: len(receiver.about(message_id)) > tries, what="the delivery")
    assert len({headers["webhook-id"] for headers, _ in receiver.about(message_id)}) == 1


def test_what_cannot_be_delivered_ends_in_the_dead_letter_queue(
    stack: Stack, client: Api, phone_number: str, receiver: Receiver
) -> None:
    receiver.status = 500
    message_id = _send(client, phone_number)
    sqs = stack.aws("sqs")
    queue = stack.outputs["AlertDeadLettersUrl"]

    def dead() -> bool:
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=1).get(
            "Messages", []
        ):
            if json.loads(message["Body"])["event"]["message_id"] == message_id:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                return True
        return False

    eventually(dead, seconds=90, what="the dead letter")


def _deliveries(admin: Api, **query: str) -> list[dict[str, object]]:
    return list(admin.ok("GET", "/alerts/deliveries", params=query)["items"])


def test_an_endpoint_is_added_tested_rotated_replayed_and_deleted(
    admin: Api, client: Api, phone_number: str, receiver: Receiver, stack: Stack
) -> None:
    functions = stack.aws("lambda")
    settings = functions.get_function_configuration(FunctionName=stack.outputs["AlertsFunctionName"])["Environment"]
    url = settings["Variables"]["WEBHOOK_URL"].replace("/hook", "/added")
    added = admin.ok("POST", "/alerts/endpoints", json={"type": "webhook", "name": "Added", "url": url})
    path = f"/alerts/endpoints/{added['endpoint_id']}"
    assert "/added" not in json.dumps(admin.ok("GET", "/alerts/endpoints"))
    try:
        test = admin.ok("POST", f"{path}/test")
        eventually(
            lambda: any(headers["webhook-id"] == test["event_id"] for headers, _ in receiver.received), what="the test"
        )
        rotated = admin.ok("POST", f"{path}/rotate")
        message_id = _send(client, phone_number)
        eventually(lambda: len(receiver.about(message_id)) >= 2, what="both deliveries")
        signed = [found for found in receiver.about(message_id) if " " in found[0]["webhook-signature"]]
        ((headers, body),) = signed
        for secret in (added["secret"], rotated["secret"]):
            assert Webhook(secret).verify(body, headers)["data"]["message_id"] == message_id
        (delivery,) = eventually(
            lambda: _deliveries(admin, message=message_id, endpoint=added["endpoint_id"], status="delivered"),
            what="the delivery in the log",
        )
        assert (delivery["endpoint_name"], delivery["status_code"]) == ("Added", 200)
        admin.ok("POST", f"/alerts/deliveries/{delivery['delivery_id']}/replay")
        eventually(
            lambda: any(headers.get("hookline-replay") for headers, _ in receiver.about(message_id)), what="the replay"
        )
    finally:
        admin.ok("DELETE", path)
    assert admin("GET", path).status_code == 404
