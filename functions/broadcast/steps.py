"""The steps as the use case sees them: each asked with one piece of news, each safe to ask again."""

from collections.abc import Sequence

from hookline_core.clock import Clock
from hookline_core.contracts import Message
from hookline_core.stores.counters import CounterStore

from broadcast.change import Change
from broadcast.live import Reach


class CountOnce:
    """Counts a message, and each change of its feedback, once."""

    def __init__(self, counters: CounterStore, marker_table: str, clock: Clock) -> None:
        self._counters = counters
        self._marker_table = marker_table
        self._clock = clock

    def add(self, message: Message) -> bool:
        """Count a message. Return whether it was counted now."""
        return self._counters.count(message, marker_table=self._marker_table, moment=self._clock())

    def add_change(self, change: Change) -> bool:
        """Count changed feedback. Return whether it was counted now."""
        return self._counters.count_feedback(
            change.message,
            before=change.before,
            turn=change.turn,
            marker_table=self._marker_table,
            moment=self._clock(),
        )


class NoConsoles:
    """Stands in for live updates where there is no WebSocket API."""

    def send(self, messages: Sequence[Message], changes: Sequence[Change]) -> Reach:
        """Reach nobody."""
        del messages, changes
        return Reach()
