"""A model is used only when its artefact is whole and ours."""

import io
import json
import pickle
import zipfile
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from hookline_ml import Model, ModelArtifactError, base_model
from hookline_ml.artefact import ARRAYS, MAX_BYTES, fingerprint, write_arrays

_BASE = files("hookline_ml") / "base"


def _artefact() -> tuple[dict[str, Any], dict[str, Any]]:
    with np.load(io.BytesIO((_BASE / ARRAYS).read_bytes()), allow_pickle=False) as arrays:
        return json.loads((_BASE / "manifest.json").read_bytes()), dict(arrays)


def _load(manifest: dict[str, Any], arrays: dict[str, Any] | bytes) -> Model:
    packed = arrays if isinstance(arrays, bytes) else write_arrays(arrays)
    return Model.load(json.dumps(manifest | {"files": {ARRAYS: fingerprint(packed)}}).encode(), packed)


def test_the_shipped_model_is_whole_and_small() -> None:
    assert base_model().version.startswith("base-")
    assert len((_BASE / ARRAYS).read_bytes()) <= MAX_BYTES


def test_arrays_are_the_same_bytes_for_the_same_content() -> None:
    manifest, arrays = _artefact()

    assert write_arrays(arrays) == (_BASE / ARRAYS).read_bytes()
    assert _load(manifest, arrays).version == base_model().version


@pytest.mark.parametrize("manifest", [b"", b"\xff", b"[]", b"{}", b"null", b"[" * 5000, b'{"version": "x"}'])
def test_a_broken_manifest_is_refused(manifest: bytes) -> None:
    with pytest.raises(ModelArtifactError, match="manifest"):
        Model.load(manifest, (_BASE / ARRAYS).read_bytes())


def test_one_changed_byte_is_refused() -> None:
    arrays = bytearray((_BASE / ARRAYS).read_bytes())
    arrays[len(arrays) // 2] ^= 1

    with pytest.raises(ModelArtifactError, match="not those that the manifest names"):
        Model.load((_BASE / "manifest.json").read_bytes(), bytes(arrays))


@pytest.mark.parametrize(
    "name",
    [
        "head",
        "chars",
        "words",
        "steps",
        "dense",
        "category_kept_chars",
        "category_kept_words",
        "category_ngrams",
        "category_steps",
        "category_dense",
        "category_bias",
    ],
)
def test_a_missing_or_misshapen_array_is_refused(name: str) -> None:
    manifest, arrays = _artefact()

    with pytest.raises(ModelArtifactError, match=name):
        _load(manifest, {key: array for key, array in arrays.items() if key != name})
    with pytest.raises(ModelArtifactError, match=name):
        _load(manifest, arrays | {name: arrays[name].ravel()[:-1]})


def test_an_n_gram_that_is_kept_without_weights_is_refused() -> None:
    manifest, arrays = _artefact()
    arrays["category_kept_words"][3] ^= 1

    with pytest.raises(ModelArtifactError, match="category_ngrams"):
        _load(manifest, arrays)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("chars", np.uint8), ("head", np.int8), ("category_bias", np.int8), ("category_ngrams", np.uint8)],
)
def test_an_array_of_another_kind_of_numbers_is_refused(name: str, kind: type[np.generic]) -> None:
    manifest, arrays = _artefact()

    with pytest.raises(ModelArtifactError, match=name):
        _load(manifest, arrays | {name: arrays[name].astype(kind)})


@pytest.mark.parametrize("name", ["steps", "category_steps"])
def test_steps_that_are_not_above_zero_are_refused(name: str) -> None:
    manifest, arrays = _artefact()
    arrays[name][0] = 0

    with pytest.raises(ModelArtifactError, match=name):
        _load(manifest, arrays)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(value: float) -> None:
    manifest, arrays = _artefact()
    arrays["dense"][7] = value

    with pytest.raises(ModelArtifactError, match="finite"):
        _load(manifest, arrays)


def test_nothing_is_unpickled() -> None:
    manifest, arrays = _artefact()
    packed = io.BytesIO(write_arrays({name: array for name, array in arrays.items() if name != "head"}))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("head.npy", pickle.dumps(_Trap()))

    with pytest.raises(ModelArtifactError):
        _load(manifest, packed.getvalue())
    assert not _Trap.sprung


class _Trap:
    sprung = False

    def __reduce__(self) -> tuple[Any, ...]:
        return _spring, ()


def _spring() -> None:
    _Trap.sprung = True


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    manifest, _ = _artefact()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("chars.npy", bytes(32 << 20))

    with pytest.raises(ModelArtifactError, match="too many bytes"):
        _load(manifest, packed.getvalue())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("thresholds", {"medium": 1, "high": 0, "critical": 2, "slope": 1, "shift": 0}),
        ("thresholds", {"medium": 1}),
        ("thresholds", {"medium": 0, "high": 1, "critical": "x", "slope": 1, "shift": 0}),
        ("format", "pickle"),
        ("features", {}),
    ],
)
def test_settings_that_make_no_sense_are_refused(field: str, value: object) -> None:
    manifest, arrays = _artefact()

    with pytest.raises(ModelArtifactError):
        _load(manifest | {field: value}, arrays)


def test_categories_that_do_not_exist_are_refused() -> None:
    manifest, arrays = _artefact()
    manifest["features"]["categories"][0] = "no_such_category"

    with pytest.raises(ModelArtifactError, match="categories"):
        _load(manifest, arrays)


def test_scores_rise_with_the_margin_and_meet_the_levels() -> None:
    scale = base_model().scale
    margins = np.linspace(-30, 30, 2001).astype(np.float32)
    scores = np.array([scale.score(float(margin)) for margin in margins])

    assert (np.diff(scores) >= 0).all()
    assert scores.min() >= 0
    assert scores.max() <= 100
    assert [round(scale.score(margin)) for margin in (scale.medium, scale.high, scale.critical)] == [40, 70, 90]
