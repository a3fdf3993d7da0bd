"""A change of what people say about a message."""

from dataclasses import dataclass

from hookline_core.contracts import Feedback, FeedbackBrief, FeedbackUpdate, Message


@dataclass(frozen=True, slots=True)
class Change:
    """Feedback that was given, replaced or withdrawn.

    Parameters
    ----------
    message
        The message with what is said about it now.
    before
        What was said before.
    turn
        The number of this change among those of the message.
    changed_at
        ISO moment.
    """

    message: Message
    before: Feedback | None
    turn: int
    changed_at: str

    def update(self) -> FeedbackUpdate:
        """Return the change as live updates carry it."""
        return FeedbackUpdate(
            message_id=self.message.message_id,
            feedback=FeedbackBrief.of(self.message.feedback),
            changed_at=self.changed_at,
        )
