"""Lambda entry point of the authorizer."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from authorizer.bootstrap import authorize
from authorizer.credentials import is_websocket

logger = Logger()
metrics = Metrics()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answer the gateway's question whether a caller gets in."""
    metrics.add_metric(name="Callers", unit=MetricUnit.Count, value=1)
    answer = authorize()(event)
    identity = answer.get("context")
    metrics.add_metric(name="CallersRefused", unit=MetricUnit.Count, value=0 if identity else 1)
    # Never the event: it holds the key, or the ticket in its query string.
    logger.info(
        "caller let in" if identity else "caller turned away",
        way="websocket" if is_websocket(event) else "rest",
        **(identity or {}),
    )
    return answer
