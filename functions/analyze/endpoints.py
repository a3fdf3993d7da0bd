"""The use cases around endpoints: add, change, try out, rotate the secret, delete."""

import re
from dataclasses import dataclass
from typing import Literal, Protocol

from hookline_core.alerting.endpoints import (
    SUBSCRIBED,
    TEMPLATE_ID,
    Endpoint,
    EndpointType,
    Filter,
    Listed,
    Target,
    shown,
)
from hookline_core.alerting.events import Event, test_of
from hookline_core.alerting.guard import AddressRefusedError, Guard
from hookline_core.alerting.topic import fits
from hookline_core.clock import Clock, isoformat
from hookline_core.errors import ConflictError, InvalidRequestError
from hookline_core.ids import new_id
from hookline_core.stores.deliveries import delivery_id
from hookline_core.stores.endpoint_secrets import EndpointSecret, EndpointSecrets
from hookline_core.stores.endpoints import EndpointStore

from analyze import phone

PAGERDUTY = "https://events.pagerduty.com/v2/enqueue"
_BY_URL: frozenset[EndpointType] = frozenset({"webhook", "slack", "teams", "discord"})
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?", re.ASCII)
_ROUTING_KEY = re.compile(r"[A-Za-z0-9]{20,64}", re.ASCII)


class Topic(Protocol):
    """Delivers to subscriptions."""

    def publish(self, event: Event, *, only: str | None = None) -> None:
        """Tell the world about an event."""

    def subscribe(self, endpoint: Endpoint, address: str) -> str:
        """Let an address hear of what an endpoint wants, and return the subscription's name."""

    def refilter(self, endpoint: Endpoint, *, enabled: bool) -> None:
        """Change what the subscription of an endpoint lets pass."""

    def unsubscribe(self, subscription: str) -> None:
        """End a subscription."""


class Jobs(Protocol):
    """Takes deliveries that are to be made."""

    def put(self, event: Event, endpoint_id: str) -> None:
        """Let an event be delivered to one endpoint."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an admin asks for. What is ``None`` stays as it is."""

    name: str | None = None
    url: str | None = None
    address: str | None = None
    sender: str | None = None
    filter: Filter | None = None
    status: Literal["enabled", "disabled"] | None = None


class Endpoints:
    """Keeps endpoints on an admin's word.

    Parameters
    ----------
    region
        Of phone numbers that come without a country code.
    """

    def __init__(  # each part has one job
        self,
        store: EndpointStore,
        secrets: EndpointSecrets,
        topic: Topic,
        jobs: Jobs,
        guard: Guard,
        clock: Clock,
        *,
        region: str,
    ) -> None:
        self._store = store
        self._secrets = secrets
        self._topic = topic
        self._jobs = jobs
        self._guard = guard
        self._clock = clock
        self._region = region

    def add(self, kind: EndpointType, wanted: Wanted) -> tuple[Listed, str | None]:
        """Make an endpoint, and return it with the secret that its webhooks are signed with.

        Raises
        ------
        InvalidRequestError
            If nothing can be sent there.
        TooManyEndpointsError
            If there are as many as there may be.
        """
        moment = self._clock()
        target = self._target(kind, wanted, Target())
        _check_filter(kind, wanted.filter)
        endpoint = Endpoint(
            endpoint_id=f"ep_{new_id(moment)}",
            name=wanted.name or kind,
            type=kind,
            **shown(kind, target),
            filter=wanted.filter or Filter(),
            created_at=isoformat(moment),
        )
        secret = EndpointSecret.new(target)
        self._secrets.put(endpoint.endpoint_id, secret)
        if kind in SUBSCRIBED:
            subscription = self._topic.subscribe(endpoint, target.address)
            endpoint = endpoint.model_copy(update={"subscription": subscription})
        self._store.add(endpoint)
        if wanted.status == "disabled":
            self._set_status(endpoint, "disabled")
        return self._store.get(endpoint.endpoint_id), secret.signing if kind == "webhook" else None

    def change(self, endpoint_id: str, wanted: Wanted) -> Listed:
        """Change an endpoint.

        Raises
        ------
        NotFoundError
            If there is none of this id.
        ConflictError
            If what is to be changed is not the API's to change.
        InvalidRequestError
            If nothing can be sent there.
        """
        endpoint = self._store.get(endpoint_id).endpoint
        _check_filter(endpoint.type, wanted.filter)
        changes: dict[str, object] = {
            name: value for name, value in {"name": wanted.name, "filter": wanted.filter}.items() if value is not None
        }
        if (wanted.url, wanted.address, wanted.sender) != (None, None, None):
            changes |= self._move(endpoint, wanted)
        changed = endpoint.model_copy(update=changes)
        if changed != endpoint:
            self._store.change(changed)
        if wanted.status:
            self._set_status(changed, wanted.status)
        found = self._store.get(endpoint_id)
        if changed.subscription and wanted.filter:
            self._topic.refilter(changed, enabled=found.enabled)
        return found

    def rotate(self, endpoint_id: str) -> tuple[Listed, str]:
        """Give an endpoint a new signing secret, and return both. The one before signs for a day more.

        Raises
        ------
        NotFoundError
            If there is none of this id.
        ConflictError
            If nothing is signed for it, or its secret is the template's.
        """
        endpoint = self._store.get(endpoint_id).endpoint
        _ours(endpoint)
        if endpoint.type != "webhook":
            raise ConflictError("Only webhooks are signed. Change the url or address of this endpoint instead.")
        secret = self._secrets.get(endpoint_id).rotated(moment=self._clock())
        self._secrets.put(endpoint_id, secret)
        self._store.change(endpoint.model_copy(update={"revision": endpoint.revision + 1}))
        return self._store.get(endpoint_id), secret.signing

    def test(self, endpoint_id: str) -> tuple[Event, str | None]:
        """Send a test to an endpoint, also to one that is disabled. Return it, and the delivery's id if it has one.

        Raises
        ------
        NotFoundError
            If there is none of this id.
        """
        endpoint = self._store.get(endpoint_id).endpoint
        moment = self._clock()
        event = test_of(endpoint_id, endpoint.name, event_id=f"evt_{new_id(moment)}", timestamp=isoformat(moment))
        if endpoint.type in SUBSCRIBED:
            self._topic.publish(event, only=endpoint_id)
            return event, None
        self._jobs.put(event, endpoint_id)
        return event, delivery_id(event.id, endpoint_id)

    def delete(self, endpoint_id: str) -> None:
        """Forget an endpoint. What waits for it is not sent any more.

        Raises
        ------
        NotFoundError
            If there is none of this id.
        ConflictError
            If it is the template's.
        """
        endpoint = self._store.get(endpoint_id).endpoint
        _ours(endpoint)
        # The row goes last, so that a call that broke off can be made again.
        if endpoint.subscription:
            self._topic.unsubscribe(endpoint.subscription)
        self._secrets.delete(endpoint_id)
        self._store.delete(endpoint_id)

    def _move(self, endpoint: Endpoint, wanted: Wanted) -> dict[str, object]:
        """Change where an endpoint is, and return what changes in its row."""
        _ours(endpoint)
        if endpoint.subscription:
            raise ConflictError("A subscription keeps its address. Delete this endpoint and add another.")
        secret = self._secrets.get(endpoint.endpoint_id)
        target = self._target(endpoint.type, wanted, secret.target)
        self._secrets.put(endpoint.endpoint_id, secret.model_copy(update={"target": target}))
        return {**shown(endpoint.type, target), "revision": endpoint.revision + 1}

    def _set_status(self, endpoint: Endpoint, status: Literal["enabled", "disabled"]) -> None:
        if status == "enabled":
            self._store.enable(endpoint.endpoint_id)
        else:
            self._store.disable(endpoint.endpoint_id, "by_admin")
        if endpoint.subscription:
            self._topic.refilter(endpoint, enabled=status == "enabled")

    def _target(self, kind: EndpointType, wanted: Wanted, known: Target) -> Target:
        """Return where events go, checked as far as that can be done without asking a name server."""
        url = wanted.url if wanted.url is not None else known.url
        address = wanted.address if wanted.address is not None else known.address
        sender = wanted.sender if wanted.sender is not None else known.sender
        if kind == "pagerduty":
            url = url or PAGERDUTY
        if kind in _BY_URL and address:
            raise InvalidRequestError("This type has a url and no address.", pointer="/body/address")
        if kind in SUBSCRIBED and url:
            raise InvalidRequestError("This type has an address and no url.", pointer="/body/url")
        if kind not in SUBSCRIBED:
            self._check_url(url, mail=kind == "smtp")
        if kind == "sms":
            address = phone.canonical(address, region=self._region)
        _check_address(kind, address)
        if sender and (kind != "smtp" or not _MAIL.fullmatch(sender)):
            raise InvalidRequestError("This is no mail address, or no type that has one.", pointer="/body/sender")
        return Target(url=url, address=address, sender=sender)

    def _check_url(self, url: str, *, mail: bool) -> None:
        if not url:
            raise InvalidRequestError("This type needs a url.", pointer="/body/url")
        try:
            self._guard.inspect(url, mail=mail)
        except AddressRefusedError as error:
            raise InvalidRequestError(f"Nothing is sent there: {error.detail}.", pointer="/body/url") from error


def _check_address(kind: EndpointType, address: str) -> None:
    pattern = {"email": _MAIL, "smtp": _MAIL, "pagerduty": _ROUTING_KEY}.get(kind)
    if pattern and not pattern.fullmatch(address):
        what = "a routing key" if kind == "pagerduty" else "a mail address"
        raise InvalidRequestError(f"This type needs {what} as its address.", pointer="/body/address")


def _check_filter(kind: EndpointType, wanted: Filter | None) -> None:
    if kind in SUBSCRIBED and wanted and not fits(wanted):
        raise InvalidRequestError("This type takes fewer categories, levels and event types.", pointer="/body/filter")


def _ours(endpoint: Endpoint) -> None:
    if endpoint.endpoint_id == TEMPLATE_ID:
        raise ConflictError("This endpoint is a parameter of the stack, and its secret is in Secrets Manager.")
