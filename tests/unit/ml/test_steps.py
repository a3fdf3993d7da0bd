"""Weights are kept as whole steps, and what cannot be kept does not pass for a number."""

import numpy as np
import pytest
from hookline_ml.steps import in_steps, of_steps


def test_weights_come_back_to_half_a_step() -> None:
    weights = np.random.default_rng(1).normal(size=(500, 3)).astype(np.float32) * (0.01, 1, 100)
    steps, size = in_steps(weights.astype(np.float32))

    assert steps.dtype == np.int8
    assert size.shape == (3,)
    assert (np.abs(of_steps(steps, size) - weights) <= size * 0.5001).all()


def test_zeros_stay_zeros() -> None:
    steps, size = in_steps(np.zeros(4, np.float32))

    assert not steps.any()
    assert size > 0


def test_no_weights_are_no_steps() -> None:
    assert in_steps(np.zeros((0, 3), np.float32))[0].shape == (0, 3)


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_weight_that_is_no_number_spoils_the_step(value: float) -> None:
    """So that a model with such a weight is refused when it is read."""
    assert not np.isfinite(in_steps(np.array([1.0, value], np.float32))[1])
