"""What people said about texts, kept for good: JSON Lines in S3, written once and never changed.

The Labels table is the index of this log: it knows the last word, the log knows every one.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hookline_core.errors import UnavailableError
from hookline_core.stores.aws import error_code

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class LabelLog:
    """Writes ``labels/<name>.jsonl``.

    Parameters
    ----------
    s3
        Gives the client. It is asked for with the first write: it takes a tenth of a second to make.
    """

    def __init__(self, s3: "Callable[[], S3Client]", *, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def write(self, name: str, lines: Iterable[str]) -> bool:
        """Keep lines under a name, unless the name has been written before. Return whether they were written now.

        Raises
        ------
        UnavailableError
            If the bucket does not take them.
        """
        content = "".join(f"{line}\n" for line in lines)
        try:
            self._s3().put_object(
                Bucket=self._bucket,
                Key=f"labels/{name}.jsonl",
                Body=content.encode(),
                ContentType="application/x-ndjson",
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error_code(error) == "PreconditionFailed":
                return False
            raise UnavailableError("the label log does not answer") from error
        except BotoCoreError as error:
            raise UnavailableError("the label log does not answer") from error
        return True
