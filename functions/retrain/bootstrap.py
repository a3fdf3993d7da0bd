"""Wires retraining and the model registry. Adapters meet use cases here and nowhere else."""

import os
from collections.abc import Mapping
from functools import lru_cache

from fastapi import FastAPI
from hookline_core.clock import Clock, utc_now
from hookline_core.stores.artefacts import ArtefactStore
from hookline_core.stores.aws import client
from hookline_core.stores.counters import CounterStore
from hookline_core.stores.registry import Registry
from hookline_core.web.app import create_app
from hookline_ml import base_model

from retrain.catalogue import Catalogue
from retrain.labels import LabelStore
from retrain.lock import RetrainLock
from retrain.retraining import Retraining
from retrain.routes import models, training, watch
from retrain.settings import RetrainSettings


def bootstrap(*, environment: Mapping[str, str] = os.environ, clock: Clock = utc_now) -> FastAPI:
    """Build the app from its environment.

    Raises
    ------
    SettingsError
        If the environment lacks a setting.
    """
    settings = RetrainSettings.from_environment(environment)
    dynamodb, s3, kms = client("dynamodb"), client("s3"), client("kms")
    registry = Registry(dynamodb, settings.table_models)
    retraining = Retraining(
        registry=registry,
        artefacts=ArtefactStore(s3, kms, bucket=settings.model_bucket, signing_key_id=settings.signing_key_id),
        labels=LabelStore(s3, bucket=settings.model_bucket),
        lock=RetrainLock(dynamodb, settings.table_models),
        base=base_model,
        clock=clock,
    )
    catalogue = Catalogue(registry, base_model, clock)
    return create_app(
        training.routes(retraining),
        # Before the versions: a fixed path and one that holds a version look alike to the router.
        watch.routes(catalogue, CounterStore(dynamodb, settings.table_counters), clock),
        models.routes(catalogue),
        title="Hookline models",
        version="1",
        description="Retrains the model and keeps its versions.",
    )


@lru_cache
def application() -> FastAPI:
    """Return this container's app."""
    return bootstrap()
