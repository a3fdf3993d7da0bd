"""Lambda entry point of the delivery of alerts."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from hookline_core.errors import UnavailableError

from alerts.bootstrap import alerts
from alerts.deliver import Outcome, Result
from alerts.intake import Entry

logger = Logger()
metrics = Metrics()

_RESERVE_MS = 25_000
"""Time that one more delivery may take while our own tables do not answer."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """Deliver a batch of alerts, and tell Lambda which ones must come again."""
    failed: list[str] = []
    metrics.add_metric(name="Alerts", unit=MetricUnit.Count, value=len(event["Records"]))
    for entry in map(Entry.of, event["Records"]):
        if context.get_remaining_time_in_millis() < _RESERVE_MS:
            failed.append(entry.identifier)
            continue
        outcome = _deliver(entry)
        metrics.add_metric(name=f"Alerts{outcome.result.capitalize()}", unit=MetricUnit.Count, value=1)
        if outcome.wait is not None:
            failed.append(entry.identifier)
            _hide(entry, outcome.wait)
    metrics.add_metric(name="AlertsLeft", unit=MetricUnit.Count, value=len(failed))
    logger.info("alerts handled", alerts=len(event["Records"]), left=len(failed))
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}


def _deliver(entry: Entry) -> Outcome:
    if entry.event is None:
        logger.error("alert cannot be read", identifier=entry.identifier)
        return Outcome(Result.UNREADABLE, 0)
    endpoint = alerts().endpoint
    if endpoint is None:
        return Outcome(Result.UNADDRESSED)
    return alerts().deliver(entry.event, endpoint, tries=entry.receives)


def _hide(entry: Entry, seconds: int) -> None:
    try:
        alerts().queue.hide(entry.receipt, seconds=seconds)
    except UnavailableError as error:
        logger.warning("wait not set", identifier=entry.identifier, code=error.code)
