"""The use case: messages become alerts, and people hear of them often enough and not more.

Every message is counted into the alert of its group, once. The first one is told at once. More of the same is counted
while the cool-down lasts, and told in one summary when it ends. Quiet hours and the digest put telling off, the flood
guard turns what is too much into a digest. Nothing of this loses a message: what was not told stays counted as untold
until it is.

Whatever breaks off is done again. The event that is about to be told is kept in the alert before it is told, so that
the next one who comes tells the same event, with the same id.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from aws_lambda_powertools import Logger
from hookline_core.alerting.endpoints import LEVELS
from hookline_core.alerting.events import Event
from hookline_core.alerting.policy import Policy
from hookline_core.clock import Clock, epoch_seconds
from hookline_core.contracts import LevelName, Message
from hookline_core.errors import NotFoundError, UnavailableError
from hookline_core.stores.alerts import AlertRow, AlertStore

from broadcast import events
from broadcast.flood import SPAN, FloodGuard, end_of_span
from broadcast.groups import group_of
from broadcast.once import Once
from broadcast.timers import Timer, TimerQueue

logger = Logger()

_MOST_IN_DIGEST = 500
"""Alerts that one digest covers. What is left comes with the next."""


class Topic(Protocol):
    """Tells events to everybody who wants them."""

    def publish(self, event: Event) -> None:
        """Tell an event."""


class Raise:
    """Raises alerts.

    Parameters
    ----------
    policy
        Reads the policy that holds now.
    marker_table
        Where it is marked that a message was counted.
    """

    def __init__(  # noqa: PLR0913  # each part has one job
        self,
        alerts: AlertStore,
        topic: Topic,
        timers: TimerQueue,
        flood: FloodGuard,
        once: Once,
        policy: Callable[[], Policy],
        clock: Clock,
        *,
        marker_table: str,
        dashboard_url: str,
    ) -> None:
        self._alerts = alerts
        self._topic = topic
        self._timers = timers
        self._flood = flood
        self._once = once
        self._policy = policy
        self._clock = clock
        self._marker_table = marker_table
        self._dashboard_url = dashboard_url

    def raise_for(self, message: Message) -> bool:
        """Raise the alert for a message that is grave enough. Return whether people were told now.

        Raises
        ------
        UnavailableError
            If not everything was done. It is safe to ask again.
        """
        policy = self._policy()
        if not _as_grave(message.risk_level, policy.min_level):
            return False
        group = group_of(message, policy)
        self._alerts.count(
            message,
            group,
            marker_table=self._marker_table,
            cooldown=timedelta(minutes=policy.cooldown_minutes),
            moment=self._clock(),
        )
        row = self._alerts.get(group.alert_id)
        event = events.of_message(message, incident=row.incident, dashboard_url=self._dashboard_url)
        return self._look(row, policy, message.risk_level, event)

    def fire(self, timer: Timer) -> bool:
        """Do what it is time for. Return whether people were told now.

        Raises
        ------
        UnavailableError
            If not everything was done. It is safe to ask again.
        """
        moment = self._clock()
        if timer.at > epoch_seconds(moment):
            self._timers.put(timer, moment=moment)
            return False
        policy = self._policy()
        if timer.alert_id is None:
            return self._digest(timer, policy)
        try:
            row = self._alerts.get(timer.alert_id)
        except NotFoundError:
            return False
        if row.notified > timer.after:
            return False
        event = events.of_summary(row, policy, dashboard_url=self._dashboard_url)
        return self._look(row, policy, row.level, event)

    def _look(self, row: AlertRow, policy: Policy, level: LevelName, event: Event) -> bool:
        """Tell people about an alert, if it is time; else see to it that somebody looks again when it is."""
        if row.status != "open" or row.unsent == 0:
            return False
        moment = self._clock()
        if policy.digest_minutes:
            self._expect(_digest_at(end_of_span(moment, timedelta(minutes=policy.digest_minutes))))
            return False
        if row.quiet_until > epoch_seconds(moment):
            # When people were told, a timer was set for the end of the cool-down.
            return False
        quiet_end = _quiet_end(policy, level, moment)
        if quiet_end > moment:
            self._expect(Timer(at=_ceil(quiet_end), alert_id=row.alert_id, after=row.notified))
            return False
        # Who wants to hear of every message hears of every message.
        guarded = policy.cooldown_minutes > 0 and row.telling is None
        if guarded and not self._flood.admits(moment=moment):
            logger.warning("flood held back", alert_id=row.alert_id)
            self._expect(_digest_at(end_of_span(moment, SPAN)))
            return False
        return self._tell(row, event, policy)

    def _tell(self, row: AlertRow, event: Event, policy: Policy) -> bool:
        moment = self._clock()
        told = 1 if event.message_id else row.unsent
        claimed = self._alerts.claim(row, event, told=told, moment=moment)
        if claimed is None:
            return self._yield_to_others(row)
        event = claimed.telling or event
        quiet_until = moment + timedelta(minutes=policy.cooldown_minutes)
        try:
            if policy.cooldown_minutes:
                timer = Timer(at=_ceil(quiet_until), alert_id=row.alert_id, after=row.notified + 1)
                self._timers.put(timer, moment=moment)
            self._topic.publish(event)
        except UnavailableError:
            self._alerts.release(claimed)
            raise
        self._alerts.settle(claimed, told=claimed.told, quiet_until=quiet_until)
        return True

    def _yield_to_others(self, row: AlertRow) -> bool:
        """Make sure that whoever told or is telling people comes to an end."""
        now = self._alerts.get(row.alert_id)
        if (now.notified, now.opened_by) == (row.notified, row.opened_by) and now.status == "open":
            raise UnavailableError("people are being told right now")
        return False

    def _expect(self, timer: Timer) -> None:
        """Set a timer, if it is not set yet."""
        moment = self._clock()
        name = f"timer#{timer.alert_id}#{timer.after}#{timer.at}"
        self._once(name, lambda: self._timers.put(timer, moment=moment), moment=moment)

    def _digest(self, timer: Timer, policy: Policy) -> bool:
        moment = self._clock()
        rows = self._alerts.untold(moment=moment, most=_MOST_IN_DIGEST)
        # What is only in its cool-down has a timer of its own.
        rows = [row for row in rows if policy.digest_minutes or row.quiet_until <= epoch_seconds(moment)]
        if not rows:
            return False
        gravest = max((row.level for row in rows), key=LEVELS.index)
        quiet_end = _quiet_end(policy, gravest, moment)
        if quiet_end > moment:
            self._expect(_digest_at(quiet_end))
            return False
        event = events.of_digest(rows, number=timer.at, moment=moment, dashboard_url=self._dashboard_url)
        told = self._once(f"digest-told#{timer.at}", lambda: self._topic.publish(event), moment=moment)
        quiet_until = moment + timedelta(minutes=policy.cooldown_minutes)
        for row in rows if told else []:
            self._alerts.settle(row, told=row.unsent, quiet_until=quiet_until)
            if policy.cooldown_minutes and not policy.digest_minutes:
                again = Timer(at=_ceil(quiet_until), alert_id=row.alert_id, after=row.notified + 1)
                self._timers.put(again, moment=moment)
        if not told or len(rows) == _MOST_IN_DIGEST:
            # What is left, or may be left because whoever told this digest before died, comes with another one.
            self._expect(_digest_at(end_of_span(moment, SPAN)))
        return told


def _as_grave(level: LevelName, least: LevelName) -> bool:
    return LEVELS.index(level) >= LEVELS.index(least)


def _quiet_end(policy: Policy, level: LevelName, moment: datetime) -> datetime:
    """Return until when telling waits because people are left in peace."""
    quiet = policy.quiet_hours
    if quiet is None or _as_grave(level, quiet.min_level):
        return moment
    return quiet.end(moment) or moment


def _digest_at(moment: datetime) -> Timer:
    return Timer(at=epoch_seconds(moment))


def _ceil(moment: datetime) -> int:
    return epoch_seconds(moment) + 1
