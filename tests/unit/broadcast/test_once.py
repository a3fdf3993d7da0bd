"""A thing is done once, whatever happens around it."""

from datetime import timedelta

import pytest
from broadcast.once import LEASE, Once
from hookline_core.errors import UnavailableError
from hookline_core.stores.aws import client

from tests.builders import NOW
from tests.unit.faults import fault


class Killed(BaseException):
    """The function dies."""


@pytest.fixture
def once(tables: dict[str, str]) -> Once:
    """Return the memory."""
    return Once(client("dynamodb"), tables["TABLE_IDEMPOTENCY"])


@pytest.fixture
def done() -> list[int]:
    """Return where actions leave a trace."""
    return []


def test_done_once(once: Once, done: list[int]) -> None:
    assert once("a", lambda: done.append(1), moment=NOW)
    assert not once("a", lambda: done.append(2), moment=NOW)
    assert not once("a", lambda: done.append(3), moment=NOW + timedelta(days=1))
    assert once("b", lambda: done.append(4), moment=NOW)
    assert done == [1, 4]


def test_what_failed_can_be_done_again_at_once(once: Once, done: list[int]) -> None:
    def fail() -> None:
        raise UnavailableError("made to fail")

    with pytest.raises(UnavailableError, match="made to fail"):
        once("a", fail, moment=NOW)
    assert once("a", lambda: done.append(1), moment=NOW)


def test_after_a_crash_it_is_done_again_when_the_lease_has_ended(once: Once, done: list[int]) -> None:
    def die() -> None:
        raise Killed

    with pytest.raises(Killed):
        once("a", die, moment=NOW)
    with pytest.raises(UnavailableError, match="right now"):
        once("a", lambda: done.append(1), moment=NOW + LEASE - timedelta(seconds=1))
    assert once("a", lambda: done.append(2), moment=NOW + LEASE)
    assert done == [2]


def test_two_at_the_same_time_do_it_once(once: Once, done: list[int]) -> None:
    def meanwhile() -> None:
        done.append(1)
        with pytest.raises(UnavailableError, match="right now"):
            once("a", lambda: done.append(2), moment=NOW)

    assert once("a", meanwhile, moment=NOW)
    assert done == [1]


def test_without_the_table_nothing_is_done(once: Once, done: list[int]) -> None:
    with fault(client("dynamodb"), "PutItem"), pytest.raises(UnavailableError):
        once("a", lambda: done.append(1), moment=NOW)
    assert done == []


def test_what_was_done_counts_as_done_although_that_could_not_be_noted(once: Once, done: list[int]) -> None:
    broken = fault(client("dynamodb"), "PutItem")

    def act() -> None:
        done.append(1)
        broken.__enter__()

    try:
        assert once("a", act, moment=NOW)
    finally:
        broken.__exit__(None, None, None)
    assert done == [1]
