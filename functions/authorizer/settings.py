"""Settings of the authorizer."""

from hookline_core.settings import NonEmpty, Settings


class AuthorizerSettings(Settings):
    """What the authorizer reads from its environment."""

    table_keys: NonEmpty
    table_tickets: NonEmpty
