"""Errors as ``application/problem+json`` (RFC 9457): the one place where kinds of error meet HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from hookline_core.errors import (
    ConflictError,
    HooklineError,
    InvalidRequestError,
    MalformedBodyError,
    NotFoundError,
    PayloadTooLargeError,
    RoleError,
    UnavailableError,
    UnsupportedMediaTypeError,
)
from hookline_core.stores.aws import error_code
from hookline_core.web.event import request_id_of

logger = Logger()

STATUS: dict[type[HooklineError], int] = {
    InvalidRequestError: 422,
    MalformedBodyError: 400,
    UnsupportedMediaTypeError: 415,
    PayloadTooLargeError: 413,
    RoleError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    UnavailableError: 503,
}
"""The HTTP status of each kind; a kind that is not here has its parent's."""

TITLES = {
    400: "Bad request",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Payload too large",
    415: "Unsupported media type",
    422: "Invalid request",
    500: "Internal error",
    503: "Unavailable",
}

_CODES = {404: "not_found", 405: "method_not_allowed", 400: "malformed_body"}
"""Codes of the errors that the framework itself raises."""

_FIELD_CODES = {
    ("message_content", "string_too_short"): "message_empty",
    ("message_content", "string_too_long"): "message_too_long",
    ("phone_number", "phone_number_invalid"): "phone_number_invalid",
}
"""Inputs that are wrong so often that they have a code of their own."""


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """An error, as every caller gets it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldProblem] | None = None


def status_of(error: HooklineError) -> int:
    """Return the HTTP status for an error."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def problem_of(error: HooklineError, *, request_id: str) -> Problem:
    """Describe one of our own errors."""
    status = status_of(error)
    pointer = error.pointer if isinstance(error, InvalidRequestError) else None
    return Problem(
        title=TITLES[status],
        status=status,
        detail=error.detail,
        code=error.code,
        request_id=request_id,
        errors=[FieldProblem(pointer=pointer, detail=error.detail)] if pointer else None,
    )


def problem_of_fields(errors: Sequence[Any], *, request_id: str) -> Problem:
    """Describe what validation found. Input is never repeated: it may be somebody's message."""
    first = errors[0]
    if first["type"] == "json_invalid":
        return Problem(
            title=TITLES[400],
            status=400,
            detail="The body is not JSON.",
            code=MalformedBodyError.code,
            request_id=request_id,
        )
    found = [FieldProblem(pointer=_pointer(item["loc"]), detail=item["msg"]) for item in errors]
    return Problem(
        title=TITLES[422],
        status=422,
        detail=f"{found[0].pointer}: {found[0].detail}",
        code=_FIELD_CODES.get((str(first["loc"][-1]), first["type"]), InvalidRequestError.code),
        request_id=request_id,
        errors=found,
    )


def install(app: FastAPI) -> None:
    """Make an app answer every error as a problem."""

    @app.exception_handler(HooklineError)
    def ours(request: Request, error: HooklineError) -> JSONResponse:
        if status_of(error) >= 500:
            logger.error("request failed", code=error.code, detail=error.detail, cause=_cause(error))
        return _response(problem_of(error, request_id=request_id_of(request)))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return _response(problem_of_fields(error.errors(), request_id=request_id_of(request)))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        status = error.status_code
        detail = {
            400: "The body cannot be read.",
            404: "There is nothing at this path.",
            405: "This path does not take this method.",
        }.get(status, error.detail)
        problem = Problem(
            title=TITLES[status],
            status=status,
            detail=detail,
            code=_CODES[status],
            request_id=request_id_of(request),
        )
        return _response(problem, headers=error.headers)


def unexpected(error: Exception, request: Request) -> JSONResponse:
    """Answer an error that nobody raised on purpose."""
    # Only the kind and the place are logged: the error's text may hold a message.
    logger.error("unexpected error", kind=type(error).__name__, where=_where(error))
    problem = Problem(
        title=TITLES[500],
        status=500,
        detail="Something went wrong on our side.",
        code=HooklineError.code,
        request_id=request_id_of(request),
    )
    return _response(problem)


def _cause(error: HooklineError) -> str:
    """Name what lies behind an error, without its text."""
    cause = error.__cause__
    if isinstance(cause, ClientError):
        return f"{cause.operation_name}: {error_code(cause)}"
    return type(cause).__name__


def _where(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else "unknown"


def _pointer(location: Sequence[int | str]) -> str:
    """Write where a field is: ``/body/messages/3/phone_number``."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in location)


def _response(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    extra = {"Retry-After": "1"} if problem.status == 503 else {}
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=problem.status,
        media_type="application/problem+json",
        headers={**extra, **(headers or {})},
    )
