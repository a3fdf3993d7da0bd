"""Sends to live consoles over their WebSockets."""

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from hookline_core.errors import HooklineError, UnavailableError
from hookline_core.stores.aws import session

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient

_GONE = 410
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=64,
    tcp_keepalive=True,
)


class ConnectionGoneError(HooklineError):
    """The console is no longer there. API Gateway's 410 is the truth; ``$disconnect`` is only a hint."""

    code = "connection_gone"


@lru_cache
def management_client(endpoint: str) -> "ApiGatewayManagementApiClient":
    """Return this container's client for a WebSocket API's connections."""
    made = session().create_client("apigatewaymanagementapi", endpoint_url=endpoint, config=_CONFIG)
    return cast("ApiGatewayManagementApiClient", made)


class Sockets:
    """The open connections of the WebSocket API."""

    def __init__(self, management: "ApiGatewayManagementApiClient") -> None:
        self._management = management

    def post(self, connection_id: str, data: bytes) -> None:
        """Send one WebSocket message.

        Raises
        ------
        ConnectionGoneError
            If the connection is closed.
        UnavailableError
            If the message could not be sent for any other reason.
        """
        try:
            self._management.post_to_connection(ConnectionId=connection_id, Data=data)
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == _GONE:
                raise ConnectionGoneError("the connection is closed") from error
            raise UnavailableError("the WebSocket API does not answer") from error
        except BotoCoreError as error:
            raise UnavailableError("the WebSocket API does not answer") from error
