"""Replays a sample of messages through the API, so that the console has something to show."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from stack import rest
from stack.places import SAMPLE
from stack.progress import say

When = Literal["empty", "again", "never"]
"""Replay into an empty stack only, once more, or not at all."""

_CLIENTS = 4


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
    if when == "never" or (when == "empty" and rest.call(f"{api_url}/messages?limit=1", key=analyst)["items"]):
        return
    messages = [json.loads(line) for line in sample.read_text().splitlines()]

    def send(message: dict[str, Any]) -> str:
        return str(rest.call(f"{api_url}/analyze", key=client, body=message)["risk_level"])

    levels: Counter[str] = Counter()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress, ThreadPoolExecutor(_CLIENTS) as clients:
        task = progress.add_task("Replaying the sample", total=len(messages))
        for level in clients.map(send, messages):
            levels[level] += 1
            progress.advance(task)
    say("  " + ", ".join(f"{level} {levels[level]}" for level in ("Low", "Medium", "High", "Critical")))
