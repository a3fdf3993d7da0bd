"""Makes an AWS client fail on purpose, as AWS would."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any


@contextmanager
def fault(
    client: Any,
    operation: str,
    *,
    code: str = "InternalServerError",
    status: int = 500,
    times: int = 10**9,
    **more: Any,
) -> Iterator[list[str]]:
    """Let one operation of a client fail inside the block. Yields the list of calls that failed.

    Parameters
    ----------
    times
        How often it fails before it works again.
    more
        What else the error's response holds.

    Example
    -------
    >>> with fault(client("sns"), "Publish") as calls:
    ...     publish()
    """
    name = f"before-call.{client.meta.service_model.service_id.hyphenize()}.{operation}"
    calls: list[str] = []

    def answer(**_: Any) -> tuple[Any, dict[str, Any]] | None:
        if len(calls) == times:
            return None
        calls.append(operation)
        error = {
            "Error": {"Code": code, "Message": "made to fail"},
            "ResponseMetadata": {"HTTPStatusCode": status},
            **more,
        }
        return SimpleNamespace(status_code=status), error

    client.meta.events.register_first(name, answer)
    try:
        yield calls
    finally:
        client.meta.events.unregister(name, answer)
