"""Wires the stream's follower."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from hookline_core.clock import Clock, utc_now
from hookline_core.sockets import Sockets, management_client
from hookline_core.stores.aws import client
from hookline_core.stores.connections import ConnectionStore
from hookline_core.stores.counters import CounterStore
from hookline_core.stores.label_log import LabelLog

from broadcast.follow import Follow, Updates
from broadcast.keep import LabelKeeper
from broadcast.live import LiveUpdates
from broadcast.once import Once
from broadcast.retries import RetryQueue
from broadcast.settings import BroadcastSettings
from broadcast.steps import AlertOnce, CountOnce, NoConsoles
from broadcast.topic import AlertTopic


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What the handler needs."""

    follow: Follow
    retries: RetryQueue


def bootstrap(*, environment: Mapping[str, str] = os.environ, clock: Clock = utc_now) -> Broadcast:
    """Build the use case from its environment.

    Raises
    ------
    SettingsError
        If the environment lacks a setting.
    """
    settings = BroadcastSettings.from_environment(environment)
    dynamodb = client("dynamodb")
    topic = AlertTopic(client("sns"), settings.alert_topic_arn, dashboard_url=settings.dashboard_url)
    updates: Updates = NoConsoles()
    if settings.ws_endpoint:
        connections = ConnectionStore(dynamodb, settings.table_connections)
        updates = LiveUpdates(connections, Sockets(management_client(settings.ws_endpoint)), clock)
    follow = Follow(
        alerts=AlertOnce(topic, Once(dynamodb, settings.table_idempotency), clock),
        counts=CountOnce(CounterStore(dynamodb, settings.table_counters), settings.table_idempotency, clock),
        labels=LabelKeeper(LabelLog(lambda: client("s3"), bucket=settings.model_bucket)),
        updates=updates,
    )
    return Broadcast(follow, RetryQueue(client("sqs"), settings.retry_queue_url))


@lru_cache
def broadcast() -> Broadcast:
    """Return this container's use case."""
    return bootstrap()
