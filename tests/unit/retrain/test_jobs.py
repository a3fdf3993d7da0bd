"""Larger retrainings: a job that can be watched, is retried when it fails or is killed, and never half-promotes."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hookline_core.clock import utc_now
from hookline_core.errors import UnavailableError
from hookline_core.identity import Role
from hookline_core.stores.aws import client
from hookline_ml import base_model
from retrain import app
from retrain.jobs import Job
from retrain.lock import LEASE, RetrainRunningError
from retrain.retraining import Retrained
from retrain.trainer import Candidate
from retrain.worker import ATTEMPTS, Call, JobUnknownError

from tests.builders import Context, queue_record
from tests.unit.faults import fault
from tests.unit.retrain.conftest import ADMIN, LEGITIMATE, SCAM, QuickTrainer, Room, label

SHIPPED = base_model().version
MANY = [f"{SCAM[0]} {number}" for number in range(120)]


class Killed(BaseException):
    """Stands for the end of the process: nothing in our code catches it."""


def _queued(room: Room) -> Job:
    job = room.desk.messages(MANY, LEGITIMATE, caller=ADMIN)
    assert isinstance(job, Job)
    return job


def _call(room: Room, attempt: int = 1) -> Call:
    (call,) = room.calls()
    return replace(call, attempt=attempt)


def test_many_messages_become_a_job_that_ends_well(quick: Room) -> None:
    job = _queued(quick)
    assert (job.status, job.progress, quick.champion()) == ("queued", 0, SHIPPED)
    ended = quick.worker(_call(quick))
    assert ended == quick.jobs.get(job.job_id)
    assert (ended.status, ended.progress, ended.attempts) == ("success", 1, 1)
    assert ended.result is not None
    assert quick.champion() == ended.result["model_version"]
    assert Retrained(**ended.result).samples == {"scam": 120, "legitimate": 2}
    # The lock is free again.
    quick.lock.take("next", moment=utc_now())


def test_progress_is_written_down_stage_by_stage(quick: Room, trainer: QuickTrainer) -> None:
    seen: list[tuple[str, str, float]] = []
    job = _queued(quick)

    def look(*labels: Any, **more: Any) -> Candidate:
        candidate = trainer(*labels, **more)
        now = quick.jobs.get(job.job_id)
        assert now is not None
        seen.append((now.status, now.stage, now.progress))
        return candidate

    replace(quick.worker, retraining=replace(quick.retraining, train=look))(_call(quick))
    assert seen == [("running", "reading", 0.4)]


def test_whoever_comes_while_a_job_waits_is_told(quick: Room) -> None:
    _queued(quick)
    with pytest.raises(RetrainRunningError):
        quick.desk.messages(SCAM, LEGITIMATE, caller=ADMIN)


@pytest.mark.parametrize("operation", ["PutObject", "PutItem", "SendMessage"])
def test_a_job_that_cannot_be_queued_holds_nothing(quick: Room, operation: str) -> None:
    service = {"PutObject": "s3", "PutItem": "dynamodb", "SendMessage": "sqs"}[operation]
    with fault(client(service), operation), pytest.raises(UnavailableError):  # type: ignore[call-overload]  # one of three
        _queued(quick)
    assert quick.calls() == []
    assert _queued(quick).status == "queued"


def test_a_job_killed_midway_is_retried_and_never_half_promotes(quick: Room) -> None:
    job = _queued(quick)
    call = _call(quick)

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    # The worst moment: everything is written but the champion.
    class Registry(type(quick.registry)):  # type: ignore[misc]  # the store itself, dying at the last step
        promote = die

    registry = quick.retraining.registry
    dying = Registry(registry._dynamodb, registry._table)
    with pytest.raises(Killed):
        replace(quick.worker, retraining=replace(quick.retraining, registry=dying))(call)
    assert quick.champion() == SHIPPED
    midway = quick.jobs.get(job.job_id)
    assert midway is not None
    assert midway.status == "running"
    ended = quick.worker(replace(call, attempt=2))
    assert (ended.status, ended.attempts) == ("success", 2)
    assert [entry.version for entry in quick.registry.versions()] == [quick.champion()]


def test_doing_a_job_that_has_ended_does_nothing(quick: Room, trainer: QuickTrainer) -> None:
    _queued(quick)
    call = _call(quick)
    quick.worker(call)
    quick.catalogue.roll_back(caller=ADMIN)
    assert quick.worker(replace(call, attempt=2)).status == "success"
    assert len(trainer.asked) == 1
    assert quick.champion() == SHIPPED


def test_a_job_that_fails_waits_and_then_fails_for_good(quick: Room) -> None:
    job = _queued(quick)
    call = _call(quick)
    with fault(client("kms"), "GenerateMac"):
        for attempt in range(1, ATTEMPTS + 1):
            with pytest.raises(UnavailableError):
                quick.worker(replace(call, attempt=attempt))
            now = quick.jobs.get(job.job_id)
            assert now is not None
            assert now.status == ("queued" if attempt < ATTEMPTS else "failed")
            assert now.error is not None
            assert now.error["code"] == "unavailable"
    # It can be done again from the dead letters, and does not stand in the way until then.
    quick.lock.take("somebody else", moment=utc_now())
    quick.lock.free("somebody else")
    assert quick.worker(replace(call, attempt=1)).status == "success"


def test_an_unexpected_error_keeps_its_text_to_itself(quick: Room) -> None:
    job = _queued(quick)

    def explode(*_: Any, **__: Any) -> None:
        raise RuntimeError(MANY[0])

    worker = replace(quick.worker, retraining=replace(quick.retraining, train=explode))  # type: ignore[arg-type]  # never answers
    with pytest.raises(UnavailableError):
        worker(_call(quick))
    now = quick.jobs.get(job.job_id)
    assert now is not None
    assert now.error == {"code": "unavailable", "detail": "the training stopped with RuntimeError"}


def test_a_job_that_nobody_gets_on_with_is_lost(quick: Room) -> None:
    job = _queued(quick)
    later = replace(quick.desk, clock=lambda: utc_now() + LEASE + timedelta(minutes=1))
    lost = later.job(job.job_id)
    assert lost.status == "failed"
    assert lost.error is not None
    assert lost.error["code"] == "job_lost"
    # Its lock has run out with it.
    assert isinstance(later.messages(SCAM, LEGITIMATE, caller=ADMIN), Retrained)


def test_the_timer_learns_from_the_labels_that_are_kept(quick: Room) -> None:
    quick.retraining.labels.put_all([label(SCAM[0]), label(LEGITIMATE[0], "legitimate", "analyst")])
    sent = datetime(2026, 11, 23, 3, tzinfo=UTC)
    call = Call("00000000-0000-4000-8000-000000000001", "receipt", '{"scheduled": true}', 1, sent)
    ended = quick.worker(call)
    assert (ended.status, ended.source, ended.created_by) == ("success", "schedule", "schedule")
    assert quick.worker(replace(call, attempt=2)) == ended


def test_the_timer_gives_way_to_whoever_is_at_work(quick: Room) -> None:
    quick.lock.take("somebody", moment=utc_now())
    call = Call("00000000-0000-4000-8000-000000000001", "receipt", '{"scheduled": true}', 1, utc_now())
    ended = quick.worker(call)
    assert ended.error is not None
    assert (ended.status, ended.error["code"]) == ("failed", "retrain_running")


def test_labels_of_one_class_are_refused_and_not_tried_again(quick: Room) -> None:
    quick.retraining.labels.put_all([label(SCAM[0])])
    call = Call("00000000-0000-4000-8000-000000000001", "receipt", '{"scheduled": true}', 1, utc_now())
    ended = quick.worker(call)
    assert ended.error is not None
    assert (ended.status, ended.error["code"]) == ("refused", "class_missing")


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"job_id": 1}', '{"job_id": "01KAQXPB00EXAMP1ECR1T1CA1A"}'])
def test_what_is_no_job_goes_to_the_dead_letters(quick: Room, body: str) -> None:
    with pytest.raises(JobUnknownError):
        quick.worker(Call("id", "receipt", body, 1, utc_now()))


def test_the_handler_reports_what_must_come_again(quick: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "jobs", lambda: replace(quick.parts.jobs, worker=quick.worker))
    _queued(quick)
    good = _call(quick)
    records = [
        queue_record(good.body, number=1, receipt=good.receipt),
        queue_record("no job", number=2, receipt="gone"),
    ]
    answer = app.handler({"Records": records}, Context())  # type: ignore[arg-type]  # a stand-in
    assert answer == {"batchItemFailures": [{"itemIdentifier": records[1]["messageId"]}]}


def test_the_api_shows_jobs(quick: Room) -> None:
    job = _queued(quick)
    api = quick.api
    shown = api("GET", f"/retrain/jobs/{job.job_id}").json()
    assert (shown["status"], shown["stage"], shown["model_version"]) == ("queued", "waiting", None)
    quick.worker(_call(quick))
    shown = api("GET", f"/retrain/jobs/{job.job_id}").json()
    assert (shown["status"], shown["new_training_samples"], shown["scam_samples"]) == ("success", 122, 120)
    assert shown["model_version"] == quick.champion()
    assert [item["job_id"] for item in api("GET", "/retrain/jobs").json()["items"]] == [job.job_id]
    assert api("GET", "/retrain/jobs/nothing").json()["code"] == "not_found"
    assert api("GET", "/retrain/jobs", query={"cursor": "x"}).json()["code"] == "cursor_invalid"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"use_labels": False},
        {"use_labels": True, "upload_id": "x"},
        {"scam_messages": ["a"], "legitimate_messages": ["b"], "use_labels": True},
        {"scam_messages": ["a"]},
        {"scam_messages": [], "legitimate_messages": []},
        {"scam_messages": ["a"], "legitimate_messages": []},
        {"scam_messages": [1], "legitimate_messages": ["b"]},
        {"scam_messages": ["x" * 10_001], "legitimate_messages": ["b"]},
        {"scam_messages": ["a"] * 10_001, "legitimate_messages": ["b"]},
    ],
)
def test_bad_requests_are_refused(quick: Room, body: dict[str, Any]) -> None:
    answer = quick.api("POST", "/retrain", body=body, role=Role.ADMIN)
    assert (answer.status, answer.json()["code"]) == (422, "invalid_request")


def test_an_answer_that_takes_longer_is_202(quick: Room) -> None:
    answer = quick.api("POST", "/retrain", raw=json.dumps(
        {"scam_messages": [f"{SCAM[0]} {n}" for n in range(3000)], "legitimate_messages": LEGITIMATE}
    ).encode(), role=Role.ADMIN)  # fmt: skip
    assert (answer.status, answer.json()["status"]) == (202, "queued")
    again = quick.api("POST", "/retrain", body={"use_labels": True}, role=Role.ADMIN)
    assert (again.status, again.json()["code"]) == (409, "retrain_running")
