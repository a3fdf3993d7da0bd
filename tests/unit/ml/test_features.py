"""The featuriser gives a message the same features alone and among others."""

import numpy as np
from hookline_ml.features import LINK, grams
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
