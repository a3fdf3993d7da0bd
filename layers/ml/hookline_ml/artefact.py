"""Reads and writes model artefacts: a JSON manifest and an archive of arrays. Nothing is ever unpickled."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

FORMAT = "hookline-linear-4"
ARRAYS = "model.npz"
MAX_BYTES = 4 << 20
MAX_UNPACKED_BYTES = 16 << 20
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class ModelArtifactError(ValueError):
    """A model artefact is damaged, or not one of ours; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known about a model.

    Parameters
    ----------
    features
        Settings of the featuriser and the names of the dense features and categories, in the order of the arrays.
    data
        Counts and hash of the rows it was trained on, by source.
    metrics
        What was measured when it was made.
    thresholds
        Margins (log-odds) at which the score is 40, 70 and 90, and the calibration of the probability.
    files
        SHA-256 and size of each file.
    """

    version: str
    parent: str
    created_at: str
    features: Mapping[str, Any]
    data: Mapping[str, Any]
    metrics: Mapping[str, Any]
    thresholds: Mapping[str, float]
    rules_version: str
    files: Mapping[str, Any] = field(default_factory=dict)
    format: str = FORMAT

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read a manifest.

        Raises
        ------
        ModelArtifactError
            If it is not JSON, lacks a field or is of another format.
        """
        try:
            fields = json.loads(raw)
            manifest = cls(**fields)
        except (ValueError, TypeError, RecursionError) as error:
            raise ModelArtifactError(f"the manifest cannot be read: {error}") from None
        if manifest.format != FORMAT:
            raise ModelArtifactError(f"the format is {manifest.format!r}, not {FORMAT!r}")
        for name in ("features", "data", "metrics", "thresholds", "files"):
            if not isinstance(getattr(manifest, name), dict):
                raise ModelArtifactError(f"{name} in the manifest is not an object")
        return manifest

    def dump(self) -> bytes:
        """Write the manifest, the same bytes for the same content."""
        return (json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def write_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Write arrays as an uncompressed .npz, the same bytes for the same content."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, array in sorted(arrays.items()):
            unpacked = io.BytesIO()
            np.lib.format.write_array(unpacked, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _LONG_AGO), unpacked.getvalue())
    return packed.getvalue()


def fingerprint(arrays: bytes) -> dict[str, Any]:
    """Return the manifest's entry for an archive of arrays."""
    return {"sha256": sha256(arrays).hexdigest(), "bytes": len(arrays)}


def read_arrays(raw: bytes, manifest: Manifest) -> dict[str, NDArray[Any]]:
    """Check and read an archive of arrays.

    Raises
    ------
    ModelArtifactError
        If size or hash differ from the manifest's, it holds anything but plain arrays, or a value is not finite.
    """
    if len(raw) > MAX_BYTES:
        raise ModelArtifactError(f"the arrays take {len(raw)} bytes, more than {MAX_BYTES}")
    if fingerprint(raw) != manifest.files.get(ARRAYS):
        raise ModelArtifactError("the arrays are not those that the manifest names")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise ModelArtifactError("the arrays unpack to too many bytes")
        with np.load(io.BytesIO(raw), allow_pickle=False) as loaded:
            arrays = {name: loaded[name] for name in loaded.files}
    except (ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelArtifactError(f"the arrays cannot be read: {error}") from None
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) or not _is_finite(array):
            raise ModelArtifactError(f"{name} does not hold finite numbers")
    return arrays


def _is_finite(array: NDArray[Any]) -> bool:
    return array.dtype.kind in "iu" or (array.dtype.kind == "f" and bool(np.isfinite(array).all()))


def require(arrays: Mapping[str, NDArray[Any]], name: str, shape: tuple[int, ...], kind: type[np.generic]) -> None:
    """Check that an array is there, of a shape and a kind of numbers.

    Raises
    ------
    ModelArtifactError
        If it is not.
    """
    found = arrays.get(name)
    if found is None or found.shape != shape or not np.issubdtype(found.dtype, kind):
        raise ModelArtifactError(f"{name} is missing or not {kind.__name__} of shape {shape}")


def require_steps(arrays: Mapping[str, NDArray[Any]], name: str, shape: tuple[int, ...]) -> None:
    """Check that an array is there, of a shape, and holds what a step may weigh.

    Raises
    ------
    ModelArtifactError
        If it is not, or a step is not above zero.
    """
    require(arrays, name, shape, np.float32)
    if (arrays[name] <= 0).any():
        raise ModelArtifactError(f"{name} must be above zero")
