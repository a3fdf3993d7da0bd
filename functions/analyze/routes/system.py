"""``/system``: what waits, and what answers."""

from fastapi import APIRouter
from hookline_core.web.app import Analyst, router
from pydantic import BaseModel, Field

from analyze.health import Versions
from analyze.queues import Queues


class QueueResponse(BaseModel):
    """A queue, as nearly as it can tell."""

    name: str
    waiting: int = Field(description="Messages that wait for their turn, or for their next attempt")
    in_flight: int = Field(description="Messages that a function has in hand")
    dead: int = Field(description="Messages that kept failing: somebody must look")


class SystemResponse(BaseModel):
    """What waits, and what answers."""

    queues: list[QueueResponse]
    model_version: str
    rules_version: str
    api_version: str


def routes(queues: Queues, versions: Versions, *, api: str) -> APIRouter:
    """Return the route that tells of the system's state."""
    paths = router()

    @paths.get("/system", tags=["system"], summary="Queues, dead letters and versions")
    def get_system(_caller: Analyst) -> SystemResponse:
        serving = versions()
        return SystemResponse(
            queues=[QueueResponse.model_validate(depth, from_attributes=True) for depth in queues()],
            model_version=serving.model_version,
            rules_version=serving.rules_version,
            api_version=api,
        )

    return paths
