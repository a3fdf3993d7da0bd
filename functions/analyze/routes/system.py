"""``/system``: what waits, and what answers."""

from fastapi import APIRouter
from hookline_core.web.app import Analyst, router
from hookline_ml import Cutoffs
from pydantic import BaseModel, Field

from analyze.health import Versions
from analyze.queues import Queues


class QueueResponse(BaseModel):
    """A queue, as nearly as it can tell."""

    name: str
    waiting: int = Field(description="Messages that wait for their turn, or for their next attempt")
    in_flight: int = Field(description="Messages that a function has in hand")
    dead: int = Field(description="Messages that kept failing: somebody must look")


class CutoffsResponse(BaseModel):
    """The scores at which the levels begin."""

    medium: int
    high: int
    critical: int


class SystemResponse(BaseModel):
    """What waits, what answers, and by which cut-offs."""

    queues: list[QueueResponse]
    cutoffs: CutoffsResponse
    model_version: str
    rules_version: str
    api_version: str


def routes(queues: Queues, versions: Versions, cutoffs: Cutoffs, *, api: str) -> APIRouter:
    """Return the route that tells of the system's state."""
    paths = router()

    @paths.get("/system", tags=["system"], summary="Queues, dead letters and versions")
    def get_system(_caller: Analyst) -> SystemResponse:
        serving = versions()
        return SystemResponse(
            queues=[QueueResponse.model_validate(depth, from_attributes=True) for depth in queues()],
            cutoffs=CutoffsResponse.model_validate(cutoffs, from_attributes=True),
            model_version=serving.model_version,
            rules_version=serving.rules_version,
            api_version=api,
        )

    return paths
