"""Keeps for good what people say about texts."""

import json
from dataclasses import dataclass

from hookline_core.contracts import Feedback
from hookline_core.stores.label_log import LabelLog
from hookline_core.stores.labels import text_hash, word_of

from broadcast.change import Change


@dataclass(frozen=True, slots=True)
class LabelKeeper:
    """Writes one object for each change that retraining can learn from. Its name comes from the change, so a change
    that is followed twice is kept once."""

    log: LabelLog

    def keep(self, change: Change) -> bool:
        """Keep a change. Return whether it was kept now."""
        line = _line(change)
        message_id = change.message.message_id
        return line is not None and self.log.write(f"feedback/{message_id}/{change.turn:06d}", [line])


def _line(change: Change) -> str | None:
    word = word_of(change.message, change.message.feedback)
    if word is not None:
        return word.to_json()
    if _learnt(change.before):
        withdrawal = {
            "text_hash": text_hash(change.message.message_content),
            "label": None,
            "source": "analyst",
            "given_at": change.changed_at,
            "message_id": change.message.message_id,
        }
        return json.dumps(withdrawal, separators=(",", ":"))
    return None


def _learnt(feedback: Feedback | None) -> bool:
    return feedback is not None and feedback.learn
