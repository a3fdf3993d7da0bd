"""Messages of one template have one key; other messages have other keys."""

import json
from pathlib import Path

import pytest
from broadcast.campaign import campaign_of
from hypothesis import given
from hypothesis import strategies as st

SAMPLE = Path(__file__).parents[3] / "stack" / "sample.jsonl"
BASE = "Dear Anna, your parcel 381 is on hold at customs. Pay the outstanding fee of $1.99: https://post.test/a?b=1"
VARIANTS = [
    "Dear Maximilian, your parcel 99172 is on hold at customs. Pay the outstanding fee of $2.50: http://other.top/x",
    "dear anna your PARCEL is on-hold at customs! Pay the outstanding fee of 7 $ www.elsewhere.test/pay",
    "Dear Anna, y\u043eur p\u0430rcel 381 is on hold at \u0441ustoms. P\u0430y the outst\u0430nding fee: a.test",
    "Dear Anna,\u200b your par\u200bcel 381 is on hold at cust\u00f3ms. Pay the out\u00adstanding fee of EUR 3 b.ly/a",
    "Dear Anna, your p4rcel 381 is on hold at cust0ms. Pay the outst4nding fee of $1.99 https://post.test",
]


@pytest.mark.parametrize("text", VARIANTS)
def test_what_is_filled_in_or_disguised_changes_nothing(text: str) -> None:
    assert campaign_of(text) == campaign_of(BASE)


def test_the_messages_of_the_sample_are_rarely_thrown_together() -> None:
    texts = sorted({json.loads(line)["message_content"] for line in SAMPLE.read_text().splitlines()})
    keys = {campaign_of(text) for text in texts}
    assert len(keys) >= 0.9 * len(texts)


@given(st.text(max_size=300))
def test_any_text_has_a_key(text: str) -> None:
    assert len(campaign_of(text)) == 16


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ["a" * 10_000, "a." * 5_000, "@" * 10_000, "www." * 2500, "a-" * 5000, "dear " * 2000])
def test_the_longest_hostile_text_takes_no_time(text: str) -> None:
    assert campaign_of(text)
