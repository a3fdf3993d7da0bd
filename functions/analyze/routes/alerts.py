"""``/alerts``: what was raised, who takes care of it, and by what policy."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from hookline_core.alerting.policy import Policy
from hookline_core.clock import Clock
from hookline_core.stores.alerts import AlertRow, AlertStore
from hookline_core.stores.endpoints import EndpointStore
from hookline_core.web.app import Admin, Analyst, router
from pydantic import BaseModel, ConfigDict, Field

from analyze import cursor
from analyze.acknowledging import Acknowledge


class AlertQuery(BaseModel):
    """Which alerts a list shows."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["open", "acknowledged"] = "open"
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: str | None = None


class AlertResponse(BaseModel):
    """Messages that belong together."""

    alert_id: str
    group: str = Field(description="What the messages have in common, as in `sender:+12025550143`")
    title: str
    risk_level: str
    category_code: str
    phone_number: str | None = Field(description="The sender, if that is what they have in common")
    first_at: str
    last_at: str
    messages: int = Field(description="Since the alert opened")
    total_messages: int = Field(description="Also before it opened anew")
    notified: int = Field(description="How often people were told")
    status: Literal["open", "acknowledged"]
    acknowledged_by: str | None = Field(description="Public id of the key")
    acknowledged_at: str | None
    latest_message_id: str

    @classmethod
    def of(cls, row: AlertRow) -> "AlertResponse":
        """Show an alert."""
        return cls(
            alert_id=row.alert_id,
            group=row.group,
            title=row.title,
            risk_level=row.level,
            category_code=row.category_code,
            phone_number=row.phone_number,
            first_at=row.first_at,
            last_at=row.last_at,
            messages=row.messages,
            total_messages=row.total,
            notified=row.notified,
            status=row.status,
            acknowledged_by=row.acknowledged_by,
            acknowledged_at=row.acknowledged_at,
            latest_message_id=row.latest_message_id,
        )


class AlertList(BaseModel):
    """A page of alerts, last active first."""

    items: list[AlertResponse]
    next: str | None


def routes(alerts: AlertStore, acknowledge: Acknowledge, endpoints: EndpointStore, clock: Clock) -> APIRouter:
    """Return the routes about alerts and their policy."""
    paths = router()

    @paths.get("/alerts", tags=["alerts"], summary="List alerts")
    def get_alerts(query: Annotated[AlertQuery, Query()], _caller: Analyst) -> AlertList:
        filters = {"alerts": query.status}
        after = None
        if query.cursor:
            last_at, alert_id = cursor.decode(query.cursor, filters, length=2)
            after = (last_at, alert_id)
        rows, following = alerts.page(query.status, limit=query.limit, after=after, moment=clock())
        return AlertList(
            items=[AlertResponse.of(row) for row in rows],
            next=cursor.encode(list(following), filters) if following else None,
        )

    @paths.post("/alerts/{alert_id}/acknowledge", tags=["alerts"], summary="Take care of an alert")
    def post_acknowledge(alert_id: str, caller: Analyst) -> AlertResponse:
        """It goes on counting, and tells nobody more until it was silent for a while and comes back."""
        return AlertResponse.of(acknowledge(alert_id, by=caller.key_id))

    @paths.get("/alerts/policy", tags=["alerts"], summary="Show when alerts are raised and told")
    def get_policy(_caller: Analyst) -> Policy:
        return endpoints.policy()

    @paths.put("/alerts/policy", tags=["alerts"], summary="Say when alerts are raised and told")
    def put_policy(body: Policy, _caller: Admin) -> Policy:
        endpoints.set_policy(body)
        return body

    return paths
