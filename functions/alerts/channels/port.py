"""What a channel is, and what the channels over HTTP have in common."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hookline_core.alerting.endpoints import Target
from hookline_core.alerting.events import Event

from alerts.sender import Answer

USER_AGENT = "Hookline-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Access:
    """What is secret about an endpoint, as far as it counts now.

    Parameters
    ----------
    signing
        The secrets to sign with, the newest first.
    """

    target: Target
    signing: tuple[str, ...] = ()


class Channel(Protocol):
    """Delivers events to one kind of endpoint."""

    def send(self, event: Event, access: Access, *, replay: bool) -> Answer:
        """Deliver an event and return the answer.

        Raises
        ------
        HooklineError
            If it could not be sent, or was not answered.
        """


class Sender(Protocol):
    """Sends HTTP requests."""

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a POST request and return the response."""


Shape = Callable[[Event, Target], Mapping[str, Any]]


class Json:
    """A channel that takes JSON of a shape of its own, unsigned: the address itself is the secret."""

    def __init__(self, shape: Shape, sender: Sender) -> None:
        self._shape = shape
        self._sender = sender

    def send(self, event: Event, access: Access, *, replay: bool) -> Answer:
        """Deliver an event and return the service's answer.

        Raises
        ------
        HooklineError
            If it could not be sent, or was not answered.
        """
        del replay
        body = json.dumps(self._shape(event, access.target), separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT}
        return self._sender.post(access.target.url, headers=headers, body=body)
