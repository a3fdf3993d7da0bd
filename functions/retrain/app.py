"""Lambda entry point of training and of the model registry. It serves two sources: the REST API and the job queue."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from hookline_core.errors import HooklineError, UnavailableError
from hookline_core.web.entry import gateway_handler

from retrain.bootstrap import application, jobs
from retrain.worker import Call, JobUnknownError

logger = Logger()
metrics = Metrics()

_PAUSE = 10
"""Seconds until a job that failed is tried again, times the attempt. One that was killed waits out its time, and what
is no job is not waited for."""

_answer = gateway_handler(application)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a request, or do the jobs of a batch."""
    return _work(event, context) if "Records" in event else _answer(event, context)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def _work(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Do jobs, and tell Lambda which ones must come again."""
    del context
    failed = [call.message_id for call in map(Call.of, event["Records"]) if not _done(call)]
    metrics.add_metric(name="JobsFailed", unit=MetricUnit.Count, value=len(failed))
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}


def _done(call: Call) -> bool:
    try:
        job = jobs().worker(call)
    except HooklineError as error:
        logger.error("job left", code=error.code, attempt=call.attempt)  # noqa: TRY400  # its cause may hold a message
        _hide(call, seconds=0 if isinstance(error, JobUnknownError) else _PAUSE * call.attempt)
        return False
    logger.info("job done", job=job.job_id, status=job.status)
    return True


def _hide(call: Call, *, seconds: int) -> None:
    try:
        jobs().queue.hide(call.receipt, seconds=seconds)
    except UnavailableError as error:
        logger.warning("wait not set", code=error.code)
