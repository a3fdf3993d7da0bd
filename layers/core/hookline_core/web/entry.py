"""The entry point of a function that serves an app behind API Gateway."""

from collections.abc import Callable
from typing import Any, cast

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from fastapi import FastAPI
from mangum import Mangum

from hookline_core.web import start

logger = Logger()
metrics = Metrics()

Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]

_TEXT = [
    "text/",
    "application/json",
    "application/problem+json",
    "application/x-ndjson",
    "application/javascript",
    "application/manifest+json",
    "image/svg+xml",
]
"""Media types that travel as they are; the adapter puts all others into base64."""


def gateway_handler(application: Callable[[], FastAPI]) -> Handler:
    """Return the Lambda handler for an app.

    Parameters
    ----------
    application
        Gives the app, the same one each time. Under Lambda it is built at once: that belongs to the init phase, which
        is not the caller's time. Elsewhere it is built with the first event, so importing a handler needs nothing.
    """
    if start.UNDER_LAMBDA:
        application()
        start.end()

    @logger.inject_lambda_context(clear_state=True)
    @metrics.log_metrics(capture_cold_start_metric=True)
    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        adapter = Mangum(application(), lifespan="off", text_mime_types=_TEXT)
        response = adapter(event, cast("Any", context))
        metrics.add_metric(name="Requests", unit=MetricUnit.Count, value=1)
        # The route's pattern, never its path: paths hold phone numbers.
        logger.info(
            "request answered",
            method=event.get("httpMethod"),
            route=event.get("resource"),
            status=response["statusCode"],
            gateway_request_id=event.get("requestContext", {}).get("requestId"),
        )
        return dict(response)

    return cast("Handler", handler)
