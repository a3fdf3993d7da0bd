"""The use case: one event becomes a job for each endpoint that wants it."""

from collections.abc import Callable, Sequence

from hookline_core.alerting.endpoints import Listed, wanting
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
    """

    def __init__(self, endpoints: Callable[[], Sequence[Listed]], put: Callable[[Sequence[Job]], None]) -> None:
        self._endpoints = endpoints
        self._put = put

    def __call__(self, event: Event) -> int:
        """Make a job for each endpoint that wants an event, and return how many do.

        Raises
        ------
        UnavailableError
            If the endpoints cannot be read, or not all jobs were taken.
        """
        if event.type == "endpoint.test":
            return 0  # the topic has delivered it to the one endpoint that it is for
        found = wanting(self._endpoints(), event.type, event.level, event.category_code)
        self._put([Job(endpoint_id=listed.endpoint.endpoint_id, event=event) for listed in found])
        return len(found)
