"""Endpoints: where events go. What stands behind a URL tells which shape they are given."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from hookline_core.contracts import Alert

from alerts.chat import discord, slack, teams
from alerts.event import Event
from alerts.sender import Answer

USER_AGENT = "Hookline-Webhooks/1"
_ID_DIGITS = 12

Shape = Callable[[Alert], Mapping[str, Any]]

_HOSTS: Mapping[str, tuple[str, Shape]] = {
    "hooks.slack.com": ("slack", slack.message),
    "discord.com": ("discord", discord.message),
    "discordapp.com": ("discord", discord.message),
}
_DOMAINS: Mapping[str, tuple[str, Shape]] = {
    ".logic.azure.com": ("teams", teams.message),
    ".api.powerplatform.com": ("teams", teams.message),
}
"""Workflows, which have taken the place of Teams' own connectors."""


class Sender(Protocol):
    """Sends HTTP requests."""

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a POST request and return the response."""


class Endpoint(Protocol):
    """Takes events.

    Attributes
    ----------
    id
        Names the endpoint in the delivery log.
    """

    id: str

    def send(self, event: Event) -> Answer:
        """Deliver an event and return the answer.

        Raises
        ------
        HooklineError
            If it could not be sent, or was not answered.
        """


def endpoint_id(kind: str, url: str) -> str:
    """Return an endpoint's id. It does not show the URL, which may hold a token."""
    return f"{kind}-{hashlib.sha256(url.encode()).hexdigest()[:_ID_DIGITS]}"


def chat_at(url: str) -> tuple[str, Shape] | None:
    """Return the chat service behind a URL and its shape of an alert; nothing, if it is not one we know."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    domain = next((found for end, found in _DOMAINS.items() if host.endswith(end)), None)
    return _HOSTS.get(host, domain)


class Chat:
    """An endpoint that shows events to people in a chat."""

    def __init__(self, url: str, kind: str, shape: Shape, *, sender: Sender) -> None:
        self.id = endpoint_id(kind, url)
        self._url = url
        self._shape = shape
        self._sender = sender

    def send(self, event: Event) -> Answer:
        """Deliver an event and return the service's answer.

        Raises
        ------
        HooklineError
            If it could not be sent, or was not answered.
        """
        body = json.dumps(self._shape(event.alert), separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT}
        return self._sender.post(self._url, headers=headers, body=body)
