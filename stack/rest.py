"""Calls Hookline's REST API."""

import json
import urllib.error
import urllib.request
from typing import Any

from stack.errors import StackError

_TIMEOUT_SECONDS = 60
"""The first answers wait for the functions to start."""


def call(
    url: str, *, key: str | None = None, body: dict[str, Any] | None = None, method: str | None = None
) -> dict[str, Any]:
    """Send a request and return the JSON of the answer; nothing, if there is none.

    Parameters
    ----------
    method
        A POST if there is a body, else a GET, unless something else is said.

    Raises
    ------
    StackError
        If the API refuses, or does not answer.
    """
    headers = {"Content-Type": "application/json"} | ({"X-API-KEY": key} if key else {})
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
            text = answer.read()
            content: dict[str, Any] = json.loads(text) if text else {}
            return content
    except urllib.error.HTTPError as error:
        raise StackError(f"The API answers {error.code} to {url}: {error.read().decode(errors='replace')}") from error
    except (urllib.error.URLError, TimeoutError) as error:
        raise StackError(f"The API does not answer at {url}: {error}") from error
