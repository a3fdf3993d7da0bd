"""Wires the stream's follower."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hookline_core.alerting.topic import AlertTopic
from hookline_core.clock import Clock, utc_now
from hookline_core.sockets import Sockets, management_client
from hookline_core.stores.alerts import AlertStore
from hookline_core.stores.aws import client
from hookline_core.stores.connections import ConnectionStore
from hookline_core.stores.counters import CounterStore
from hookline_core.stores.endpoints import EndpointStore
from hookline_core.stores.label_log import LabelLog

from broadcast.flood import FloodGuard
from broadcast.follow import Follow, Updates
from broadcast.keep import LabelKeeper
from broadcast.live import LiveUpdates
from broadcast.once import Once
from broadcast.raising import Raise
from broadcast.remembered import Remembered
from broadcast.retries import RetryQueue
from broadcast.settings import BroadcastSettings
from broadcast.steps import CountOnce, NoConsoles
from broadcast.timers import TimerQueue

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_POLICY_SECONDS = 1
"""How old the policy may be by which an alert is raised."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What the handler needs."""

    follow: Follow
    retries: RetryQueue
    alerts: Raise


def bootstrap(*, environment: Mapping[str, str] = os.environ, clock: Clock = utc_now) -> Broadcast:
    """Build the use case from its environment.

    Raises
    ------
    SettingsError
        If the environment lacks a setting.
    """
    settings = BroadcastSettings.from_environment(environment)
    dynamodb = client("dynamodb")
    updates: Updates = NoConsoles()
    if settings.ws_endpoint:
        connections = ConnectionStore(dynamodb, settings.table_connections)
        updates = LiveUpdates(connections, Sockets(management_client(settings.ws_endpoint)), clock)
    alerts = _raise(settings, dynamodb, clock)
    follow = Follow(
        alerts=alerts,
        counts=CountOnce(CounterStore(dynamodb, settings.table_counters), settings.table_idempotency, clock),
        labels=LabelKeeper(LabelLog(lambda: client("s3"), bucket=settings.model_bucket)),
        updates=updates,
    )
    return Broadcast(follow, RetryQueue(client("sqs"), settings.retry_queue_url), alerts)


def _raise(settings: BroadcastSettings, dynamodb: "DynamoDBClient", clock: Clock) -> Raise:
    policy = Remembered(EndpointStore(dynamodb, settings.table_endpoints).policy, clock, seconds=_POLICY_SECONDS)
    return Raise(
        AlertStore(dynamodb, settings.table_alerts),
        AlertTopic(lambda: client("sns"), settings.alert_topic_arn),
        TimerQueue(client("sqs"), settings.timer_queue_url),
        FloodGuard(dynamodb, settings.table_idempotency),
        Once(dynamodb, settings.table_idempotency),
        policy,
        clock,
        marker_table=settings.table_idempotency,
        dashboard_url=settings.dashboard_url,
    )


@lru_cache
def broadcast() -> Broadcast:
    """Return this container's use case."""
    return bootstrap()
