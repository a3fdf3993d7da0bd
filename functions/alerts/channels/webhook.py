"""The generic webhook: any event, signed by the Standard Webhooks specification."""

from hookline_core.alerting.events import Event
from hookline_core.alerting.signing import sign
from hookline_core.clock import Clock, epoch_seconds

from alerts.channels.port import USER_AGENT, Access, Sender
from alerts.sender import Answer


class Webhook:
    """A channel that takes events as they are."""

    def __init__(self, sender: Sender, clock: Clock) -> None:
        self._sender = sender
        self._clock = clock

    def send(self, event: Event, access: Access, *, replay: bool) -> Answer:
        """Deliver an event and return the receiver's answer.

        Raises
        ------
        HooklineError
            If it could not be sent, or was not answered.
        """
        body = event.body()
        timestamp = epoch_seconds(self._clock())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            "webhook-id": event.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(access.signing, event_id=event.id, timestamp=timestamp, body=body),
            **({"hookline-replay": "true"} if replay else {}),
        }
        return self._sender.post(access.target.url, headers=headers, body=body)
