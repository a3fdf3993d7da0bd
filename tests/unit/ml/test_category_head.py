"""The head that tells categories apart keeps its weights, and forgets what tells nothing."""

import numpy as np
import pytest
from hookline_ml import base_model
from hookline_ml.category_head import CategoryHead
from hookline_ml.features import grams

_BITS = (12, 10)
_CODES = ("bank_impersonation", "parcel_delivery", "spam_marketing")
_FACTS = ("URL", "RULES")


def _head() -> CategoryHead:
    rng = np.random.default_rng(1)
    chars = rng.normal(size=(1 << _BITS[0], 3)).astype(np.float32)
    words = rng.normal(size=(1 << _BITS[1], 3)).astype(np.float32)
    chars[::2], words[::3] = 0, 0
    dense = rng.normal(size=(2, 3)).astype(np.float32)
    return CategoryHead.of(_CODES, _FACTS, chars, words, dense, np.array([0.5, 0, -0.5], np.float32))


def test_arrays_hold_the_whole_head() -> None:
    head = _head()
    again = CategoryHead.read(head.arrays(), _CODES, _FACTS, _BITS)
    assert {name: array.tobytes() for name, array in again.arrays().items()} == {
        name: array.tobytes() for name, array in head.arrays().items()
    }
    assert np.array_equal(again.ngrams.weights(), head.ngrams.weights())
    assert len(head.ngrams.counts) == 1 + (1 << _BITS[0]) // 2 + np.count_nonzero(np.arange(1 << _BITS[1]) % 3)


def test_odds_are_those_of_the_probabilities() -> None:
    head = _head()
    texts = ["your parcel is held", "a sale at the bank", ""]
    facts = [{"URL": 1.0}, {"RULES": 2.5, "never seen": 1.0}, {}]
    hashed = grams(texts, *_BITS)
    shares = head.probabilities(hashed, head.table(facts), range(3))
    odds = head.odds("parcel_delivery", "spam_marketing")
    assert odds is not None
    assert odds.of(hashed, head.table(facts)) == pytest.approx(
        np.log(shares[:, 1] / shares[:, 2]), abs=odds.error + 1e-4
    )
    assert 0 < odds.error < 1
    assert head.odds("romance", "spam_marketing") is None


def test_an_n_gram_without_a_row_says_nothing() -> None:
    head = base_model().head
    assert not head.ngrams.counts[0].any()
    assert (head.chars == 0).any()
    rows = [*head.chars[head.chars > 0], *head.words[head.words > 0]]
    assert rows == list(range(1, len(head.ngrams.counts)))
