"""The learning loop: uploads and jobs, what may serve, who is tried beside it, and how the two compare."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.integration.support import HARMLESS, SCAM, Api, Stack, eventually

GENUINE = "Your verification code is {0:06d}. Do not share it with anyone."
FRAUD = "Your parcel {0} is held, pay the 1.99 fee at https://usps.com-redelivery{0}.top/pay now"
BODY = {
    "scam_messages": ["Zorblax Rewards: your 900 glims are held, pay the 3 glim release fee at zorblax-release.top"],
    "legitimate_messages": ["Dinner at 7? I'll bring the salad"],
}


@pytest.fixture
def before(analyst: Api, admin: Api) -> Iterator[str]:
    """Return the champion, and put it back afterwards."""
    champion = str(analyst.ok("GET", "/models")["champion"])
    yield champion
    admin("DELETE", "/models/challenger")
    admin.ok("POST", f"/models/{champion}/promote")


@pytest.fixture(scope="module")
def made(admin: Api) -> str:
    """Return a version that was made, and rolled back before any function has loaded it."""
    version = str(admin.ok("POST", "/retrain", json=BODY)["model_version"])
    admin.ok("POST", "/models/rollback")
    return version


def _upload(admin: Api, lines: list[str]) -> str:
    offer = admin.ok("POST", "/retrain/uploads")
    content = "".join(f"{line}\n" for line in lines).encode()
    answer = requests.post(offer["url"], data=offer["fields"], files={"file": content}, timeout=30)
    assert answer.ok, answer.text
    return str(offer["upload_id"])


def _line(text: str, label: str) -> str:
    return json.dumps({"text": text, "label": label})


def _ended(analyst: Api, job_id: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        job: dict[str, Any] = analyst.ok("GET", f"/retrain/jobs/{job_id}")
        return job if job["status"] not in {"queued", "running"} else None

    return eventually(look, seconds=90, what="the job's end")


def test_a_poisoned_upload_is_refused_by_its_job(analyst: Api, admin: Api, before: str) -> None:
    flipped = [_line(GENUINE.format(n), "scam") for n in range(1600)]
    flipped += [_line(FRAUD.format(n), "legitimate") for n in range(1600)]
    answer = admin("POST", "/retrain", json={"upload_id": _upload(admin, flipped)})
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert (job["status"], job["source"]) == ("queued", "upload")
    # One runs, the other is told so.
    busy = admin("POST", "/retrain", json=BODY)
    assert (busy.status_code, busy.json()["code"]) == (409, "retrain_running")
    ended = _ended(analyst, job["job_id"])
    assert (ended["status"], ended["promoted"], ended["refusal"]) == ("refused", False, "labels_implausible")
    assert "swapped" in ended["reason"]
    assert analyst.ok("GET", "/models")["champion"] == before
    refused = admin("POST", f"/models/{ended['model_version']}/promote")
    assert (refused.status_code, refused.json()["code"]) == (409, "model_refused")


def test_the_timers_message_retrains_with_the_kept_labels(stack: Stack, analyst: Api, admin: Api, before: str) -> None:
    kept = [_line("Zorblax: pay the glim fee at zorblax-release.top", "scam"), _line("See you at noon", "legitimate")]
    admin.ok("POST", "/labels/import", data="\n".join(kept), headers={"Content-Type": "application/x-ndjson"})
    stack.aws("sqs").send_message(QueueUrl=stack.outputs["RetrainQueueUrl"], MessageBody='{"scheduled": true}')

    def look() -> dict[str, Any] | None:
        newest = analyst.ok("GET", "/retrain/jobs", params={"limit": 1})["items"]
        return newest[0] if newest and newest[0]["source"] == "schedule" else None

    job = eventually(look, what="the timer's job")
    ended = _ended(analyst, job["job_id"])
    assert ended["status"] == "success", ended
    assert analyst.ok("GET", "/models")["champion"] == ended["model_version"]


def test_what_is_no_job_ends_in_the_dead_letters(stack: Stack) -> None:
    sqs = stack.aws("sqs")
    sqs.send_message(QueueUrl=stack.outputs["RetrainQueueUrl"], MessageBody="no job")

    def look() -> list[Any] | None:
        found: list[Any] = sqs.receive_message(QueueUrl=stack.outputs["RetrainDeadLettersUrl"]).get("Messages", [])
        return found

    (dead,) = eventually(look, seconds=60, what="the dead letter")
    assert dead["Body"] == "no job"
    sqs.delete_message(QueueUrl=stack.outputs["RetrainDeadLettersUrl"], ReceiptHandle=dead["ReceiptHandle"])


@pytest.mark.parametrize(
    ("lines", "code", "told"),
    [
        ([_line("a", "scam"), "{"], "upload_invalid", "Line 2: "),
        ([_line("a", "scam")] * 100_001, "too_many_messages", "more than 100000 messages"),
    ],
    ids=["broken line", "100 001 messages"],
)
def test_a_bad_upload_is_refused_at_once(admin: Api, lines: list[str], code: str, told: str) -> None:
    answer = admin("POST", "/retrain", json={"upload_id": _upload(admin, lines)})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert told in answer.json()["detail"]


def test_a_damaged_champion_does_not_serve(stack: Stack, client: Api, admin: Api, made: str, before: str) -> None:
    """No function has loaded it yet: this test stands before the one that tries it as a challenger."""
    s3, where = stack.aws("s3"), {"Bucket": stack.outputs["ModelBucketName"], "Key": f"models/{made}/manifest.json"}
    good = s3.get_object(**where)["Body"].read()
    s3.put_object(**where, Body=good.replace(b"legit", b"LEGIT"))
    try:
        admin.ok("POST", f"/models/{made}/promote")
        for _ in range(3):
            answer = client.ok("POST", "/analyze", json={"message_content": HARMLESS, "dry_run": True})
            assert answer["model_version"] != made
            assert answer["risk_level"] == "Low"
    finally:
        s3.put_object(**where, Body=good)


def test_a_challenger_is_tried_and_compared(
    client: Api, analyst: Api, admin: Api, made: str, before: str, phone_number: str
) -> None:
    admin.ok("PUT", "/models/challenger", json={"version": made, "mode": "shadow"})
    message = {"message_content": SCAM, "phone_number": phone_number}
    shadowed = client.ok("POST", "/analyze", json=message)
    assert shadowed["model_version"] == before
    assert "shadow" not in shadowed
    admin.ok("PUT", "/models/challenger", json={"version": made, "mode": "live", "percent": 100})
    assert client.ok("POST", "/analyze", json=message)["model_version"] == made
    analyst.ok("PUT", f"/messages/{shadowed['message_id']}/feedback", json={"verdict": "scam", "learn": False})

    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = analyst.ok("GET", "/models/compare")
        return found if found["messages"] >= 2 and found["judged"]["messages"] else None

    compared = eventually(look, what="the comparison")
    assert (compared["champion"], compared["challenger"]) == (before, made)
    assert compared["agreement"] > 0
    assert compared["judged"] == {"messages": 1, "champion_right": 1, "challenger_right": 1}
    actions = [item["action"] for item in analyst.ok("GET", "/models/audit", params={"limit": 100})["items"]]
    assert {"retrain", "promote", "rollback", "challenge"} <= set(actions)
    card = analyst.ok("GET", f"/models/{made}")
    assert card["status"] == "candidate"
    assert "challenger" in card["aliases"]
    assert card["gate"]["by_kind"]


def test_drift_is_measured_against_the_champions_first_days(analyst: Api) -> None:
    drift = analyst.ok("GET", "/models/drift", params={"days": 3})
    assert {item["name"] for item in drift["items"]} == {"score", "level", "category", "length"}
    assert drift["bands"] == {"moderate": 0.1, "significant": 0.25}
