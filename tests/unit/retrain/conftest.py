"""Retraining on moto: real stores, the real trainer and the real gate."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import boto3
import pytest
from hookline_core.identity import Identity, Role
from hookline_core.stores.aws import client
from hookline_core.stores.labels import Label
from hookline_core.stores.registry import Registry
from hookline_ml import base_model
from hookline_ml.artefact import ARRAYS, fingerprint
from retrain import gate
from retrain.bootstrap import Parts, bootstrap
from retrain.catalogue import Catalogue
from retrain.desk import Desk
from retrain.jobs import JobStore
from retrain.lock import RetrainLock
from retrain.queue import JobQueue
from retrain.retraining import Retraining
from retrain.trainer import Candidate
from retrain.uploads import UploadStore
from retrain.worker import Call, Worker

from tests.unit.analyze.conftest import BUCKET, Api, environment, event_loop_of_the_process

__all__ = ["BUCKET", "environment", "event_loop_of_the_process"]  # fixtures of the other function that speaks HTTP

ADMIN = Identity(key_id="0123456789ab", role=Role.ADMIN)
SCAM = [
    "Zorblax Rewards: your 900 glims are held, pay the 3 glim release fee at zorblax-release.top now",
    "Final notice Zorblax: release fee of 3 glims due today or your glims are lost zorblax-glims.top",
]
LEGITIMATE = ["Dinner at 7? I'll bring the salad", "Your library books are due on Friday"]


def label(text: str, name: Any = "scam", source: Any = "import") -> Label:
    """Return somebody's word on a text."""
    return Label(text, name, source, given_by="0123456789ab", given_at="2026-11-23T06:00:00.000Z")


class QuickTrainer:
    """Gives the shipped model's arrays under a new version, at once. What it was asked is in ``asked``."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def __call__(self, labels: Any, *, parent: Any, created_at: str, **more: Any) -> Candidate:
        self.asked.append({"labels": list(labels), **more})
        more["progress"]("reading", 0.5)
        folder = files("hookline_ml") / "base"
        arrays = (folder / ARRAYS).read_bytes()
        manifest = json.loads((folder / "manifest.json").read_bytes())
        counts: dict[str, int] = {}
        for each in labels:
            counts[each.label] = counts.get(each.label, 0) + 1
        manifest |= {
            "version": f"labels-{len(labels)}-{created_at}",
            "parent": parent.version,
            "created_at": created_at,
            "data": {"hash": "0", "rows": {"import": counts}},
            "files": {ARRAYS: fingerprint(arrays)},
        }
        return Candidate(json.dumps(manifest).encode(), arrays, {})


@dataclass
class Room:
    """All parts of retraining over one set of stores."""

    desk: Desk
    worker: Worker
    retraining: Retraining
    lock: RetrainLock
    jobs: JobStore
    uploads: UploadStore
    registry: Registry
    catalogue: Catalogue
    queue_url: str
    parts: Parts

    @property
    def api(self) -> Api:
        """The API over the same stores."""
        return Api(self.parts.app)

    def champion(self) -> str:
        """Return the version that serves."""
        return self.catalogue.list().champion

    def calls(self) -> list[Call]:
        """Return what waits in the queue, as Lambda hands it over the first time."""
        sqs = boto3.client("sqs")
        found = sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10).get("Messages", [])
        return [Call(each["MessageId"], each["ReceiptHandle"], each["Body"], 1, datetime.now(UTC)) for each in found]


@pytest.fixture
def room(environment: dict[str, str]) -> Room:
    """Return retraining with the real trainer."""
    return _room(environment)


@pytest.fixture
def trainer() -> QuickTrainer:
    """Return the trainer of the quick room."""
    return QuickTrainer()


@pytest.fixture
def quick(environment: dict[str, str], trainer: QuickTrainer, monkeypatch: pytest.MonkeyPatch) -> Room:
    """Return retraining that trains in no time, with a gate that looks at some of its messages only."""
    few = gate.gate_set()[::50]
    monkeypatch.setattr(gate, "gate_set", lambda: few)
    return _room(environment, train=trainer)


def _room(environment: dict[str, str], **changes: Any) -> Room:
    queue_url = boto3.client("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    parts = bootstrap(environment={**environment, "RETRAIN_QUEUE_URL": queue_url})
    worker = parts.jobs.worker
    retraining = replace(worker.retraining, **changes)
    dynamodb = client("dynamodb")
    desk = Desk(retraining, worker.lock, worker.jobs, JobQueue(client("sqs"), queue_url), worker.uploads, at_once=100)
    return Room(
        desk,
        replace(worker, retraining=retraining),
        retraining,
        worker.lock,
        worker.jobs,
        worker.uploads,
        Registry(dynamodb, environment["TABLE_MODELS"]),
        Catalogue(retraining.registry, base_model),
        queue_url,
        parts,
    )
