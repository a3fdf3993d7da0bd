"""Wires the authorizer."""

import os
from collections.abc import Mapping
from functools import lru_cache

from hookline_core.clock import Clock, utc_now
from hookline_core.stores.access import TicketStore
from hookline_core.stores.aws import client, hasty_dynamodb
from hookline_core.stores.keys import KeyStore

from authorizer.authorization import Authorize
from authorizer.settings import AuthorizerSettings


def bootstrap(*, environment: Mapping[str, str] = os.environ, clock: Clock = utc_now) -> Authorize:
    """Build the use case from its environment.

    Raises
    ------
    SettingsError
        If the environment lacks a setting.
    """
    settings = AuthorizerSettings.from_environment(environment)
    dynamodb = client("dynamodb")
    return Authorize(
        KeyStore(dynamodb, settings.table_keys),
        lambda: KeyStore(hasty_dynamodb(), settings.table_keys),
        TicketStore(dynamodb, settings.table_tickets),
        clock,
    )


@lru_cache
def authorize() -> Authorize:
    """Return this container's use case."""
    return bootstrap()
