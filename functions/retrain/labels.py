"""Labels that people gave, kept for good: JSON Lines in S3, one object for each retraining."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from hookline_core.stores.aws import unavailable_as

from retrain.trainer import Labelled

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Outcome = Literal["accepted", "refused"]
"""``refused`` labels made a worse model. They are kept for people to look at, and never trained on again."""


class LabelStore:
    """Writes ``labels/<outcome>/<id>.jsonl`` and reads what was accepted so far."""

    def __init__(self, s3: "S3Client", *, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def write(self, label_id: str, labels: Iterable[Labelled], *, outcome: Outcome) -> None:
        """Keep the labels of one retraining."""
        lines = "".join(
            json.dumps({"text": label.text, "label": label.label}, ensure_ascii=False) + "\n" for label in labels
        )
        with unavailable_as("the label store"):
            self._s3.put_object(Bucket=self._bucket, Key=f"labels/{outcome}/{label_id}.jsonl", Body=lines.encode())

    def accepted(self) -> Iterator[Labelled]:
        """Yield all labels that retraining accepted so far, oldest first."""
        with unavailable_as("the label store"):
            for page in self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix="labels/accepted/"
            ):
                for found in page.get("Contents", []):
                    body = self._s3.get_object(Bucket=self._bucket, Key=found["Key"])["Body"]
                    for line in body.iter_lines():
                        row = json.loads(line)
                        yield Labelled(text=row["text"], label=row["label"])
