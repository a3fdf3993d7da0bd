"""Lambda entry point of the delivery of alerts. Its queue brings events for everybody, and jobs for one endpoint."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from hookline_core.errors import UnavailableError
from hookline_core.stores.jobs import Job

from alerts.bootstrap import alerts
from alerts.intake import Entry

logger = Logger()
metrics = Metrics()

_RESERVE_MS = 25_000
"""Time that one more delivery may take while our own tables do not answer."""

_WAIT = 30
"""Seconds until what could not be handed on is tried again."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """Handle a batch of messages, and tell Lambda which ones must come again."""
    failed: list[str] = []
    metrics.add_metric(name="Alerts", unit=MetricUnit.Count, value=len(event["Records"]))
    for entry in map(Entry.of, event["Records"]):
        if context.get_remaining_time_in_millis() < _RESERVE_MS:
            failed.append(entry.identifier)
            continue
        result, wait = _handle(entry)
        metrics.add_metric(name=f"Alerts{result.capitalize()}", unit=MetricUnit.Count, value=1)
        if wait is not None:
            failed.append(entry.identifier)
            _hide(entry, wait)
    metrics.add_metric(name="AlertsLeft", unit=MetricUnit.Count, value=len(failed))
    logger.info("alerts handled", alerts=len(event["Records"]), left=len(failed))
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}


def _handle(entry: Entry) -> tuple[str, int | None]:
    """Handle a message. Return what came of it, and the seconds until it must come again, if it must."""
    if isinstance(entry.content, Job):
        outcome = alerts().deliver(entry.content)
        return outcome.result.value, outcome.wait
    try:
        if entry.content is None:
            logger.error("alert cannot be read", identifier=entry.identifier)
            alerts().queue.bury(entry.body)
            return "unreadable", None
        endpoints = alerts().fan_out(entry.content)
    except UnavailableError as error:
        logger.warning("alert not handed on", identifier=entry.identifier, code=error.code)
        return "delayed", _WAIT
    logger.info("alert handed on", event_id=entry.content.id, endpoints=endpoints)
    return "accepted", None


def _hide(entry: Entry, seconds: int) -> None:
    try:
        alerts().queue.hide(entry.receipt, seconds=seconds)
    except UnavailableError as error:
        logger.warning("wait not set", identifier=entry.identifier, code=error.code)
