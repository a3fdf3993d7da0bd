"""The featuriser gives a message the same features alone and among others."""

import numpy as np
import pytest
from hookline_ml import load_rules
from hookline_ml.features import LINK, Wording, divisor, divisors, grams, wording
from hookline_ml.reading import read
from hookline_ml.steps import Steps
from hypothesis import given, settings
from hypothesis import strategies as st

_WORDS = st.text(st.sampled_from("ab 0,é日ก" + LINK), max_size=20)


@settings(max_examples=200, deadline=None)
@given(st.lists(_WORDS, min_size=1, max_size=6))
def test_a_message_has_the_same_features_alone_and_among_others(texts: list[str]) -> None:
    together = grams(texts, 12, 10)

    for place, text in enumerate(texts):
        alone = grams([text], 12, 10)
        chars = slice(together.char_starts[place], together.char_starts[place + 1])
        words = slice(together.word_starts[place], together.word_starts[place + 1])
        for order in range(len(alone.chars)):
            among = together.chars[order, chars][together.chars_valid[order, chars]]
            assert np.array_equal(among, alone.chars[order][alone.chars_valid[order]])
        for kind in range(2):
            among = together.words[kind, words][together.words_valid[kind, words]]
            assert np.array_equal(among, alone.words[kind][alone.words_valid[kind]])


def test_punctuation_and_spacing_say_nothing() -> None:
    plain, marked = grams(["claim your prize now"], 12, 10), grams(["claim... your -- prize,  now"], 12, 10)

    assert np.array_equal(plain.chars[plain.chars_valid], marked.chars[marked.chars_valid])
    assert np.array_equal(plain.words, marked.words)


def test_no_messages_have_no_features() -> None:
    assert not grams([], 12, 10).chars_valid.any()


def _read(text: str) -> Wording:
    return wording(read(text, load_rules()).signals)


def test_a_link_is_read_in_letters_of_its_own() -> None:
    found = _read("pay at http://Example1.top/x now")

    assert LINK in found.text
    assert not set("example.top/x") & set(found.text.split(LINK)[1].split(" ")[0])
    assert len(found.text) == len(found.offsets)
    assert found.text.endswith(" now")
    assert _read("pay at http://example7.top/x now").text == found.text


def test_only_the_beginning_of_a_long_link_is_read() -> None:
    long, longer = (_read(f"see http://example.com/{'a' * count} now") for count in (500, 900))

    assert long.text == longer.text
    assert long.offsets[-1] == len(f"see http://example.com/{'a' * 500} now") - 1


def test_nobody_can_write_the_letters_of_links_into_a_sentence() -> None:
    hostile = "".join(map(chr, range(0xE000, 0xE080)))

    assert not set(hostile) & set(_read(f"hello {hostile} there").text)


def test_a_long_letter_weighs_no_more_than_half_of_it() -> None:
    half = "please note that the office is closed on friday and see the page for the new hours of the desk. " * 10
    rng = np.random.default_rng(1)
    chars, words = (Steps.of(rng.normal(size=1 << bits).astype(np.float32)) for bits in (12, 10))
    once, twice = grams([half, half * 2], 12, 10).means(chars, words)

    assert twice == pytest.approx(once, rel=0.1)


def test_twice_as_many_n_grams_weigh_more_in_a_short_message() -> None:
    assert divisor(200, 1000) == pytest.approx(200**0.5)
    assert divisors(np.array([0, 4000]), 1000).tolist() == pytest.approx([1, 4000 / 1000**0.5])
