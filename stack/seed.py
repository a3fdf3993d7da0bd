"""Replays a sample of messages through the API, so that the console has something to show."""

import json
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from stack.errors import StackError
from stack.places import SAMPLE
from stack.progress import say

When = Literal["empty", "again", "never"]
"""Replay into an empty stack only, once more, or not at all."""

_CLIENTS = 4
_TIMEOUT_SECONDS = 60
"""The first answers wait for the functions to start."""


def replay(api_url: str, *, client: str, analyst: str, when: When, sample: Path = SAMPLE) -> None:
    """Send the sample's messages and show how far it is.

    Parameters
    ----------
    client, analyst
        Keys of these roles: one to send with, one to look whether there are messages.

    Raises
    ------
    StackError
        If the API refuses a message, or does not answer.
    """
    if when == "never" or (when == "empty" and _call(f"{api_url}/messages?limit=1", analyst)["items"]):
        return
    messages = [json.loads(line) for line in sample.read_text().splitlines()]

    def send(message: dict[str, Any]) -> str:
        return str(_call(f"{api_url}/analyze", client, message)["risk_level"])

    levels: Counter[str] = Counter()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress, ThreadPoolExecutor(_CLIENTS) as clients:
        task = progress.add_task("Replaying the sample", total=len(messages))
        for level in clients.map(send, messages):
            levels[level] += 1
            progress.advance(task)
    say("  " + ", ".join(f"{level} {levels[level]}" for level in ("Low", "Medium", "High", "Critical")))


def _call(url: str, key: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"X-API-KEY": key, "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
            content: dict[str, Any] = json.load(answer)
            return content
    except urllib.error.HTTPError as error:
        raise StackError(f"The API answers {error.code} to {url}: {error.read().decode(errors='replace')}") from error
    except (urllib.error.URLError, TimeoutError) as error:
        raise StackError(f"The API does not answer at {url}: {error}") from error
