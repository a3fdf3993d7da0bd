"""Calls Hookline's REST API."""

import json
import urllib.error
import urllib.request
from typing import Any

from stack.errors import StackError

_TIMEOUT_SECONDS = 60
"""The first answers wait for the functions to start."""


def call(url: str, *, key: str | None = None, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send a request, a POST if there is a body, and return the JSON of the answer.

    Raises
    ------
    StackError
        If the API refuses, or does not answer.
    """
    headers = {"Content-Type": "application/json"} | ({"X-API-KEY": key} if key else {})
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
            content: dict[str, Any] = json.load(answer)
            return content
    except urllib.error.HTTPError as error:
        raise StackError(f"The API answers {error.code} to {url}: {error.read().decode(errors='replace')}") from error
    except (urllib.error.URLError, TimeoutError) as error:
        raise StackError(f"The API does not answer at {url}: {error}") from error
