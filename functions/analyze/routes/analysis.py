"""``/analyze``: score messages."""

from fastapi import APIRouter, Request
from hookline_core.contracts import Analysis
from hookline_core.errors import HooklineError
from hookline_core.web.app import Client, router
from hookline_core.web.event import request_id_of
from hookline_core.web.problems import Problem, problem_of, problem_of_fields
from pydantic import BaseModel, ValidationError

from analyze.analysis import Analyze, Submission
from analyze.inputs import AnalyzeRequest, BatchRequest


class BatchItem(BaseModel):
    """What became of one message of a batch: its result, or its problem."""

    result: Analysis | None = None
    problem: Problem | None = None


class BatchResponse(BaseModel):
    """One item for each message, in the order they were sent."""

    results: list[BatchItem]


def routes(analyze: Analyze, *, region: str) -> APIRouter:
    """Return the routes that score messages."""
    paths = router()

    @paths.post("/analyze", tags=["analysis"], summary="Score a message")
    def post_analyze(body: AnalyzeRequest, _caller: Client) -> Analysis:
        return analyze.one(body.submission(region=region))

    @paths.post(
        "/analyze/batch", tags=["analysis"], summary="Score up to 100 messages", response_model_exclude_none=True
    )
    def post_batch(body: BatchRequest, request: Request, _caller: Client) -> BatchResponse:
        request_id = request_id_of(request)
        items = [_parse(item, region=region, request_id=request_id) for item in body.messages]
        verdicts = iter(analyze.many([item for item in items if isinstance(item, Submission)]))
        return BatchResponse(
            results=[
                BatchItem(problem=item) if isinstance(item, Problem) else _item(next(verdicts), request_id=request_id)
                for item in items
            ]
        )

    return paths


def _parse(item: object, *, region: str, request_id: str) -> Submission | Problem:
    try:
        return AnalyzeRequest.model_validate(item).submission(region=region)
    except ValidationError as error:
        found = [{**entry, "loc": ("body", *entry["loc"])} for entry in error.errors(include_url=False)]
        return problem_of_fields(found, request_id=request_id)
    except HooklineError as error:
        return problem_of(error, request_id=request_id)


def _item(verdict: Analysis | HooklineError, *, request_id: str) -> BatchItem:
    if isinstance(verdict, HooklineError):
        return BatchItem(problem=problem_of(verdict, request_id=request_id))
    return BatchItem(result=verdict)
