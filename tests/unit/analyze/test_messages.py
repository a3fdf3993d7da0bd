"""Lists: newest first, no gaps, no repeats, whatever the filters and pages."""

from typing import Any

import pytest
from hookline_core.contracts import Message
from hookline_core.stores.aws import client
from hookline_core.stores.messages import MessageFilter, MessageStore

from tests.builders import NOW, a_harmless_message, a_message

DAY = 24 * 3600


@pytest.fixture
def store(tables: dict[str, str]) -> MessageStore:
    """Return a message store."""
    return MessageStore(client("dynamodb"), tables["TABLE_MESSAGES"], retention_seconds=DAY)


def _pages(store: MessageStore, wanted: MessageFilter, limit: int) -> tuple[list[str], int]:
    seen: list[str] = []
    before, requests = None, 0
    while True:
        page = store.page(wanted, limit=limit, before=before, moment=NOW)
        requests += 1
        assert len(page.items) <= limit
        seen += [message.message_id for message in page.items]
        if page.next_before is None:
            return seen, requests
        before = page.next_before


def _fill(store: MessageStore, count: int, **changes: Any) -> list[Message]:
    messages = [a_harmless_message(**changes) for _ in range(count)]
    store.put_many(messages, moment=NOW)
    return messages


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
def test_pages_join_into_the_whole_list(store: MessageStore, limit: int) -> None:
    messages = _fill(store, 60)
    seen, _ = _pages(store, MessageFilter(), limit)
    assert seen == sorted((message.message_id for message in messages), reverse=True)


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_filters_leave_nothing_out(store: MessageStore, limit: int) -> None:
    _fill(store, 40)
    wanted = [a_message(phone_number=None) for _ in range(5)]
    store.put_many(wanted, moment=NOW)
    _fill(store, 40)
    seen, _ = _pages(store, MessageFilter(level="Critical"), limit)
    assert seen == sorted((message.message_id for message in wanted), reverse=True)
    seen, _ = _pages(store, MessageFilter(category="bank_impersonation", level="Low"), limit)
    assert seen == []


def test_a_rare_filter_is_answered_in_parts(store: MessageStore) -> None:
    needle = a_message(phone_number=None)
    store.put(needle, moment=NOW)
    _fill(store, 150)
    seen, requests = _pages(store, MessageFilter(level="Critical"), 1)
    assert seen == [needle.message_id]
    assert requests > 1


def test_a_sender_has_a_list_of_its_own(store: MessageStore) -> None:
    _fill(store, 10, phone_number="+12025550001")
    theirs = _fill(store, 10, phone_number="+12025550002")
    seen, _ = _pages(store, MessageFilter(phone_number="+12025550002"), 3)
    assert seen == sorted((message.message_id for message in theirs), reverse=True)


def test_expired_messages_are_gone_before_the_table_forgets_them(store: MessageStore) -> None:
    (message,) = _fill(store, 1)
    later = NOW.replace(day=NOW.day + 2)
    assert store.get(message.message_id, moment=NOW) == message
    assert store.get(message.message_id, moment=later) is None
    assert store.page(MessageFilter(), limit=10, before=None, moment=later).items == []
