"""Lambda entry point of the stream's follower.

It serves three sources: the Messages table's stream, retries, and the timers of alerts.
"""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from hookline_core.errors import UnavailableError

from broadcast.bootstrap import broadcast
from broadcast.intake import entries_of, from_stream
from broadcast.settle import unsettled
from broadcast.timers import Timer, timer_of

logger = Logger()
metrics = Metrics()

_RESERVE_MS = 20_000
"""Time that is kept for ending a step whose table does not answer, and for putting the rest into the retry queue."""


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """Follow up on a batch of records, and tell Lambda which ones must come again."""
    timers = {record.get("messageId", ""): timer_of(record) for record in event["Records"]}
    if any(timers.values()):
        return _fire(timers)
    entries, stream = entries_of(event), from_stream(event)
    metrics.add_metric(name="Records", unit=MetricUnit.Count, value=len(entries))
    outcome = broadcast().follow(
        [entry.task for entry in entries], in_time=lambda: context.get_remaining_time_in_millis() > _RESERVE_MS
    )
    failed = list(unsettled(entries, outcome.left, broadcast().retries, stream=stream))
    counts = {
        "RecordsLeft": sum(map(bool, outcome.left)),
        "AlertsRaised": outcome.alerts,
        "MessagesCounted": outcome.counted,
        "LabelsKept": outcome.kept,
        "ConsolesReached": outcome.reach.sent,
        "ConsolesGone": outcome.reach.gone,
        "ConsolesFailed": outcome.reach.failed,
    }
    for name, count in counts.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=count)
    logger.info("records followed", stream=stream, records=len(entries), failed=len(failed), extra=counts)
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}


def _fire(timers: dict[str, Timer | None]) -> dict[str, list[dict[str, str]]]:
    """Look at what the timers are for, and tell Lambda which ones must come again."""
    failed: list[str] = []
    told = 0
    for identifier, timer in timers.items():
        if timer is None:
            failed.append(identifier)
            continue
        try:
            told += broadcast().alerts.fire(timer)
        except UnavailableError as error:
            logger.warning("timer failed", identifier=identifier, code=error.code)
            failed.append(identifier)
    metrics.add_metric(name="AlertsRaised", unit=MetricUnit.Count, value=told)
    logger.info("timers fired", timers=len(timers), told=told, failed=len(failed))
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}
