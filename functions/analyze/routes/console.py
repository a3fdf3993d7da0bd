"""``/dashboard``, ``/docs``, ``/redoc``: pages, and the ticket that opens the live feed."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from hookline_core.clock import Clock, isoformat
from hookline_core.errors import NotFoundError, UnavailableError
from hookline_core.stores.access import TicketStore
from hookline_core.web.app import Analyst, router
from pydantic import BaseModel, Field

from analyze.pages import Pages


class TicketResponse(BaseModel):
    """A pass for one WebSocket connection."""

    ticket: str
    ws_url: str = Field(description="Connect to `ws_url?ticket=…`")
    expires_at: str


def routes(pages: Pages, tickets: TicketStore, clock: Clock, *, ws_url: str) -> APIRouter:
    """Return the routes of the console."""
    paths = router()
    policy = _content_security_policy(ws_url)
    documentation_policy = policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")

    @paths.post("/dashboard/ticket", tags=["console"], status_code=201, summary="Get a one-use WebSocket ticket")
    def post_ticket(caller: Analyst) -> TicketResponse:
        if not ws_url:
            raise UnavailableError("This deployment has no WebSocket API.")
        ticket = tickets.issue(caller, moment=clock())
        return TicketResponse(ticket=ticket.secret, ws_url=ws_url, expires_at=isoformat(ticket.expires_at))

    def page(name: str, content_policy: str) -> Callable[[Request], Response]:
        def get_page(request: Request) -> Response:
            return _file(pages, name, content_policy, request)

        return get_page

    for path, name, content_policy in (
        ("/dashboard", "index.html", policy),
        ("/docs", "docs.html", documentation_policy),
        ("/redoc", "redoc.html", documentation_policy),
        ("/openapi.json", "openapi.json", policy),
    ):
        paths.get(path, include_in_schema=False)(page(name, content_policy))

    @paths.get("/dashboard/", include_in_schema=False)
    def get_dashboard_with_slash(request: Request) -> RedirectResponse:
        # The page's links are relative to its path without a slash; so is this one, which knows no stage.
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"../dashboard{query}", status_code=308)

    @paths.get("/dashboard/{name:path}", include_in_schema=False)
    def get_asset(name: Annotated[str, Path(max_length=200)], request: Request) -> Response:
        return _file(pages, name, policy, request)

    return paths


def _file(pages: Pages, name: str, policy: str, request: Request) -> Response:
    page = pages.get(name)
    if page is None:
        raise NotFoundError("There is no such page.")
    headers = {"Cache-Control": page.cache_control, "Content-Security-Policy": policy}
    if not page.packed:
        return Response(page.content, media_type=page.media_type, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(page.unpacked(), media_type=page.media_type, headers=headers)
    return Response(page.content, media_type=page.media_type, headers={**headers, "Content-Encoding": "gzip"})


def _content_security_policy(ws_url: str) -> str:
    """Return the console's policy: nothing inline, nothing from elsewhere, and one socket."""
    origin = urlsplit(ws_url)
    socket = f" {origin.scheme}://{origin.netloc}" if origin.netloc else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src 'self'{socket}",
            "manifest-src 'self'",
            "worker-src 'self' blob:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
