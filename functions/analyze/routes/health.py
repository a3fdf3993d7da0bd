"""``/health``: for load balancers, monitors and people who wonder."""

from fastapi import APIRouter, Response
from hookline_core.web.app import router
from pydantic import BaseModel

from analyze.health import Health
from analyze.models import ModelSource


class HealthResponse(BaseModel):
    """Whether Hookline can do its work."""

    status: str
    checks: dict[str, str]
    model_version: str
    rules_version: str


def routes(health: Health, models: ModelSource) -> APIRouter:
    """Return the health route."""
    paths = router()

    @paths.get("/health", tags=["health"], summary="Health of the service and of what it depends on")
    def get_health(response: Response) -> HealthResponse:
        """Needs no key. Answers 503 while a part that analyses need does not work."""
        found = health()
        well = all(state == "ok" for state in found.values())
        response.status_code = 200 if well else 503
        return HealthResponse(
            status="ok" if well else "unavailable",
            checks=found,
            model_version=models.serving.model.version,
            rules_version=models.serving.rules.version,
        )

    return paths
