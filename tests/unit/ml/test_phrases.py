"""The words that a verdict names are ones that a reader can make sense of."""

import numpy as np
import pytest
from hookline_ml import load_rules
from hookline_ml.features import grams
from hookline_ml.phrases import MAX_PHRASES, heaviest_phrases
from hookline_ml.reading import read


def phrases(text: str, weights: dict[str, float], rest: float = 0.0) -> list[tuple[str, float]]:
    reading = read(text, load_rules())
    hashed = grams([reading.wording.text], 10, 10)
    joined = f" {reading.wording.text} "
    words = [
        joined[hashed.places[start] : hashed.places[end - 1] + 1].strip() for start, end in hashed.word_spans.tolist()
    ]
    found = heaviest_phrases(reading, hashed, np.array([weights.get(word, rest) for word in words]))
    for phrase in found:
        start, end = phrase.span
        assert " ".join(reading.normalised.text[start:end].split()) == phrase.text
    return [(phrase.text, round(phrase.weight, 3)) for phrase in found]


def test_a_heavy_word_takes_its_heavy_neighbours_with_it() -> None:
    found = phrases("We saw an Unusual activity there", {"unusual": 2.0, "activity": 1.0, "we": 0.1})

    assert found == [("Unusual activity", 3.0)]


def test_a_phrase_has_at_most_four_words_and_no_word_is_named_twice() -> None:
    text = "one two three four five six seven"

    assert phrases(text, {"four": 2.0}, 1.0) == [("one two three four", 5.0), ("five six seven", 3.0)]


@pytest.mark.parametrize("mark", [".", ",", "!", ":", " / ", "\n\n- "])
def test_a_phrase_ends_with_its_sentence(mark: str) -> None:
    found = phrases(f"open banking{mark} Please wait", {"banking": 2.0, "please": 1.5})

    assert found == [("banking", 2.0), ("Please", 1.5)]


def test_words_joined_by_a_hyphen_or_an_apostrophe_stay_together() -> None:
    assert phrases("sign-in didn't work", {"sign": 1.0, "in": 1.0}) == [("sign-in", 2.0)]


def test_a_short_word_alone_is_not_named_however_heavy() -> None:
    assert phrases("now you are here", {"you": 9.0, "here": 1.0}) == [("here", 1.0)]
    assert phrases("您 好", {"您": 1.0}) == [("您", 1.0)]


def test_links_are_no_words() -> None:
    assert phrases("visit example.com/a today", {}, 1.0) == [("visit", 1.0), ("today", 1.0)]


def test_there_are_only_so_many() -> None:
    text = ". ".join(["word"] * 30)

    assert len(phrases(text, {}, 1.0)) == MAX_PHRASES


def test_words_that_bring_little_are_not_named() -> None:
    assert phrases("plain words here", {}, 0.1) == []
