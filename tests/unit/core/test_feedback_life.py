"""Whatever is said and taken back, in whatever order: rows, history, label and counters agree about the last word."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from hookline_core.clock import isoformat
from hookline_core.contracts import Feedback, Message
from hookline_core.stores.aws import client
from hookline_core.stores.counters import CounterStore
from hookline_core.stores.feedback import FeedbackStore
from hookline_core.stores.labels import Label, LabelStore, text_hash
from hookline_core.stores.messages import MessageFilter, MessageStore
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import NOW, a_feedback, a_message

DAY = 24 * 3600
_EXAMPLES = count()

words = st.builds(
    lambda verdict, learn: a_feedback(verdict=verdict, learn=learn and verdict != "unsure"),
    st.sampled_from(["scam", "legitimate", "spam", "unsure"]),
    st.booleans(),
)
steps = st.tuples(st.integers(0, 1), st.none() | words)
"""On which of two messages somebody says what, or takes the last word back."""


@dataclass
class _Said:
    """What should be known of one message."""

    message: Message
    words: list[Feedback] = field(default_factory=list)
    last: Feedback | None = None
    turns: int = 0


class Life:
    """Two messages with one text, in an hour of their own, so that examples do not meet."""

    def __init__(self, tables: dict[str, str]) -> None:
        self.tables, self.dynamodb = tables, client("dynamodb")
        self.messages = MessageStore(self.dynamodb, tables["TABLE_MESSAGES"], retention_seconds=DAY)
        self.labels = LabelStore(self.dynamodb, tables["TABLE_LABELS"])
        names = {name: tables[name.upper()] for name in ("table_messages", "table_feedback", "table_senders")}
        self.store = FeedbackStore(self.dynamodb, **names, labels=self.labels)
        number = next(_EXAMPLES)
        self.text, self.phone_number = f"Text number {number}", f"+1202555{number:04d}"
        self.hour = NOW + timedelta(hours=number)
        changes = {"message_content": self.text, "phone_number": self.phone_number, "analyzed_at": isoformat(self.hour)}
        self.both = [_Said(a_message(**changes)) for _ in range(2)]
        self.messages.put_many([said.message for said in self.both], moment=NOW)
        self.label: Label | None = None
        self.changes: list[tuple[Message, Feedback | None, int]] = []

    def take(self, said: _Said, word: Feedback | None) -> None:
        """Give feedback or take it back, and note what should come of it."""
        message_id = said.message.message_id
        standing = self.store.find(message_id, moment=NOW)
        assert standing is not None
        assert (standing.turn, standing.message.feedback) == (said.turns, said.last)
        if word is not None:
            self.store.give(standing, word, moment=NOW)
            said.words.append(word)
        elif said.last is not None:
            self.store.withdraw(standing, by="somebody", moment=NOW)
        else:
            return
        if word is not None and word.learn and word.verdict != "unsure":
            self.label = Label(self.text, word.verdict, "analyst", word.given_by, word.given_at, message_id=message_id)
        elif self.label is not None and self.label.message_id == message_id:
            self.label = None
        said.turns += 1
        self.changes.append((said.message.model_copy(update={"feedback": word}), said.last, said.turns))
        said.last = word

    def check_rows(self) -> None:
        """Check the messages, their histories, the list of what waits, and the label."""
        for said in self.both:
            found = self.messages.get(said.message.message_id, moment=NOW)
            assert found == said.message.model_copy(update={"feedback": said.last})
            history = self.store.history(said.message.message_id, moment=NOW)
            assert [entry.feedback for entry in history] == said.words[::-1]
            assert bool(said.last) is bool(history and history[0].withdrawn_at is None)
        wanted = MessageFilter(phone_number=self.phone_number, waiting=True)
        waiting = {found.message_id for found in self.messages.page(wanted, limit=9, before=None, moment=NOW).items}
        assert waiting == {said.message.message_id for said in self.both if said.last is None}
        words = self.labels.words([text_hash(self.text)])
        assert words.get(text_hash(self.text), []) == ([self.label] if self.label else [])

    def check_counters(self, luck: random.Random) -> None:
        """Follow every change twice, in any order, as the stream and the retry queue may, and check the counters."""
        counters = CounterStore(self.dynamodb, self.tables["TABLE_COUNTERS"])
        deliveries = [*self.changes, *self.changes]
        luck.shuffle(deliveries)
        for message, before, turn in deliveries:
            counters.count_feedback(
                message, before=before, turn=turn, marker_table=self.tables["TABLE_IDEMPOTENCY"], moment=NOW
            )
        tally: Counter[str] = Counter()
        for found in counters.hours(self.hour, self.hour + timedelta(minutes=30)):
            tally.update(found.counts)
        last = [said.last.verdict for said in self.both if said.last]
        expected = Counter(f"feedback:{verdict}" for verdict in last)
        expected["feedback:false_positives"] = last.count("legitimate")
        assert +tally == +expected


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_everything_agrees_about_the_last_word(
    tables: dict[str, str], taken: list[tuple[int, Feedback | None]], luck: random.Random
) -> None:
    life = Life(tables)
    for which, word in taken:
        life.take(life.both[which], word)
    life.check_rows()
    life.check_counters(luck)
