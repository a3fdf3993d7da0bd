"""Wires the delivery of alerts."""

import os
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from hookline_core.alerting.endpoints import EndpointType, template_endpoint, type_at
from hookline_core.alerting.events import Event
from hookline_core.alerting.guard import Guard, Resolver, resolve
from hookline_core.alerting.topic import AlertTopic
from hookline_core.clock import Clock, utc_now
from hookline_core.stores.aws import client
from hookline_core.stores.deliveries import DeliveryStore, Status
from hookline_core.stores.endpoint_secrets import EndpointSecrets
from hookline_core.stores.endpoints import EndpointStore
from hookline_core.stores.jobs import JobQueue

from alerts.channels import discord, pagerduty, slack, smtp, teams
from alerts.channels.port import Channel, Json, Sender
from alerts.channels.webhook import Webhook
from alerts.deliver import Deliver
from alerts.fan_out import FanOut
from alerts.health import Operations, Watch
from alerts.queue import AlertQueue
from alerts.schedule import Schedule
from alerts.secret import Accesses, TemplateSecret
from alerts.sender import TIMEOUT, HttpSender
from alerts.settings import AlertsSettings


@dataclass(frozen=True, slots=True)
class Alerts:
    """What the handler needs."""

    deliver: Deliver
    fan_out: FanOut
    queue: AlertQueue


def bootstrap(
    *,
    environment: Mapping[str, str] = os.environ,
    clock: Clock = utc_now,
    resolver: Resolver = resolve,
    timeout: float = TIMEOUT,
    sender: Sender | None = None,
) -> Alerts:
    """Build the use cases from their environment.

    Raises
    ------
    SettingsError
        If the environment lacks a setting.
    """
    settings = AlertsSettings.from_environment(environment)
    guard = Guard(allow_loopback=settings.webhook_allow_loopback, resolver=resolver)
    trust = ssl.create_default_context()
    dynamodb = client("dynamodb")
    url = settings.webhook_url
    endpoints = EndpointStore(
        dynamodb, settings.table_endpoints, implicit=template_endpoint(url, type_at(url)) if url else None
    )
    queue = AlertQueue(client("sqs"), settings.alert_queue_url, dead_letters_url=settings.alert_dead_letters_url)
    secrets = Accesses(
        EndpointSecrets(lambda: client("ssm"), settings.endpoint_secrets),
        TemplateSecret(lambda: client("secretsmanager"), settings.webhook_secret_arn),
        url=url,
    )
    watch = Watch(
        endpoints,
        Operations(lambda: client("sns"), settings.operations_topic_arn),
        AlertTopic(lambda: client("sns"), settings.alert_topic_arn),
    )
    deliveries = DeliveryStore(dynamodb, settings.table_deliveries)
    deliver = Deliver(
        deliveries,
        endpoints,
        secrets,
        _channels(sender or HttpSender(guard, trust, timeout=timeout), smtp.Smtp(guard, trust), clock),
        watch,
        Schedule(settings.webhook_retry_seconds),
        clock,
        bury=queue.bury,
        stopwatch=time.monotonic,
    )
    jobs = JobQueue(lambda: client("sqs"), settings.alert_queue_url)

    def log(event: Event, endpoint_id: str) -> None:
        deliveries.close(event, endpoint_id, Status.PUBLISHED, moment=clock())

    return Alerts(deliver, FanOut(endpoints.all, jobs.put_all, log), queue)


def _channels(sender: Sender, mail: Channel, clock: Clock) -> dict[EndpointType, Channel]:
    return {
        "webhook": Webhook(sender, clock),
        "slack": Json(slack.message, sender),
        "teams": Json(teams.message, sender),
        "discord": Json(discord.message, sender),
        "pagerduty": Json(pagerduty.message, sender),
        "smtp": mail,
    }


@lru_cache
def alerts() -> Alerts:
    """Return this container's use cases."""
    return bootstrap()
