"""Model artefacts in S3: immutable, and signed with a key that only retraining may sign with."""

import hashlib
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from hookline_core.errors import ConflictError, HooklineError, UnavailableError
from hookline_core.stores.aws import error_code, unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client

MANIFEST = "manifest.json"
ARRAYS = "model.npz"
SIGNATURE = "signature"
LARGEST_FILE = 16 * 1024 * 1024
"""Bytes of the largest file that is read; a larger one is refused before it is fetched."""

_MAC_ALGORITHM: Final = "HMAC_SHA_256"


class ArtefactRejectedError(HooklineError):
    """A stored model is missing a part, too large, or not signed by retraining."""

    code = "artefact_rejected"


class ArtefactStore:
    """Writes and reads ``models/<version>/``.

    The signature is a KMS MAC over the manifest's SHA-256, and the manifest holds the SHA-256 of the arrays. So one
    signature covers both files.
    """

    def __init__(self, s3: "S3Client", kms: "KMSClient", *, bucket: str, signing_key_id: str) -> None:
        self._s3 = s3
        self._kms = kms
        self._bucket = bucket
        self._signing_key_id = signing_key_id

    def write(self, version: str, *, manifest: bytes, arrays: bytes) -> None:
        """Store and sign a new version. The manifest comes last: without it, a version does not exist.

        Writing the same version again changes nothing, so a run that was killed can be done again.

        Raises
        ------
        ConflictError
            If the version exists with other content.
        """
        with unavailable_as("the signing key"):
            mac = self._kms.generate_mac(
                KeyId=self._signing_key_id, MacAlgorithm=_MAC_ALGORITHM, Message=hashlib.sha256(manifest).digest()
            )["Mac"]
        for name, content in ((ARRAYS, arrays), (SIGNATURE, mac), (MANIFEST, manifest)):
            try:
                self._s3.put_object(Bucket=self._bucket, Key=_key(version, name), Body=content, IfNoneMatch="*")
            except ClientError as error:
                if error_code(error) != "PreconditionFailed":
                    raise UnavailableError("the model store does not answer") from error
                if self._get(version, name) != content:
                    raise ConflictError(f"model version {version} exists") from error

    def read(self, version: str) -> tuple[bytes, bytes]:
        """Return the manifest and the arrays of a version, once its signature holds.

        Raises
        ------
        ArtefactRejectedError
            If a file is missing or too large, or the signature is wrong.
        """
        manifest, signature = self._get(version, MANIFEST), self._get(version, SIGNATURE)
        try:
            self._kms.verify_mac(
                KeyId=self._signing_key_id,
                MacAlgorithm=_MAC_ALGORITHM,
                Message=hashlib.sha256(manifest).digest(),
                Mac=signature,
            )
        except ClientError as error:
            if error_code(error) in {"KMSInvalidMacException", "ValidationException"}:
                raise ArtefactRejectedError(f"model version {version} is not signed by retraining") from error
            raise UnavailableError("the signing key does not answer") from error
        return manifest, self._get(version, ARRAYS)

    def _get(self, version: str, name: str) -> bytes:
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=_key(version, name))
        except ClientError as error:
            if error_code(error) == "NoSuchKey":
                raise ArtefactRejectedError(f"model version {version} lacks {name}") from error
            raise UnavailableError("the model store does not answer") from error
        if answer["ContentLength"] > LARGEST_FILE:
            raise ArtefactRejectedError(f"model version {version}: {name} is larger than {LARGEST_FILE} bytes")
        with unavailable_as("the model store"):
            return answer["Body"].read()


def _key(version: str, name: str) -> str:
    return f"models/{version}/{name}"
