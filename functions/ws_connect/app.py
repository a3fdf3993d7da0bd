"""Lambda entry point of the WebSocket routes."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from ws_connect.bootstrap import routes
from ws_connect.routes import OK

logger = Logger()
metrics = Metrics()

_METRICS = {"$connect": "Connects", "$disconnect": "Disconnects", "$default": "ConsoleMessages"}


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    """Serve one event. The answer has no body: consoles are answered over their connection."""
    context = event["requestContext"]
    route = context["routeKey"]
    metrics.add_metric(name=_METRICS[route], unit=MetricUnit.Count, value=1)
    status = routes()(event)
    metrics.add_metric(name="ConnectsRefused", unit=MetricUnit.Count, value=0 if status == OK else 1)
    # Never the event: what a console says is its own, and $connect's query string holds the ticket.
    logger.info("console served", route=route, status=status, connection_id=context["connectionId"])
    return {"statusCode": status}
