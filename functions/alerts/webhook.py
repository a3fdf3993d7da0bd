"""The generic webhook: any event, signed, to one URL."""

from datetime import datetime
from typing import Protocol

from hookline_core.alerting.signing import sign
from hookline_core.clock import Clock, epoch_seconds

from alerts.endpoint import USER_AGENT, Sender, endpoint_id
from alerts.event import Event
from alerts.sender import Answer


class Secret(Protocol):
    """Knows what webhooks are signed with."""

    def current(self, *, moment: datetime) -> list[str]:
        """Return the secrets to sign with."""


class Webhook:
    """An endpoint that takes events by the Standard Webhooks specification."""

    def __init__(self, url: str, *, secret: Secret, sender: Sender, clock: Clock) -> None:
        self.id = endpoint_id("webhook", url)
        self._url = url
        self._secret = secret
        self._sender = sender
        self._clock = clock

    def send(self, event: Event) -> Answer:
        """Deliver an event and return the receiver's answer.

        Raises
        ------
        HooklineError
            If it could not be sent, or was not answered.
        """
        moment = self._clock()
        body = event.to_json()
        timestamp = epoch_seconds(moment)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            "webhook-id": event.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(
                self._secret.current(moment=moment), event_id=event.id, timestamp=timestamp, body=body
            ),
        }
        return self._sender.post(self._url, headers=headers, body=body)
