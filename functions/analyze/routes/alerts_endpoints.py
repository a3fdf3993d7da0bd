"""``/alerts/endpoints``: where alerts go."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from hookline_core.alerting.endpoints import EndpointType, Filter, Listed
from hookline_core.errors import InvalidRequestError
from hookline_core.stores.endpoints import EndpointStore
from hookline_core.web.app import Admin, router
from hookline_ml import CATEGORIES
from pydantic import BaseModel, Field, StringConstraints

from analyze.endpoints import Endpoints, Wanted
from analyze.inputs import Input

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Url = Annotated[str, StringConstraints(max_length=2048)]
Address = Annotated[str, StringConstraints(max_length=320)]
Status = Literal["enabled", "disabled"]


class EndpointChange(Input):
    """What to change of an endpoint. What is absent stays."""

    name: Name | None = None
    url: Url | None = Field(default=None, description="Where requests go; for `smtp`, `smtp://user:password@host:port`")
    address: Address | None = Field(
        default=None,
        description="For `email` and `smtp` who gets it, for `sms` the number, for `pagerduty` the routing key",
    )
    sender: Address | None = Field(default=None, description="For `smtp`: the address that mail comes from")
    filter: Filter | None = None
    status: Status | None = None

    def wanted(self) -> Wanted:
        """Return what is asked for.

        Raises
        ------
        InvalidRequestError
            If a category does not exist.
        """
        for number, code in enumerate(self.filter.categories if self.filter else []):
            if code not in CATEGORIES:
                raise InvalidRequestError("There is no such category.", pointer=f"/body/filter/categories/{number}")
        return Wanted(self.name, self.url, self.address, self.sender, self.filter, self.status)


class EndpointRequest(EndpointChange):
    """A new endpoint."""

    type: EndpointType
    name: Name


class LastDelivery(BaseModel):
    """The last attempt."""

    status: str = Field(description="The answer's HTTP status, or a code for why there was none")
    at: str


class EndpointResponse(BaseModel):
    """Where alerts go. Of URLs and keys only what is no secret is shown."""

    endpoint_id: str
    name: str
    type: EndpointType
    url: str | None
    address: str | None
    status: Status
    disabled_reason: Literal["by_admin", "gone", "failing"] | None
    filter: Filter
    created_at: str
    last_delivery: LastDelivery | None

    @classmethod
    def of(cls, listed: Listed) -> "EndpointResponse":
        """Show an endpoint."""
        return cls(**_fields(listed))


class EndpointWithSecret(EndpointResponse):
    """An endpoint, and what its webhooks are signed with. It is shown this once."""

    secret: str | None = Field(description="For `webhook`: verify signatures with it")


class EndpointList(BaseModel):
    """All endpoints, oldest first."""

    items: list[EndpointResponse]
    next: str | None = None


class TestResponse(BaseModel):
    """A test that is on its way. See the deliveries for what came of it."""

    event_id: str
    delivery_id: str | None = Field(description="Null for what the topic itself delivers")


def routes(store: EndpointStore, endpoints: Endpoints) -> APIRouter:
    """Return the routes that keep endpoints."""
    paths = router()

    @paths.get("/alerts/endpoints", tags=["alerts"], summary="List where alerts go")
    def get_endpoints(_caller: Admin) -> EndpointList:
        return EndpointList(items=[EndpointResponse.of(listed) for listed in store.all()])

    @paths.post("/alerts/endpoints", tags=["alerts"], status_code=201, summary="Add an endpoint")
    def post_endpoint(body: EndpointRequest, _caller: Admin) -> EndpointWithSecret:
        listed, secret = endpoints.add(body.type, body.wanted())
        return EndpointWithSecret(**_fields(listed), secret=secret)

    @paths.get("/alerts/endpoints/{endpoint_id}", tags=["alerts"], summary="Show an endpoint")
    def get_endpoint(endpoint_id: str, _caller: Admin) -> EndpointResponse:
        return EndpointResponse.of(store.get(endpoint_id))

    @paths.patch("/alerts/endpoints/{endpoint_id}", tags=["alerts"], summary="Change an endpoint")
    def patch_endpoint(endpoint_id: str, body: EndpointChange, _caller: Admin) -> EndpointResponse:
        return EndpointResponse.of(endpoints.change(endpoint_id, body.wanted()))

    @paths.delete("/alerts/endpoints/{endpoint_id}", tags=["alerts"], status_code=204, summary="Delete an endpoint")
    def delete_endpoint(endpoint_id: str, _caller: Admin) -> Response:
        endpoints.delete(endpoint_id)
        return Response(status_code=204)

    @paths.post("/alerts/endpoints/{endpoint_id}/rotate", tags=["alerts"], summary="Give an endpoint a new secret")
    def post_rotate(endpoint_id: str, _caller: Admin) -> EndpointWithSecret:
        """For a day both secrets sign, so that the receiver can change over."""
        listed, secret = endpoints.rotate(endpoint_id)
        return EndpointWithSecret(**_fields(listed), secret=secret)

    @paths.post("/alerts/endpoints/{endpoint_id}/test", tags=["alerts"], status_code=202, summary="Send a test")
    def post_test(endpoint_id: str, _caller: Admin) -> TestResponse:
        event, delivery_id = endpoints.test(endpoint_id)
        return TestResponse(event_id=event.id, delivery_id=delivery_id)

    return paths


def _fields(listed: Listed) -> dict[str, Any]:
    endpoint, standing = listed.endpoint, listed.standing
    last = {"status": standing.last_status, "at": standing.last_at} if standing.last_at else None
    return {
        **endpoint.model_dump(include={"endpoint_id", "name", "type", "url", "address", "filter", "created_at"}),
        "status": standing.status,
        "disabled_reason": standing.disabled_reason,
        "last_delivery": last,
    }
