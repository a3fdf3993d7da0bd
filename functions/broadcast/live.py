"""Live updates: every open console gets every new message, and what people say about messages."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from aws_lambda_powertools import Logger
from hookline_core.clock import Clock
from hookline_core.contracts import Message, Summary
from hookline_core.errors import UnavailableError
from hookline_core.sockets import ConnectionGoneError

from broadcast.change import Change
from broadcast.frames import frames_of

logger = Logger()

_POSTS_AT_ONCE = 32


class Connections(Protocol):
    """Knows which consoles are connected."""

    def ids(self, *, moment: datetime) -> Iterator[str]:
        """Yield the ids of all connections that can still be open."""

    def remove_gone(self, connection_id: str, *, moment: datetime) -> None:
        """Forget a connection that turned out to be closed."""


class Consoles(Protocol):
    """Reaches consoles."""

    def post(self, connection_id: str, data: bytes) -> None:
        """Send one WebSocket message."""


class _Result(Enum):
    SENT = "sent"
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reach:
    """How many consoles a live update reached."""

    sent: int = 0
    gone: int = 0
    failed: int = 0


class LiveUpdates:
    """Posts new messages and changed feedback to all consoles."""

    def __init__(self, connections: Connections, consoles: Consoles, clock: Clock) -> None:
        self._connections = connections
        self._consoles = consoles
        self._clock = clock

    def send(self, messages: Sequence[Message], changes: Sequence[Change] = ()) -> Reach:
        """Send messages and changed feedback to every console.

        A console that cannot be reached is not tried again: it asks for what it missed when it is back.

        Raises
        ------
        UnavailableError
            If the connections cannot be listed. Nothing was sent then.
        """
        moment = self._clock()
        frames = [
            *frames_of("messages", map(Summary.of, messages)),
            *frames_of("feedback", [change.update() for change in changes]),
        ]
        connection_ids = list(self._connections.ids(moment=moment))

        def reach(connection_id: str) -> _Result:
            return self._reach(connection_id, frames, moment)

        with ThreadPoolExecutor(_POSTS_AT_ONCE) as pool:
            results = list(pool.map(reach, connection_ids))
        return Reach(results.count(_Result.SENT), results.count(_Result.GONE), results.count(_Result.FAILED))

    def _reach(self, connection_id: str, frames: Sequence[bytes], moment: datetime) -> _Result:
        try:
            for frame in frames:
                self._consoles.post(connection_id, frame)
        except ConnectionGoneError:
            return self._forget(connection_id, moment)
        except UnavailableError as error:
            logger.warning("console not reached", connection_id=connection_id, code=error.code)
            return _Result.FAILED
        return _Result.SENT

    def _forget(self, connection_id: str, moment: datetime) -> _Result:
        try:
            self._connections.remove_gone(connection_id, moment=moment)
        except UnavailableError as error:
            logger.warning("gone console not forgotten", connection_id=connection_id, code=error.code)
        return _Result.GONE
