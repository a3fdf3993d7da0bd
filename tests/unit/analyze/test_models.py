"""The model that serves: swapped when the pointer moves, and never for a bad one."""

import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

import boto3
import numpy as np
import pytest
from hookline_core.clock import utc_now
from hookline_core.stores.artefacts import LARGEST_FILE, ArtefactStore
from hookline_core.stores.aws import client
from hookline_core.stores.registry import Registry
from hookline_ml import base_model
from retrain.trainer import Labelled, train

from tests.unit.analyze.conftest import BUCKET, Api
from tests.unit.analyze.test_analyze import HARMLESS

LABELS = [Labelled("Win 900 glims at zorblax.top now", "scam"), Labelled("Dinner at seven then", "legit")]


@pytest.fixture(scope="module")
def candidate() -> tuple[str, bytes, bytes]:
    """Train a model once: its version, manifest and arrays."""
    trained = train(LABELS, parent=base_model(), seed=1)
    return str(json.loads(trained.manifest)["version"]), trained.manifest, trained.arrays


@pytest.fixture
def artefacts(environment: dict[str, str]) -> ArtefactStore:
    """Return the store that retraining writes to."""
    return ArtefactStore(client("s3"), client("kms"), bucket=BUCKET, signing_key_id=environment["SIGNING_KEY_ID"])


def _promote(version: str) -> None:
    registry = Registry(client("dynamodb"), "models")
    registry.promote(version, seen=registry.aliases(), fallback=base_model().version, actor="tests", moment=utc_now())


def _serving(api: Api) -> str:
    answer = api("POST", "/analyze", body={"message_content": HARMLESS, "dry_run": True})
    assert answer.status == 200
    return str(answer.json()["model_version"])


def test_the_shipped_model_serves_until_one_is_promoted(
    api: Api, artefacts: ArtefactStore, candidate: tuple[str, bytes, bytes]
) -> None:
    version, manifest, arrays = candidate
    artefacts.write(version, manifest=manifest, arrays=arrays)
    assert _serving(api) == base_model().version
    _promote(version)
    assert _serving(api) == version
    _promote(base_model().version)
    assert _serving(api) == base_model().version


def test_a_model_is_fetched_once(
    api: Api, artefacts: ArtefactStore, candidate: tuple[str, bytes, bytes], calls: list[str]
) -> None:
    version, manifest, arrays = candidate
    artefacts.write(version, manifest=manifest, arrays=arrays)
    _promote(version)
    _serving(api)
    calls.clear()
    assert _serving(api) == version
    assert calls == ["BatchGetItem"]


def _with_nan(arrays: bytes) -> bytes:
    loaded = dict(np.load(io.BytesIO(arrays), allow_pickle=False))
    loaded["head"] = np.full_like(loaded["head"], np.nan)
    packed = io.BytesIO()
    np.savez(packed, **loaded)
    return packed.getvalue()


def _resigned(manifest: bytes, arrays: bytes) -> bytes:
    fields: dict[str, Any] = json.loads(manifest)
    fields["files"]["model.npz"] = {"sha256": hashlib.sha256(arrays).hexdigest(), "bytes": len(arrays)}
    return json.dumps(fields).encode()


def _write_nan(store: ArtefactStore, version: str, manifest: bytes, arrays: bytes) -> None:
    spoiled = _with_nan(arrays)
    store.write(version, manifest=_resigned(manifest, spoiled), arrays=spoiled)


def _write_truncated(store: ArtefactStore, version: str, manifest: bytes, arrays: bytes) -> None:
    store.write(version, manifest=manifest, arrays=arrays[: len(arrays) // 2])


def _write_swapped(store: ArtefactStore, version: str, manifest: bytes, arrays: bytes) -> None:
    store.write(version, manifest=manifest, arrays=arrays)
    boto3.client("s3").put_object(Bucket=BUCKET, Key=f"models/{version}/manifest.json", Body=_resigned(manifest, b"x"))


def _write_unsigned(store: ArtefactStore, version: str, manifest: bytes, arrays: bytes) -> None:
    store.write(version, manifest=manifest, arrays=arrays)
    boto3.client("s3").delete_object(Bucket=BUCKET, Key=f"models/{version}/signature")


def _write_oversized(store: ArtefactStore, version: str, manifest: bytes, arrays: bytes) -> None:
    store.write(version, manifest=manifest, arrays=arrays)
    boto3.client("s3").put_object(Bucket=BUCKET, Key=f"models/{version}/model.npz", Body=bytes(LARGEST_FILE + 1))


def _write_nothing(*_: Any) -> None:
    pass


@pytest.mark.parametrize(
    "write", [_write_nan, _write_truncated, _write_swapped, _write_unsigned, _write_oversized, _write_nothing]
)
def test_a_bad_model_never_serves(
    api: Api,
    artefacts: ArtefactStore,
    candidate: tuple[str, bytes, bytes],
    write: Callable[..., None],
    calls: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    version, manifest, arrays = candidate
    write(artefacts, version, manifest, arrays)
    _promote(version)
    assert _serving(api) == base_model().version
    assert '"ModelArtefactRejected":[1.0]' in capsys.readouterr().out.replace(" ", "")
    calls.clear()
    # It is not fetched again with every message.
    assert _serving(api) == base_model().version
    assert calls == ["BatchGetItem"]
