"""AWS clients: made once per container, with short timeouts and few retries.

Notes
-----
A request that waits a minute for a table has already failed its caller, so the clients give up after seconds.

The clients come from botocore. boto3 wraps the same ones, and its import brings file transfers that no function uses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, cast, overload

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import Loader
from botocore.session import Session

from hookline_core.errors import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

_CONFIG = Config(
    connect_timeout=1,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=64,
    tcp_keepalive=True,
)

_HASTY = Config(read_timeout=1, retries={"mode": "standard", "total_max_attempts": 1})

_SERVICES = ["apigateway", "apigatewaymanagementapi", "dynamodb", "kms", "s3", "secretsmanager", "sns", "sqs", "ssm"]


class _Descriptions(Loader):
    """Reads the descriptions of the services that we use, without looking through four hundred folders for others."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002  # the loader's own signature
        """Return the names of the services."""
        return _SERVICES


@lru_cache
def session() -> Session:
    """Return this container's session: credentials, and descriptions that were read."""
    made = Session()
    made.register_component("data_loader", _Descriptions())
    return made


@overload
def client(service: Literal["dynamodb"]) -> "DynamoDBClient": ...
@overload
def client(service: Literal["s3"]) -> "S3Client": ...
@overload
def client(service: Literal["kms"]) -> "KMSClient": ...
@overload
def client(service: Literal["sns"]) -> "SNSClient": ...
@overload
def client(service: Literal["sqs"]) -> "SQSClient": ...
@overload
def client(service: Literal["apigateway"]) -> "APIGatewayClient": ...
@overload
def client(service: Literal["secretsmanager"]) -> "SecretsManagerClient": ...
@overload
def client(service: Literal["ssm"]) -> "SSMClient": ...
@lru_cache
def client(service: Any) -> Any:
    """Return this container's client for a service."""
    return session().create_client(service, config=_CONFIG)


@lru_cache
def hasty_dynamodb() -> "DynamoDBClient":
    """Return a client that tries once and waits a second, for what a caller must not wait for."""
    return cast("DynamoDBClient", session().create_client("dynamodb", config=_CONFIG.merge(_HASTY)))


@contextmanager
def unavailable_as(what: str) -> Iterator[None]:
    """Turn the SDK's errors inside the block into ``UnavailableError``.

    Parameters
    ----------
    what
        The part, as the caller should read it: "the message store".
    """
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise UnavailableError(f"{what} does not answer") from error


def error_code(error: ClientError) -> str:
    """Return the stable code of an SDK error."""
    return error.response.get("Error", {}).get("Code", "")
