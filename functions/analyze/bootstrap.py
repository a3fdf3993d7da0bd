"""Wires the REST API. Adapters meet use cases here and nowhere else."""

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI
from hookline_core.clock import Clock, utc_now
from hookline_core.keys import KeyRing
from hookline_core.stores.access import TicketStore
from hookline_core.stores.alerts import AlertStore
from hookline_core.stores.artefacts import ArtefactStore
from hookline_core.stores.aws import client
from hookline_core.stores.counters import CounterStore
from hookline_core.stores.feedback import FeedbackStore
from hookline_core.stores.keys import KeyStore
from hookline_core.stores.label_log import LabelLog
from hookline_core.stores.labels import LabelStore
from hookline_core.stores.messages import MessageStore
from hookline_core.stores.plans import GatewayKeys
from hookline_core.stores.senders import SenderStore
from hookline_core.web.app import create_app
from hookline_ml import Cutoffs

from analyze.alerting import alert_routes
from analyze.analysis import Analyzer
from analyze.health import Health, Versions, checks
from analyze.judging import Judging
from analyze.labelling import Labelling
from analyze.lookup import Lookup
from analyze.models import ModelSource, base_detector
from analyze.pages import Pages
from analyze.plans import Plans
from analyze.queues import Queues
from analyze.routes import (
    analysis,
    codes,
    console,
    feedback,
    health,
    keys,
    labels,
    messages,
    retest,
    senders,
    stats,
    system,
)
from analyze.settings import AnalyzeSettings

API_VERSION = "1"
_HERE = Path(__file__).parent
_DAY = 24 * 3600


def bootstrap(*, environment: Mapping[str, str] = os.environ, clock: Clock = utc_now) -> FastAPI:
    """Build the app from its environment.

    Raises
    ------
    SettingsError
        If the environment lacks a setting.
    """
    settings = AnalyzeSettings.from_environment(environment)
    dynamodb = client("dynamodb")

    def artefacts() -> ArtefactStore:
        return ArtefactStore(
            client("s3"), client("kms"), bucket=settings.model_bucket, signing_key_id=settings.signing_key_id
        )

    cutoffs = Cutoffs(settings.cutoff_medium, settings.cutoff_high, settings.cutoff_critical)
    models = ModelSource(artefacts, base_detector(cutoffs))
    lookup = Lookup(dynamodb, table_senders=settings.table_senders, table_models=settings.table_models)
    store = MessageStore(dynamodb, settings.table_messages, retention_seconds=settings.retention_days * _DAY)
    versions = Versions(lookup, models, clock)
    region = settings.default_region_code
    analyzer = Analyzer(lookup, models, store, settings.table_senders, clock)
    label_store = LabelStore(dynamodb, settings.table_labels)
    opinions = FeedbackStore(
        dynamodb,
        table_messages=settings.table_messages,
        table_feedback=settings.table_feedback,
        table_senders=settings.table_senders,
        labels=label_store,
    )
    plans = Plans(lambda: client("ssm"), settings.plans_parameter)
    ring = KeyRing(
        KeyStore(dynamodb, settings.table_keys),
        GatewayKeys(lambda: client("apigateway"), plans),
        settings.stack_name,
    )
    return create_app(
        analysis.routes(analyzer, region=region),
        messages.routes(store, clock, region=region),
        feedback.routes(Judging(opinions, clock), clock),
        labels.routes(
            Labelling(label_store, LabelLog(lambda: client("s3"), bucket=settings.model_bucket), clock), label_store
        ),
        retest.routes(store, analyzer, clock),
        senders.routes(SenderStore(dynamodb, settings.table_senders), clock, region=region),
        stats.routes(
            CounterStore(dynamodb, settings.table_counters),
            store,
            AlertStore(dynamodb, settings.table_alerts),
            versions,
            clock,
        ),
        codes.routes(),
        keys.routes(ring, clock),
        system.routes(Queues(lambda: client("sqs"), settings.queues), versions, cutoffs, api=API_VERSION),
        health.routes(
            Health(
                checks(
                    versions,
                    dynamodb=dynamodb,
                    table_messages=settings.table_messages,
                    s3=lambda: client("s3"),
                    bucket=settings.model_bucket,
                )
            ),
            models,
        ),
        console.routes(
            Pages(_HERE / "static"),
            TicketStore(dynamodb, settings.table_tickets),
            clock,
            ws_url=settings.ws_url,
        ),
        *alert_routes(settings, dynamodb, clock),
        title="Hookline",
        version=API_VERSION,
        description="Tells whether a message is a scam, and why.",
    )


@lru_cache
def application() -> FastAPI:
    """Return this container's app."""
    return bootstrap()
