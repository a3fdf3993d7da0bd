"""A FastAPI app as our functions serve it: problems for errors, strict bodies, safe headers, roles."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request, Response, params
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as ASGIMessage

from hookline_core.errors import MalformedBodyError, PayloadTooLargeError, RoleError, UnsupportedMediaTypeError
from hookline_core.identity import Identity, Role
from hookline_core.web import problems
from hookline_core.web.event import identity_of

LARGEST_BODY = 4 * 1024 * 1024
"""Bytes of the largest body: what base64 leaves of the 6 MB that a Lambda invocation may carry."""

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
}


class Guard:
    """Outermost layer: sets safe headers, and answers an unexpected error as a problem.

    It stands inside the framework's own error layer, which would raise the error again once answered; the adapter
    would then log it with its text, and that text may hold a message.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started = False

        async def send_safely(message: ASGIMessage) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_safely)
        except Exception as error:  # the last resort: whatever it is, the caller gets a problem
            if started:
                raise
            await problems.unexpected(error, Request(scope))(scope, receive, send_safely)


class StrictRoute(APIRoute):
    """A route that looks at the body before it is parsed."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route's handler."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if self.body_field is not None:
                _check_body(request.headers.get("content-type", ""), await request.body())
            return await handle(request)

        return checked


def _check_body(content_type: str, body: bytes) -> None:
    if len(body) > LARGEST_BODY:
        raise PayloadTooLargeError(f"The body is larger than {LARGEST_BODY} bytes.")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaTypeError("Send the body as application/json.")
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise MalformedBodyError("The body is not UTF-8.") from error


def router() -> APIRouter:
    """Return a router of strict routes."""
    return APIRouter(route_class=StrictRoute)


def require(role: Role) -> params.Depends:
    """Return a dependency that lets callers of at least this role pass, and tells who they are."""

    def check(request: Request) -> Identity:
        identity = identity_of(request)
        if not identity.role.includes(role):
            raise RoleError(f"This call needs the role {role.value}.")
        return identity

    return params.Depends(check)


Client = Annotated[Identity, require(Role.CLIENT)]
Analyst = Annotated[Identity, require(Role.ANALYST)]
Admin = Annotated[Identity, require(Role.ADMIN)]


def create_app(*routers: APIRouter, title: str, version: str, description: str) -> FastAPI:
    """Put an app together from routers."""
    app = FastAPI(
        title=title,
        version=version,
        description=description,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    problems.install(app)
    for part in routers:
        app.include_router(part)

    app.add_middleware(Guard)
    return app
