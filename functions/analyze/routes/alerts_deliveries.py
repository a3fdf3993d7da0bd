"""``/alerts/deliveries``: what reached which endpoint, and another try."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from hookline_core.clock import Clock
from hookline_core.stores.deliveries import Attempt, Delivery, DeliveryStore, delivery_id
from hookline_core.stores.endpoints import EndpointStore
from hookline_core.web.app import Admin, router
from pydantic import BaseModel, ConfigDict, Field

from analyze import cursor
from analyze.redelivery import Redelivery

StatusName = Literal["waiting", "failed", "delivered", "dead", "skipped", "published"]


class DeliveryQuery(BaseModel):
    """Which deliveries a list shows."""

    model_config = ConfigDict(extra="forbid")

    endpoint: str | None = Field(default=None, max_length=60, description="Id of an endpoint")
    status: StatusName | None = None
    message: str | None = Field(default=None, max_length=60, description="Id of the message that the event is about")
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: str | None = None

    def wanted(self, delivery: Delivery) -> bool:
        """Tell whether a delivery is to be shown."""
        return (
            self.status in {None, delivery.status.value}
            and self.message in {None, delivery.event.message_id}
            and self.endpoint in {None, delivery.endpoint_id}
        )


class AttemptResponse(BaseModel):
    """One attempt."""

    at: str
    number: int
    status: StatusName
    result: str = Field(description="The answer's status, or a code for why there was none")
    status_code: int | None
    duration_ms: int
    response_excerpt: str = Field(description="Made harmless; written by the receiver")

    @classmethod
    def of(cls, attempt: Attempt) -> "AttemptResponse":
        """Show an attempt."""
        return cls(
            at=attempt.at,
            number=attempt.number,
            status=attempt.status.value,
            result=attempt.result,
            status_code=int(attempt.result) if attempt.result.isdigit() else None,
            duration_ms=attempt.duration_ms,
            response_excerpt=attempt.excerpt,
        )


class DeliveryResponse(BaseModel):
    """One event to one endpoint. What is said of an attempt is said of the last one."""

    delivery_id: str
    endpoint_id: str
    endpoint_name: str | None = Field(description="Null if the endpoint was deleted")
    event_id: str
    event_type: str
    message_id: str | None
    status: StatusName = Field(
        description="`failed` waits for its next attempt; `dead` waits to be redriven; "
        "`published` was handed to the topic, which tells e-mail addresses and phones and reports no more"
    )
    attempt: int = Field(description="Attempts so far")
    status_code: int | None
    duration_ms: int | None
    response_excerpt: str | None
    at: str
    next_attempt_at: str | None
    attempts: list[AttemptResponse]

    @classmethod
    def of(cls, delivery: Delivery, name: str | None) -> "DeliveryResponse":
        """Show a delivery."""
        attempts = [AttemptResponse.of(attempt) for attempt in delivery.attempts]
        last = attempts[-1] if attempts else None
        return cls(
            delivery_id=delivery_id(delivery.event.id, delivery.endpoint_id),
            endpoint_id=delivery.endpoint_id,
            endpoint_name=name,
            event_id=delivery.event.id,
            event_type=delivery.event.type,
            message_id=delivery.event.message_id,
            status=delivery.status.value,
            attempt=len(attempts),
            status_code=last.status_code if last else None,
            duration_ms=last.duration_ms if last else None,
            response_excerpt=last.response_excerpt if last else None,
            at=last.at if last else delivery.begun_at,
            next_attempt_at=delivery.next_at,
            attempts=attempts,
        )


class DeliveryList(BaseModel):
    """A page of deliveries, newest first."""

    items: list[DeliveryResponse]
    next: str | None


class ReplayResponse(BaseModel):
    """A delivery that is on its way again."""

    delivery_id: str
    event_id: str


class RedriveResponse(BaseModel):
    """What was put into the queue again."""

    moved: int
    left: int = Field(description="Dead letters that cannot be read. They stay where they are")


def routes(deliveries: DeliveryStore, endpoints: EndpointStore, redelivery: Redelivery, clock: Clock) -> APIRouter:
    """Return the routes about deliveries."""
    paths = router()

    @paths.get("/alerts/deliveries", tags=["alerts"], summary="List deliveries, newest first")
    def get_deliveries(query: Annotated[DeliveryQuery, Query()], _caller: Admin) -> DeliveryList:
        """A page can be shorter than `limit` and still have a `next`: a rare filter is answered in parts."""
        filters = {"deliveries": query.model_dump(exclude={"limit", "cursor"})}
        after = None
        if query.cursor:
            begun_at, event_id, endpoint_id = cursor.decode(query.cursor, filters, length=3)
            after = (begun_at, event_id, endpoint_id)
        page = deliveries.page(
            endpoint_id=query.endpoint, wanted=query.wanted, limit=query.limit, after=after, moment=clock()
        )
        names = {listed.endpoint.endpoint_id: listed.endpoint.name for listed in endpoints.all()}
        return DeliveryList(
            items=[DeliveryResponse.of(delivery, names.get(delivery.endpoint_id)) for delivery in page.items],
            next=cursor.encode(list(page.following), filters) if page.following else None,
        )

    @paths.post(
        "/alerts/deliveries/{delivery_id}/replay", tags=["alerts"], status_code=202, summary="Deliver an event again"
    )
    def post_replay(delivery_id: str, _caller: Admin) -> ReplayResponse:
        """The same id and body, signed anew and marked as a replay."""
        return ReplayResponse(delivery_id=delivery_id, event_id=redelivery.replay(delivery_id).id)

    @paths.post("/alerts/dead-letters/redrive", tags=["alerts"], summary="Try all dead letters again")
    def post_redrive(_caller: Admin) -> RedriveResponse:
        moved, left = redelivery.redrive()
        return RedriveResponse(moved=moved, left=left)

    return paths
