"""AWS clients: made once per container, with short timeouts and few retries.

Notes
-----
A request that waits a minute for a table has already failed its caller, so the clients give up after seconds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, overload

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

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
    return boto3.client(service, config=_CONFIG)


@lru_cache
def hasty_dynamodb() -> "DynamoDBClient":
    """Return a client that tries once and waits a second, for what a caller must not wait for."""
    return boto3.client("dynamodb", config=_CONFIG.merge(_HASTY))


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
