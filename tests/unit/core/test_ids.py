"""Ids sort by time."""

from datetime import UTC, datetime, timedelta

from hookline_core.ids import NEWEST_ID, first_id_at, is_id, last_id_at, new_id
from hypothesis import given
from hypothesis import strategies as st

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
# hypothesis wants bounds without a zone
MOMENTS = st.datetimes(EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None), timezones=st.just(UTC))


@given(MOMENTS)
def test_every_id_lies_within_its_moment(moment: datetime) -> None:
    assert first_id_at(moment) <= new_id(moment) <= last_id_at(moment) < NEWEST_ID


@given(MOMENTS, st.timedeltas(min_value=timedelta(milliseconds=1), max_value=timedelta(days=30)))
def test_later_ids_are_greater(moment: datetime, later: timedelta) -> None:
    if moment.year < 9999:
        assert last_id_at(moment) < first_id_at(moment + later)


@given(st.text())
def test_no_other_text_is_an_id(text: str) -> None:
    assert not is_id(text) or len(text) == 26


def test_ids_are_recognised() -> None:
    assert is_id(new_id(datetime(2026, 11, 23, tzinfo=UTC)))
    assert not is_id("")
    assert not is_id("01arz3ndektsv4rrffq69g5fav")
