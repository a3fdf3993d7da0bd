"""Wires retraining and the model registry. Adapters meet use cases here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from fastapi import FastAPI
from hookline_core.clock import Clock, utc_now
from hookline_core.stores.artefacts import ArtefactStore
from hookline_core.stores.aws import client
from hookline_core.stores.counters import CounterStore
from hookline_core.stores.label_log import LabelLog
from hookline_core.stores.labels import LabelStore
from hookline_core.stores.registry import Registry
from hookline_core.web.app import create_app
from hookline_ml import base_model

from retrain.catalogue import Catalogue
from retrain.desk import Desk
from retrain.jobs import JobStore
from retrain.lock import RetrainLock
from retrain.queue import JobQueue
from retrain.retraining import Retraining
from retrain.routes import models, training, watch
from retrain.settings import RetrainSettings
from retrain.uploads import UploadStore
from retrain.worker import Worker


@dataclass(frozen=True, slots=True)
class Jobs:
    """What the queue's side needs."""

    worker: Worker
    queue: JobQueue


@dataclass(frozen=True, slots=True)
class Parts:
    """Both sides of the function."""

    app: FastAPI
    jobs: Jobs


def bootstrap(*, environment: Mapping[str, str] = os.environ, clock: Clock = utc_now) -> Parts:
    """Build both sides from the environment.

    Raises
    ------
    SettingsError
        If the environment lacks a setting.
    """
    settings = RetrainSettings.from_environment(environment)
    dynamodb, s3, bucket = client("dynamodb"), client("s3"), settings.model_bucket
    registry = Registry(dynamodb, settings.table_models)
    lock, jobs = RetrainLock(dynamodb, settings.table_models), JobStore(dynamodb, settings.table_models)
    queue, uploads = JobQueue(client("sqs"), settings.retrain_queue_url), UploadStore(s3, bucket=bucket)
    retraining = Retraining(
        registry=registry,
        artefacts=ArtefactStore(s3, client("kms"), bucket=bucket, signing_key_id=settings.signing_key_id),
        labels=LabelStore(dynamodb, settings.table_labels),
        log=LabelLog(lambda: s3, bucket=bucket),
        base=base_model,
    )
    catalogue = Catalogue(registry, base_model, clock)
    app = create_app(
        training.routes(Desk(retraining, lock, jobs, queue, uploads, clock)),
        # Before the versions: a fixed path and one that holds a version look alike to the router.
        watch.routes(catalogue, CounterStore(dynamodb, settings.table_counters), clock),
        models.routes(catalogue),
        title="Hookline models",
        version="1",
        description="Retrains the model and keeps its versions.",
    )
    return Parts(app, Jobs(Worker(retraining, lock, jobs, uploads, clock), queue))


@lru_cache
def _parts() -> Parts:
    return bootstrap()


def application() -> FastAPI:
    """Return this container's app."""
    return _parts().app


def jobs() -> Jobs:
    """Return this container's worker and its queue."""
    return _parts().jobs
