"""Whether Hookline can do its work, and with which versions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hookline_core.clock import Clock
from hookline_core.errors import HooklineError
from hookline_core.stores.aws import unavailable_as

from analyze.lookup import Lookup
from analyze.models import ModelSource

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Serving:
    """The versions that answer."""

    model_version: str
    rules_version: str


@dataclass(frozen=True, slots=True)
class Versions:
    """Tells which versions answer, following the champion's pointer as an analysis would."""

    lookup: Lookup
    models: ModelSource
    clock: Clock

    def __call__(self) -> Serving:
        """Read the pointer and return the versions.

        Raises
        ------
        UnavailableError
            If the pointer cannot be read.
        """
        detector = self.models.detector(self.lookup([], moment=self.clock()).champion)
        return Serving(detector.model.version, detector.rules.version)


@dataclass(frozen=True, slots=True)
class Health:
    """Tries every part that an analysis needs."""

    checks: dict[str, Callable[[], object]]

    def __call__(self) -> dict[str, str]:
        """Return ``ok`` or what is wrong, for each part."""
        return {name: _try(check) for name, check in self.checks.items()}


def _try(check: Callable[[], object]) -> str:
    try:
        check()
    except HooklineError as error:
        return error.detail
    return "ok"


def checks(
    versions: Versions, *, dynamodb: "DynamoDBClient", table_messages: str, s3: Callable[[], "S3Client"], bucket: str
) -> dict[str, Callable[[], object]]:
    """Return the checks: the pointer's and senders' tables, the messages' table, and the models' bucket."""

    def messages() -> None:
        with unavailable_as("the message store"):
            dynamodb.get_item(TableName=table_messages, Key={"message_id": {"S": "health"}})

    def models() -> None:
        with unavailable_as("the model store"):
            s3().list_objects_v2(Bucket=bucket, Prefix="models/", MaxKeys=1)

    return {"model": versions, "messages": messages, "models": models}
