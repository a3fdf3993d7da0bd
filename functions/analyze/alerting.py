"""Wires what the REST API does about alerts."""

from typing import TYPE_CHECKING

from fastapi import APIRouter
from hookline_core.alerting.endpoints import template_endpoint, type_at
from hookline_core.alerting.guard import Guard
from hookline_core.alerting.topic import AlertTopic
from hookline_core.clock import Clock
from hookline_core.stores.alerts import AlertStore
from hookline_core.stores.aws import client
from hookline_core.stores.deliveries import DeliveryStore
from hookline_core.stores.endpoint_secrets import EndpointSecrets
from hookline_core.stores.endpoints import EndpointStore
from hookline_core.stores.jobs import JobQueue

from analyze.acknowledging import Acknowledge
from analyze.endpoints import Endpoints
from analyze.redelivery import Redelivery
from analyze.routes import alerts, alerts_deliveries, alerts_endpoints
from analyze.settings import AnalyzeSettings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def alert_routes(settings: AnalyzeSettings, dynamodb: "DynamoDBClient", clock: Clock) -> list[APIRouter]:
    """Return the routes about alerts. Clients other than the tables' are made with their first use."""
    url = settings.webhook_url
    store = EndpointStore(
        dynamodb, settings.table_endpoints, implicit=template_endpoint(url, type_at(url)) if url else None
    )
    jobs = JobQueue(lambda: client("sqs"), settings.alert_queue_url)
    deliveries = DeliveryStore(dynamodb, settings.table_deliveries)
    redelivery = Redelivery(
        deliveries,
        store,
        jobs,
        lambda: client("sqs"),
        queue_url=settings.alert_queue_url,
        dead_letters_url=settings.alert_dead_letters_url,
    )
    topic = AlertTopic(lambda: client("sns"), settings.alert_topic_arn)
    rows = AlertStore(dynamodb, settings.table_alerts)
    endpoints = Endpoints(
        store,
        EndpointSecrets(lambda: client("ssm"), settings.endpoint_secrets),
        topic,
        jobs,
        Guard(allow_loopback=settings.webhook_allow_loopback),
        clock,
        region=settings.default_region_code,
    )
    return [
        alerts_endpoints.routes(store, endpoints),
        alerts_deliveries.routes(deliveries, store, redelivery, clock),
        alerts.routes(rows, Acknowledge(rows, topic, clock), store, clock),
    ]
