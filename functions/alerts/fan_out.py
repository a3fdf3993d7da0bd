"""The use case: one event becomes a job for each endpoint that wants it."""

from collections.abc import Callable, Sequence

from hookline_core.alerting.endpoints import SUBSCRIBED, Listed, wanting
from hookline_core.alerting.events import Event
from hookline_core.stores.jobs import Job


class FanOut:
    """Hands an event to the endpoints. Doing it twice is safe: a delivery happens once, however many jobs ask for it.

    Parameters
    ----------
    endpoints
        Lists all endpoints.
    put
        Takes jobs.
    log
        Writes down that the topic has told an endpoint by itself.
    """

    def __init__(
        self,
        endpoints: Callable[[], Sequence[Listed]],
        put: Callable[[Sequence[Job]], None],
        log: Callable[[Event, str], None],
    ) -> None:
        self._endpoints = endpoints
        self._put = put
        self._log = log

    def __call__(self, event: Event) -> int:
        """Make a job for each endpoint that wants an event, and return how many do.

        What brought the event here has told e-mail addresses and phones as well.

        Raises
        ------
        UnavailableError
            If the endpoints cannot be read, not all jobs were taken, or not all could be written down.
        """
        if event.type == "endpoint.test":
            return 0  # the topic has delivered it to the one endpoint that it is for
        found = wanting(self._endpoints(), event.type, event.level, event.category_code)
        by_topic = {listed.endpoint.endpoint_id: listed.endpoint.type in SUBSCRIBED for listed in found}
        self._put([Job(endpoint_id=endpoint_id, event=event) for endpoint_id, told in by_topic.items() if not told])
        for endpoint_id in (endpoint_id for endpoint_id, told in by_topic.items() if told):
            self._log(event, endpoint_id)
        return len(found)
