"""Labels by upload: JSON Lines that go straight to S3, up to 100 000 messages at once."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from botocore.exceptions import BotoCoreError, ClientError
from hookline_core.clock import isoformat
from hookline_core.errors import InvalidRequestError, NotFoundError, UnavailableError
from hookline_core.ids import new_id
from hookline_core.stores.aws import error_code, unavailable_as
from hookline_core.stores.labels import Label, LabelName
from hookline_ml import CATEGORIES
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST_MESSAGES = 100_000
LARGEST_UPLOAD = 64 * 1024 * 1024
"""Bytes; S3 itself refuses more."""

OPEN_FOR = timedelta(hours=1)
_PIECE = 1 << 16
_WHAT = "the store of uploads"


class UploadInvalidError(InvalidRequestError):
    """An upload is empty, too large, or a line of it is not a label."""

    code = "upload_invalid"


class TooManyMessagesError(InvalidRequestError):
    """An upload holds more messages than one retraining takes."""

    code = "too_many_messages"


class _Line(BaseModel):
    """One line of an upload."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=r"\S")]
    label: LabelName
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Where an upload may go: a POST form, its fields first, the file last."""

    upload_id: str
    url: str
    fields: dict[str, str]
    expires_at: str


class UploadStore:
    """Takes uploads and reads them. They are deleted after a week."""

    def __init__(self, s3: "S3Client", *, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def offer(self, *, moment: datetime) -> Offer:
        """Allow one upload, of a limited size, for an hour."""
        upload_id = new_id(moment)
        media_type = "application/x-ndjson"
        with unavailable_as(_WHAT):
            form: dict[str, Any] = self._s3.generate_presigned_post(
                self._bucket,
                _key(upload_id),
                Fields={"Content-Type": media_type},
                Conditions=[{"Content-Type": media_type}, ["content-length-range", 1, LARGEST_UPLOAD]],
                ExpiresIn=int(OPEN_FOR.total_seconds()),
            )
        return Offer(upload_id, form["url"], form["fields"], isoformat(moment + OPEN_FOR))

    def put(self, upload_id: str, labels: Iterable[Label]) -> None:
        """Keep a request's labels until its job is done."""
        rows = ({"text": label.text, "label": label.label, "category": label.category} for label in labels)
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        with unavailable_as(_WHAT):
            self._s3.put_object(Bucket=self._bucket, Key=_key(upload_id), Body=content.encode())

    def labels(self, upload_id: str, *, given_by: str, given_at: str) -> Iterator[Label]:
        """Yield an upload's labels.

        Raises
        ------
        NotFoundError
            If there is no such upload.
        UploadInvalidError
            If it is too large, or a line is not a label; the line's number is said.
        TooManyMessagesError
            If it holds more than ``MOST_MESSAGES`` messages.
        """
        count = 0
        for number, line in enumerate(self._lines(upload_id), start=1):
            if not line.strip():
                continue
            count += 1
            if count > MOST_MESSAGES:
                raise TooManyMessagesError(f"The upload holds more than {MOST_MESSAGES} messages.", pointer="/upload")
            read = _read(line, number)
            yield Label(read.text, read.label, "import", given_by=given_by, given_at=given_at, category=read.category)

    def _lines(self, upload_id: str) -> Iterator[bytes]:
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=_key(upload_id))
            if answer["ContentLength"] > LARGEST_UPLOAD:
                raise UploadInvalidError(f"The upload is larger than {LARGEST_UPLOAD} bytes.", pointer="/upload")
            yield from answer["Body"].iter_lines(_PIECE)
        except ClientError as error:
            if error_code(error) == "NoSuchKey":
                raise NotFoundError("There is no such upload, or it has expired.") from error
            raise UnavailableError(f"{_WHAT} does not answer") from error
        except BotoCoreError as error:
            raise UnavailableError(f"{_WHAT} does not answer") from error


def _read(line: bytes, number: int) -> _Line:
    try:
        read = _Line.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = "/".join(map(str, first["loc"]))
        told = f"Line {number}: {where + ': ' if where else ''}{first['msg']}"
        raise UploadInvalidError(told, pointer=f"/upload/{number}") from None
    if read.category is not None and read.category not in CATEGORIES:
        raise UploadInvalidError(f"Line {number}: there is no such category.", pointer=f"/upload/{number}")
    return read


def _key(upload_id: str) -> str:
    return f"uploads/{upload_id}.jsonl"
