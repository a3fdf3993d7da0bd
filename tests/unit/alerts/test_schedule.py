"""When it is tried again."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from alerts.schedule import LONGEST_ASKED, Schedule, retry_after
from alerts.settings import AlertsSettings
from hookline_core.settings import SettingsError
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW

NEEDED = {name.upper(): "x" for name, field in AlertsSettings.model_fields.items() if field.is_required()}


def test_waits_follow_the_plan_and_end_with_it() -> None:
    schedule = Schedule((5, 300, 1800), spread=lambda: 1)
    assert [schedule.wait(attempts) for attempts in range(1, 6)] == [5, 300, 1800, None, None]


def test_what_failed_together_does_not_come_back_together() -> None:
    waits = {Schedule((1000,)).wait(1) or 0 for _ in range(200)}
    assert len(waits) > 50
    assert min(waits) >= 900
    assert max(waits) <= 1100


def test_it_is_never_tried_earlier_than_the_receiver_asks() -> None:
    schedule = Schedule((5, 300), spread=lambda: 1)
    assert schedule.wait(1, asked=60) == 60
    assert schedule.wait(2, asked=60) == 300
    assert schedule.wait(1, asked=10**9) == LONGEST_ASKED


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        ("-5", 0),
        ("1.5", 0),
        ("soon", 0),
        ("9" * 5000, 0),
        ("١٢٠", 0),
        (format_datetime(NOW + timedelta(minutes=5), usegmt=True), 300),
        (format_datetime(NOW - timedelta(minutes=5), usegmt=True), 0),
        ("Mon, 23 Nov 2026 06:05:00 -0000", 300),
        ("Mon, 99 Nov 2026 06:05:00 GMT", 0),
        ("0\x1f", 0),
        ("7\x1f", 7),
        (f"Mon, 23 Nov {10**20} 06:05:00 GMT", 0),
        ("Mon, 01 Jan 0001 00:00:00 +2300", 0),
    ],
)
def test_retry_after(header: str | None, seconds: int) -> None:
    assert retry_after(header, moment=NOW) == seconds


@given(st.text())
def test_no_header_breaks_it(header: str) -> None:
    assert retry_after(header, moment=NOW) >= 0


def test_the_plan_is_a_setting() -> None:
    settings = AlertsSettings.from_environment({**NEEDED, "WEBHOOK_RETRY_SECONDS": "1,2,3"})
    assert settings.webhook_retry_seconds == (1, 2, 3)
    assert AlertsSettings.from_environment(NEEDED).webhook_retry_seconds[:3] == (5, 300, 1800)


@pytest.mark.parametrize("value", ["", "a", "1,,2", "-1", ",".join(["1"] * 21)])
def test_a_plan_that_is_none_is_named(value: str) -> None:
    with pytest.raises(SettingsError, match="WEBHOOK_RETRY_SECONDS"):
        AlertsSettings.from_environment({**NEEDED, "WEBHOOK_RETRY_SECONDS": value})
