"""The main use case: score messages, keep the verdicts, block the senders of Critical ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from hookline_core.clock import Clock, isoformat, utc_now
from hookline_core.contracts import Action, Analysis, Channel, ListName, Message, SenderOut
from hookline_core.errors import HooklineError, MessageEmptyError
from hookline_core.ids import new_id
from hookline_core.stores.messages import MessageStore, SenderChangedError
from hookline_core.stores.senders import automatic_block
from hookline_ml import EmptyMessageError, Level, Sender, Verdict

from analyze import trial
from analyze.lookup import Known, Lookup
from analyze.models import ModelSource

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Submission:
    """A message to score. The phone number is canonical."""

    message_content: str
    phone_number: str | None = None
    channel: Channel | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    dry_run: bool = False


class Analyze(Protocol):
    """Scores messages."""

    def one(self, submission: Submission) -> Analysis:
        """Score one message."""

    def many(self, submissions: Sequence[Submission]) -> list[Analysis | HooklineError]:
        """Score several messages; each has its own result or error."""


@dataclass(frozen=True, slots=True)
class Analyzer:
    """Scores messages with two round trips: one read before, one write after."""

    lookup: Lookup
    models: ModelSource
    messages: MessageStore
    table_senders: str
    clock: Clock = utc_now
    give_id: Callable[[datetime], str] = new_id

    def one(self, submission: Submission) -> Analysis:
        """Score one message, and keep it unless it is a dry run.

        Raises
        ------
        MessageEmptyError
            If nothing in it can be read.
        UnavailableError
            If it could not be kept. Then nothing was written.
        """
        for attempt in range(_TRIES):
            moment = self.clock()
            message = self._score(submission, self._known([submission], moment), moment)
            try:
                if not submission.dry_run:
                    self._keep(message, moment)
            except SenderChangedError:
                # Somebody put the sender on the allow list between our read and our write: look again.
                if attempt == _TRIES - 1:
                    raise
            else:
                break
        return _analysis(message)

    def many(self, submissions: Sequence[Submission]) -> list[Analysis | HooklineError]:
        """Score several messages and keep them."""
        moment = self.clock()
        known = self._known(submissions, moment)
        results: list[Analysis | HooklineError] = []
        plain: list[tuple[int, Message]] = []
        for position, submission in enumerate(submissions):
            try:
                message = self._score(submission, known, moment)
                results.append(_analysis(message))
                if submission.dry_run:
                    continue
                if message.action in _BLOCKING:
                    self._keep(message, moment)
                else:
                    plain.append((position, message))
            except SenderChangedError:
                results[position] = self._again(submission)
            except HooklineError as error:
                results[position:] = [error]
        try:
            self.messages.put_many([message for _, message in plain], moment=moment)
        except HooklineError as error:
            for position, _ in plain:
                results[position] = error
        return results

    def _again(self, submission: Submission) -> Analysis | HooklineError:
        try:
            return self.one(submission)
        except HooklineError as error:
            return error

    def _known(self, submissions: Sequence[Submission], moment: datetime) -> Known:
        numbers = [submission.phone_number for submission in submissions if submission.phone_number is not None]
        return self.lookup(numbers, moment=moment)

    def _score(self, submission: Submission, known: Known, moment: datetime) -> Message:
        entry = known.senders.get(submission.phone_number or "")
        listed = entry.list if entry else None
        try:
            verdict, shadow = trial.score(
                self.models,
                champion=known.champion,
                challenger=known.challenger,
                text=submission.message_content,
                sender=Sender(phone_number=submission.phone_number, listed=listed),
                channel=submission.channel,
                kept=not submission.dry_run,
            )
        except EmptyMessageError as error:
            raise MessageEmptyError(
                "The message holds nothing that could be read.", pointer="/body/message_content"
            ) from error
        action = _action(verdict, submission, listed)
        sender = SenderOut(
            phone_number=submission.phone_number, list="block" if action == "automatically_blacklisted" else listed
        )
        analysis = Analysis.from_verdict(
            verdict, message_id=self.give_id(moment), action=action, sender=sender, analyzed_at=isoformat(moment)
        )
        return Message(
            **dict(analysis),
            message_content=submission.message_content,
            phone_number=submission.phone_number,
            channel=submission.channel,
            metadata=submission.metadata,
            shadow=shadow,
        )

    def _keep(self, message: Message, moment: datetime) -> None:
        if message.action in _BLOCKING and message.phone_number is not None:
            block = automatic_block(
                self.table_senders,
                message.phone_number,
                evidence=message.message_id,
                reason=message.primary_reason,
                moment=moment,
            )
            self.messages.put_with_block(message, block, moment=moment)
        else:
            self.messages.put(message, moment=moment)


_BLOCKING = frozenset[Action]({"automatically_blacklisted", "already_blacklisted"})
"""Actions that touch the sender's entry: the block itself, or one more strike."""


def _action(verdict: Verdict, submission: Submission, listed: ListName | None) -> Action:
    if submission.dry_run or verdict.risk_level is Level.LOW:
        return "none"
    if verdict.risk_level is not Level.CRITICAL or submission.phone_number is None or listed == "allow":
        return "flagged"
    return "already_blacklisted" if listed == "block" else "automatically_blacklisted"


def _analysis(message: Message) -> Analysis:
    return Analysis.model_construct(**{name: getattr(message, name) for name in Analysis.model_fields})
