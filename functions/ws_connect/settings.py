"""Settings of the WebSocket routes."""

from hookline_core.settings import NonEmpty, Settings


class WsConnectSettings(Settings):
    """What the WebSocket routes read from their environment."""

    table_connections: NonEmpty
    ws_endpoint: NonEmpty
