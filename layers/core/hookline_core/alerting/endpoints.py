"""Endpoints: where alerts go, and which of them."""

from collections.abc import Sequence
from typing import Literal, get_args
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field

from hookline_core.contracts import Contract, LevelName
from hookline_core.errors import ConflictError

EndpointType = Literal["webhook", "slack", "teams", "discord", "pagerduty", "email", "smtp", "sms"]
"""The channels. ``email`` and ``sms`` are subscriptions of the alert topic, ``smtp`` speaks to a mail server."""

EventType = Literal[
    "analysis.critical",
    "analysis.high",
    "analysis.medium",
    "analysis.low",
    "alert.summary",
    "alert.digest",
    "alert.acknowledged",
    "endpoint.test",
    "endpoint.disabled",
]
"""What can be told. ``endpoint.test`` always reaches the endpoint that is tested, whatever its filter."""

SUBSCRIBED: frozenset[EndpointType] = frozenset({"email", "sms"})
"""Types that the topic itself delivers to."""

LEVELS: tuple[LevelName, ...] = get_args(LevelName)
TEMPLATE_ID = "ep_template"
"""The endpoint that the stack's own parameter names."""

MOST_ENDPOINTS = 50


class TooManyEndpointsError(ConflictError):
    """There is no room for one more endpoint."""

    code = "too_many_endpoints"


class Filter(Contract):
    """Which events an endpoint wants. What is empty or null lets everything pass."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_level: LevelName | None = None
    levels: list[LevelName] = Field(default_factory=list, max_length=len(LEVELS))
    categories: list[str] = Field(default_factory=list, max_length=40, description="`category_code`s")
    event_types: list[EventType] = Field(default_factory=list, max_length=20)

    def levels_wanted(self) -> list[LevelName]:
        """Return the levels that pass, least first."""
        least = LEVELS.index(self.min_level) if self.min_level else 0
        return [level for level in LEVELS[least:] if not self.levels or level in self.levels]

    def admits(self, event_type: str, level: LevelName | None, category_code: str | None) -> bool:
        """Tell whether an event passes. An event without a level or category is not held back by it."""
        return (
            (not self.event_types or event_type in self.event_types)
            and (level is None or level in self.levels_wanted())
            and (category_code is None or not self.categories or category_code in self.categories)
        )


class Endpoint(Contract):
    """Where alerts go, without its secrets.

    Attributes
    ----------
    url, address
        What may be shown of them: what is secret is left out.
    revision
        Counts the changes of what is secret, so that readers know when theirs is old.
    subscription
        The topic's name for the subscription, for types that the topic delivers to.
    """

    endpoint_id: str
    name: str
    type: EndpointType
    url: str | None = None
    address: str | None = None
    filter: Filter = Filter()
    created_at: str
    revision: int = 1
    subscription: str | None = None


class Standing(Contract):
    """How an endpoint fares.

    Attributes
    ----------
    disabled_reason
        ``by_admin``, ``gone`` (it answered 410) or ``failing`` (nothing was taken for days).
    failing_since
        When the first attempt failed after the last that did not.
    """

    status: Literal["enabled", "disabled"] = "enabled"
    disabled_reason: Literal["by_admin", "gone", "failing"] | None = None
    failing_since: str | None = None
    last_status: str | None = None
    last_at: str | None = None


class Listed(Contract):
    """An endpoint and how it fares."""

    endpoint: Endpoint
    standing: Standing

    @property
    def enabled(self) -> bool:
        """Whether events are sent to it."""
        return self.standing.status == "enabled"


class Target(Contract):
    """The secret part of an endpoint.

    Attributes
    ----------
    url
        Where requests go; for ``smtp`` the server, with user and password.
    address
        The mail address, phone number or routing key.
    sender
        The address that mail comes from; the user, if it is absent.
    """

    url: str = ""
    address: str = ""
    sender: str = ""


def masked(url: str) -> str:
    """Return a URL without what may be secret in it: the user, the path, the query.

    Example
    -------
    >>> masked("https://user:pass@hooks.example/services/T0/B0/key?token=1")
    'https://hooks.example/…'
    """
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    secret = parts.path.strip("/") or parts.query
    return f"{parts.scheme}://{host}{port}/{'…' if secret else ''}"


def shown(kind: EndpointType, target: Target) -> dict[str, str | None]:
    """Return what lists show of a target: ``url`` and ``address``."""
    address = f"…{target.address[-4:]}" if kind == "pagerduty" else target.address
    return {"url": masked(target.url) if target.url else None, "address": address or None}


def template_endpoint(url: str, kind: EndpointType) -> Endpoint:
    """Return the endpoint that the stack's own parameter names."""
    return Endpoint(
        endpoint_id=TEMPLATE_ID,
        name="WebhookUrl of the stack",
        type=kind,
        url=masked(url),
        created_at="1970-01-01T00:00:00.000Z",
    )


_CHAT_HOSTS: dict[str, EndpointType] = {
    "hooks.slack.com": "slack",
    "discord.com": "discord",
    "discordapp.com": "discord",
}
_CHAT_DOMAINS: dict[str, EndpointType] = {".logic.azure.com": "teams", ".api.powerplatform.com": "teams"}
"""Workflows, which have taken the place of Teams' own connectors."""


def type_at(url: str) -> EndpointType:
    """Return the type of the service behind a URL: a chat that we know, else a webhook."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return "webhook"
    if host in _CHAT_HOSTS:
        return _CHAT_HOSTS[host]
    return next((kind for end, kind in _CHAT_DOMAINS.items() if host.endswith(end)), "webhook")


def wanting(
    endpoints: Sequence[Listed], event_type: str, level: LevelName | None, category: str | None
) -> list[Listed]:
    """Return the endpoints that want an event.

    Those that were disabled because they failed are among them: what they miss goes to the dead letters.
    """
    return [
        listed
        for listed in endpoints
        if listed.standing.disabled_reason != "by_admin" and listed.endpoint.filter.admits(event_type, level, category)
    ]
