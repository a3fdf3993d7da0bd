"""Retraining on moto: real stores, the real trainer and the real gate."""

import boto3
import pytest
from hookline_core.identity import Identity, Role
from hookline_core.stores.artefacts import ArtefactStore
from hookline_core.stores.aws import client
from hookline_core.stores.registry import Registry
from hookline_ml import base_model
from retrain.catalogue import Catalogue
from retrain.labels import LabelStore
from retrain.lock import RetrainLock
from retrain.retraining import Retraining

from tests.unit.analyze.conftest import environment, event_loop_of_the_process

__all__ = ["environment", "event_loop_of_the_process"]  # fixtures of the other function that speaks HTTP

BUCKET = "models-of-the-tests"
ADMIN = Identity(key_id="0123456789ab", role=Role.ADMIN)


@pytest.fixture
def registry(tables: dict[str, str]) -> Registry:
    """Return the registry."""
    return Registry(client("dynamodb"), tables["TABLE_MODELS"])


@pytest.fixture
def catalogue(registry: Registry) -> Catalogue:
    """Return the catalogue."""
    return Catalogue(registry, base_model)


@pytest.fixture
def retraining(registry: Registry, tables: dict[str, str]) -> Retraining:
    """Return the use case, with its bucket and key made."""
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    key = boto3.client("kms").create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
    return Retraining(
        registry=registry,
        artefacts=ArtefactStore(client("s3"), client("kms"), bucket=BUCKET, signing_key_id=key),
        labels=LabelStore(client("s3"), bucket=BUCKET),
        lock=RetrainLock(client("dynamodb"), tables["TABLE_MODELS"]),
        base=base_model,
    )
