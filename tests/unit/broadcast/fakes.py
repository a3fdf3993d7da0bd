"""Stand-ins for the parts that the stream's follower works with."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import boto3
from broadcast.change import Change
from broadcast.live import Reach
from broadcast.task import Task
from hookline_core.contracts import Message
from hookline_core.errors import UnavailableError
from hookline_core.sockets import ConnectionGoneError


def drain(url: str) -> list[str]:
    """Take everything out of a queue and return the bodies."""
    sqs = boto3.client("sqs")
    bodies: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            bodies.append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


class Step:
    """Takes messages, each new once; fails for the ids it is told to."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.broken: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, message: Message) -> bool:
        """Take a message."""
        if message.message_id in self.broken:
            raise UnavailableError("made to fail")
        with self._lock:
            new = message.message_id not in self.seen
            self.seen.append(message.message_id)
        return new

    raise_for = __call__
    add = __call__

    def add_change(self, change: Change) -> bool:
        """Take a change."""
        return self(change.message)

    keep = add_change


class Updates:
    """Takes live updates, or fails."""

    def __init__(self) -> None:
        self.sent: list[list[str]] = []
        self.told: list[list[str]] = []
        self.error: Exception | None = None

    def send(self, messages: Sequence[Message], changes: Sequence[Change]) -> Reach:
        """Send messages and changed feedback to every console."""
        if self.error:
            raise self.error
        self.sent.append([message.message_id for message in messages])
        self.told.append([change.message.message_id for change in changes])
        return Reach(sent=1)


class Retries:
    """Keeps tasks, until it breaks."""

    def __init__(self, *, room: int = 1000) -> None:
        self.kept: list[Task] = []
        self.asked = 0
        self._room = room

    def put(self, task: Task) -> None:
        """Keep a task."""
        self.asked += 1
        if len(self.kept) == self._room:
            raise UnavailableError("made to fail")
        self.kept.append(task)


class Connections:
    """Knows connections."""

    def __init__(self, *ids: str) -> None:
        self.known = list(ids)
        self.error: UnavailableError | None = None

    def ids(self, *, moment: datetime) -> Iterator[str]:
        """Yield the ids of all connections."""
        assert moment.tzinfo
        if self.error:
            raise self.error
        yield from list(self.known)

    def remove_gone(self, connection_id: str, *, moment: datetime) -> None:
        """Forget a connection."""
        assert moment.tzinfo
        self.known.remove(connection_id)


class Consoles:
    """Receives WebSocket messages; some consoles are gone, some do not answer."""

    def __init__(
        self, *, gone: Sequence[str] = (), broken: Sequence[str] = (), gate: Callable[[], None] | None = None
    ) -> None:
        self.received: dict[str, list[Any]] = {}
        self.at_once = 0
        self.most_at_once = 0
        self._gone = frozenset(gone)
        self._broken = frozenset(broken)
        self._gate = gate or (lambda: None)
        self._lock = threading.Lock()

    def post(self, connection_id: str, data: bytes) -> None:
        """Send one WebSocket message."""
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self._gate()
            if connection_id in self._gone:
                raise ConnectionGoneError("gone")
            if connection_id in self._broken:
                raise UnavailableError("made to fail")
            with self._lock:
                self.received.setdefault(connection_id, []).append(json.loads(data))
        finally:
            with self._lock:
                self.at_once -= 1
