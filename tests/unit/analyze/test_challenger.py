"""The challenger: its word is kept and never shown, it answers its share, and its faults stay its own."""

import json
from importlib.resources import files
from typing import Any

import boto3
import pytest
from hookline_core.challenger import Challenger
from hookline_core.clock import utc_now
from hookline_core.stores.artefacts import ArtefactStore
from hookline_core.stores.aws import client
from hookline_core.stores.registry import Registry
from hookline_ml import Detector, base_model
from hookline_ml.artefact import ARRAYS

from tests.unit.analyze.conftest import BUCKET, Api
from tests.unit.analyze.test_analyze import HARMLESS, NUMBER, SCAM


@pytest.fixture
def version(environment: dict[str, str]) -> str:
    """Store the shipped model under another version, and return that."""
    shipped = files("hookline_ml") / "base"
    arrays = (shipped / ARRAYS).read_bytes()
    manifest = json.dumps({**json.loads((shipped / "manifest.json").read_bytes()), "version": "labels-other"}).encode()
    store = ArtefactStore(client("s3"), client("kms"), bucket=BUCKET, signing_key_id=environment["SIGNING_KEY_ID"])
    store.write("labels-other", manifest=manifest, arrays=arrays)
    return "labels-other"


def _try(version: str, mode: Any = "shadow", percent: float = 0) -> None:
    registry = Registry(client("dynamodb"), "models")
    seen = registry.aliases().challenger
    registry.challenge(Challenger(version, mode, percent), seen=seen, actor="tests", moment=utc_now())


def _shadows() -> list[dict[str, Any]]:
    rows = boto3.client("dynamodb").scan(TableName="messages")["Items"]
    return [json.loads(row["shadow"]["S"]) for row in rows if "shadow" in row]


def test_in_the_shadow_its_word_is_kept_and_not_shown(api: Api, version: str, calls: list[str]) -> None:
    _try(version)
    api("POST", "/analyze", body={"message_content": HARMLESS})
    calls.clear()
    answer = api("POST", "/analyze", body={"message_content": SCAM, "phone_number": NUMBER}).json()
    assert calls == ["BatchGetItem", "TransactWriteItems"]  # no round trip more
    assert answer["model_version"] == base_model().version
    assert "shadow" not in answer
    assert "shadow" not in api("GET", f"/messages/{answer['message_id']}").json()
    assert {shadow["model_version"] for shadow in _shadows()} == {version}
    assert {shadow["role"] for shadow in _shadows()} == {"challenger"}


def test_live_it_answers_its_share_and_the_champion_stands_in_the_shadow(api: Api, version: str) -> None:
    _try(version, "live", 100)
    answer = api("POST", "/analyze", body={"message_content": HARMLESS, "phone_number": NUMBER})
    assert answer.json()["model_version"] == version
    ((shadow),) = _shadows()
    assert (shadow["role"], shadow["model_version"]) == ("champion", base_model().version)
    # Nobody's message stays with the champion, and a dry run is answered alike.
    assert api("POST", "/analyze", body={"message_content": HARMLESS}).json()["model_version"] == base_model().version
    dry = {"message_content": HARMLESS, "phone_number": NUMBER, "dry_run": True}
    assert api("POST", "/analyze", body=dry).json()["model_version"] == version


def test_a_batch_is_answered_sender_by_sender(api: Api, version: str) -> None:
    _try(version, "live", 50)
    numbers = [f"+1202555{n:04d}" for n in range(1000, 1020)]
    body = {"messages": [{"message_content": HARMLESS, "phone_number": number} for number in numbers]}
    results = api("POST", "/analyze/batch", body=body).json()["results"]
    expected = [
        version if Challenger(version, "live", 50).answers(number) else base_model().version for number in numbers
    ]
    assert [item["result"]["model_version"] for item in results] == expected
    assert set(expected) == {version, base_model().version}


@pytest.mark.parametrize("mode", ["shadow", "live"])
def test_a_damaged_challenger_changes_nothing(api: Api, mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    _try("labels-missing", mode, 100)
    answer = api("POST", "/analyze", body={"message_content": HARMLESS, "phone_number": NUMBER})
    assert (answer.status, answer.json()["model_version"]) == (200, base_model().version)
    assert '"ModelArtefactRejected":[1.0]' in capsys.readouterr().out.replace(" ", "")
    assert _shadows() == []


def test_a_challenger_that_fails_is_not_the_callers_problem(
    api: Api, version: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    score = Detector.score

    def fail(self: Detector, text: str, **more: Any) -> Any:
        if self.model.version == version:
            raise RuntimeError(text)
        return score(self, text, **more)

    monkeypatch.setattr(Detector, "score", fail)
    _try(version, "live", 100)
    answer = api("POST", "/analyze", body={"message_content": HARMLESS, "phone_number": NUMBER})
    assert (answer.status, answer.json()["model_version"]) == (200, base_model().version)
    written = capsys.readouterr()
    assert '"ChallengerFailed":[1.0]' in written.out.replace(" ", "")
    assert "Ana" not in written.out + written.err


def test_a_promoted_challenger_serves_without_being_fetched_again(api: Api, version: str, calls: list[str]) -> None:
    _try(version)
    api("POST", "/analyze", body={"message_content": HARMLESS})
    registry = Registry(client("dynamodb"), "models")
    registry.promote(version, seen=registry.aliases(), fallback=base_model().version, actor="tests", moment=utc_now())
    calls.clear()
    assert api("POST", "/analyze", body={"message_content": HARMLESS}).json()["model_version"] == version
    assert calls == ["BatchGetItem", "PutItem"]
