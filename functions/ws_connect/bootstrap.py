"""Wires the WebSocket routes."""

import os
from collections.abc import Mapping
from functools import lru_cache

from hookline_core.clock import Clock, utc_now
from hookline_core.sockets import Sockets, management_client
from hookline_core.stores.aws import client
from hookline_core.stores.connections import ConnectionStore

from ws_connect.routes import Routes
from ws_connect.settings import WsConnectSettings


def bootstrap(*, environment: Mapping[str, str] = os.environ, clock: Clock = utc_now) -> Routes:
    """Build the use cases from their environment.

    Raises
    ------
    SettingsError
        If the environment lacks a setting.
    """
    settings = WsConnectSettings.from_environment(environment)
    connections = ConnectionStore(client("dynamodb"), settings.table_connections)
    return Routes(connections, Sockets(management_client(settings.ws_endpoint)), clock)


@lru_cache
def routes() -> Routes:
    """Return this container's use cases."""
    return bootstrap()
