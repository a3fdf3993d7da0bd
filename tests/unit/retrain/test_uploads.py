"""Uploads: straight to S3, read line by line, and refused with the line that is wrong."""

import json
from typing import Any

import boto3
import pytest
from hookline_core.clock import utc_now
from hookline_core.errors import HooklineError, NotFoundError
from hookline_core.identity import Role
from hookline_core.ids import new_id
from retrain import uploads
from retrain.jobs import Job
from retrain.labels import LabelContradictionError
from retrain.retraining import Retrained
from retrain.uploads import LARGEST_UPLOAD, TooManyMessagesError, UploadInvalidError

from tests.unit.retrain.conftest import ADMIN, BUCKET, LEGITIMATE, SCAM, Room


def _line(text: str, label: str, **more: Any) -> str:
    return json.dumps({"text": text, "label": label, **more})


GOOD = [*(_line(text, "scam") for text in SCAM), *(_line(text, "legitimate") for text in LEGITIMATE)]


def _uploaded(lines: list[str] | str) -> str:
    upload_id = new_id(utc_now())
    content = lines if isinstance(lines, str) else "".join(f"{line}\n" for line in lines)
    boto3.client("s3").put_object(Bucket=BUCKET, Key=f"uploads/{upload_id}.jsonl", Body=content.encode("utf-8"))
    return upload_id


def test_an_upload_is_learned_from(quick: Room) -> None:
    done = quick.desk.upload(_uploaded([*GOOD, "", _line("Shoes at half price", "spam")]), caller=ADMIN)
    assert isinstance(done, Retrained)
    assert done.samples == {"scam": 2, "legitimate": 2, "spam": 1}


def test_a_large_upload_becomes_a_job(quick: Room) -> None:
    lines = [_line(f"{SCAM[0]} {number}", "scam", category="prize_lottery") for number in range(150)]
    job = quick.desk.upload(_uploaded([*lines, *GOOD]), caller=ADMIN)
    assert isinstance(job, Job)
    assert quick.worker(quick.calls()[0]).status == "success"
    categories = {found.category for found in quick.retraining.labels.all()}
    assert categories == {"prize_lottery", None}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "Line 3: Invalid JSON"),
        ('"text"', "Line 3: "),
        (_line("x", "evil"), "Line 3: label: "),
        (_line("", "scam"), "Line 3: text: "),
        (_line(" ", "scam"), "Line 3: text: "),
        (_line("x" * 10_001, "scam"), "Line 3: text: "),
        ('{"text": 1, "label": "scam"}', "Line 3: text: "),
        (_line("x", "scam", more=1), "Line 3: more: "),
        (_line("x", "scam", category="nothing"), "Line 3: there is no such category"),
    ],
)
def test_a_broken_line_is_named(quick: Room, line: str, told: str) -> None:
    with pytest.raises(UploadInvalidError) as caught:
        quick.desk.upload(_uploaded([*GOOD[:2], line, *GOOD[2:]]), caller=ADMIN)
    assert caught.value.detail.startswith(told)
    assert caught.value.pointer == "/upload/3"


def test_bytes_that_are_no_text_are_named(quick: Room) -> None:
    upload_id = new_id(utc_now())
    boto3.client("s3").put_object(Bucket=BUCKET, Key=f"uploads/{upload_id}.jsonl", Body=b'{"text": "\xff"}\n')
    with pytest.raises(UploadInvalidError, match="Line 1: "):
        quick.desk.upload(upload_id, caller=ADMIN)


def test_one_message_too_many_is_refused(quick: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_MESSAGES", 4)
    assert isinstance(quick.desk.upload(_uploaded(GOOD), caller=ADMIN), Retrained)
    with pytest.raises(TooManyMessagesError):
        quick.desk.upload(_uploaded([*GOOD, _line("one more", "scam")]), caller=ADMIN)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", UploadInvalidError),
        ("\n\n", UploadInvalidError),
        ("".join(f"{line}\n" for line in [*GOOD, _line(SCAM[0].upper(), "legitimate")]), LabelContradictionError),
        (" " * (LARGEST_UPLOAD + 1), UploadInvalidError),
    ],
)
def test_bad_uploads_are_refused(quick: Room, content: str, error: type[HooklineError]) -> None:
    with pytest.raises(error):
        quick.desk.upload(_uploaded(content), caller=ADMIN)


def test_an_upload_must_be_there(quick: Room) -> None:
    with pytest.raises(NotFoundError):
        quick.desk.upload(new_id(utc_now()), caller=ADMIN)
    answer = quick.api("POST", "/retrain", body={"upload_id": "../models/x"}, role=Role.ADMIN)
    assert (answer.status, answer.json()["code"]) == (404, "not_found")


def test_an_offer_says_where_and_how_much(quick: Room) -> None:
    answer = quick.api("POST", "/retrain/uploads", role=Role.ADMIN)
    assert answer.status == 201
    offer = answer.json()
    assert offer["fields"]["key"] == f"uploads/{offer['upload_id']}.jsonl"
    assert {"policy", "Content-Type"} <= set(offer["fields"])
    assert offer["limit_bytes"] == LARGEST_UPLOAD
    assert quick.api("POST", "/retrain/uploads", role=Role.ANALYST).status == 403
