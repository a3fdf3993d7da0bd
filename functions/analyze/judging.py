"""The use case of feedback: a person says what a message is, and may take it back."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from hookline_core.clock import Clock
from hookline_core.contracts import Feedback
from hookline_core.errors import InvalidRequestError, NotFoundError
from hookline_core.ids import is_id
from hookline_core.stores.feedback import FeedbackChangedError, FeedbackStore, HistoryEntry, Standing

_PAUSES = (0.01, 0.05, 0.1, 0.2)
"""Seconds between tries when several people judge one message, or one text, at once."""


class SenderUnknownError(InvalidRequestError):
    """A message came without a number, so there is nobody to block or allow."""

    code = "sender_unknown"


@dataclass(frozen=True, slots=True)
class Judging:
    """Gives and withdraws feedback. Of two people at once, both are heard, and the later word counts."""

    store: FeedbackStore
    clock: Clock

    def give(self, message_id: str, feedback: Feedback) -> Feedback:
        """Make feedback the last word on a message.

        Raises
        ------
        NotFoundError
            If there is no such message.
        SenderUnknownError
            If its sender is to be listed, and it has none.
        ConflictError
            If others keep changing it. Nothing was written.
        """

        def change(standing: Standing) -> None:
            if feedback.list_action != "none" and standing.message.phone_number is None:
                raise SenderUnknownError("This message came without a sender's number.", pointer="/body/list_action")
            self.store.give(standing, feedback, moment=self.clock())

        self._change(message_id, change)
        return feedback

    def withdraw(self, message_id: str, *, by: str) -> None:
        """Take the last word on a message back.

        Raises
        ------
        NotFoundError
            If there is no such message, or nothing to take back.
        ConflictError
            If others keep changing it. Nothing was written.
        """

        def change(standing: Standing) -> None:
            if standing.message.feedback is None:
                raise NotFoundError("Nobody has said anything about this message.")
            self.store.withdraw(standing, by=by, moment=self.clock())

        self._change(message_id, change)

    def show(self, message_id: str) -> tuple[Feedback | None, list[HistoryEntry]]:
        """Return the last word on a message, and all that was said about it, newest first.

        Raises
        ------
        NotFoundError
            If there is no such message.
        """
        standing = self._find(message_id)
        return standing.message.feedback, self.store.history(message_id, moment=self.clock())

    def _change(self, message_id: str, change: Callable[[Standing], None]) -> None:
        """Read and change, and again after a moment if somebody else was faster."""
        for pause in _PAUSES:
            try:
                return change(self._find(message_id))
            except FeedbackChangedError:
                time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  # spreads load, guards nothing
        return change(self._find(message_id))

    def _find(self, message_id: str) -> Standing:
        standing = self.store.find(message_id, moment=self.clock()) if is_id(message_id) else None
        if standing is None:
            raise NotFoundError("There is no such message, or it has expired.")
        return standing
