"""Wires the delivery of alerts."""

import os
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from hookline_core.alerting.guard import Guard, Resolver, resolve
from hookline_core.clock import Clock, utc_now
from hookline_core.stores.aws import client
from hookline_core.stores.deliveries import DeliveryStore

from alerts.deliver import Deliver
from alerts.endpoint import Chat, Endpoint, chat_at
from alerts.queue import AlertQueue
from alerts.schedule import Schedule
from alerts.secret import WebhookSecret
from alerts.sender import TIMEOUT, HttpSender
from alerts.settings import AlertsSettings
from alerts.webhook import Webhook


@dataclass(frozen=True, slots=True)
class Alerts:
    """What the handler needs."""

    deliver: Deliver
    endpoint: Endpoint | None
    queue: AlertQueue


def bootstrap(
    *,
    environment: Mapping[str, str] = os.environ,
    clock: Clock = utc_now,
    resolver: Resolver = resolve,
    timeout: float = TIMEOUT,
) -> Alerts:
    """Build the use case from its environment.

    Raises
    ------
    SettingsError
        If the environment lacks a setting.
    """
    settings = AlertsSettings.from_environment(environment)
    sender = HttpSender(
        Guard(allow_loopback=settings.webhook_allow_loopback, resolver=resolver),
        ssl.create_default_context(),
        timeout=timeout,
    )
    secret = WebhookSecret(client("secretsmanager"), settings.webhook_secret_arn)
    return Alerts(
        Deliver(
            DeliveryStore(client("dynamodb"), settings.table_deliveries),
            Schedule(settings.webhook_retry_seconds),
            clock,
            stopwatch=time.monotonic,
        ),
        _endpoint(settings.webhook_url, secret, sender, clock) if settings.webhook_url else None,
        AlertQueue(client("sqs"), settings.alert_queue_url),
    )


def _endpoint(url: str, secret: WebhookSecret, sender: HttpSender, clock: Clock) -> Endpoint:
    chat = chat_at(url)
    return Chat(url, *chat, sender=sender) if chat else Webhook(url, secret=secret, sender=sender, clock=clock)


@lru_cache
def alerts() -> Alerts:
    """Return this container's use case."""
    return bootstrap()
