"""Weights are kept as whole steps, and what cannot be kept does not pass for a number."""

import numpy as np
import pytest
from hookline_ml.steps import Steps


def test_weights_come_back_to_half_a_step() -> None:
    weights = (np.random.default_rng(1).normal(size=(500, 3)) * (0.01, 1, 100)).astype(np.float32)
    steps = Steps.of(weights)

    assert steps.counts.dtype == np.int8
    assert steps.size.shape == (3,)
    assert (np.abs(steps.weights() - weights) <= steps.size * 0.5001).all()
    assert np.array_equal(steps.take(np.array([7, 0])), steps.weights()[[7, 0]])


def test_whole_steps_are_not_rounded_again() -> None:
    steps = Steps.of(np.random.default_rng(1).normal(size=500).astype(np.float32))

    assert np.array_equal(Steps.of(steps.weights()).counts, steps.counts)


def test_zeros_stay_zeros() -> None:
    steps = Steps.of(np.zeros(4, np.float32))

    assert not steps.counts.any()
    assert steps.size > 0


def test_no_weights_are_no_steps() -> None:
    assert Steps.of(np.zeros((0, 3), np.float32)).counts.shape == (0, 3)


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_weight_that_is_no_number_spoils_the_step(value: float) -> None:
    """So that a model with such a weight is refused when it is read."""
    assert not np.isfinite(Steps.of(np.array([1.0, value], np.float32)).size)
