"""Weights as whole steps: one byte for each weight, and the weight of a step.

A message sums up hundreds of weights, so that what rounding takes here it gives there.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST = 127  # steps to either side of zero


def in_steps(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return weights as whole steps, and the weight of a step: one for each column, or one for all of a single row."""
    size = np.abs(weights).max(0, initial=0) / _MOST
    size = np.where(size == 0, 1, size).astype(np.float32)
    return np.rint(weights / size).astype(np.int8), size


def of_steps(steps: NDArray[np.int8], size: NDArray[Any]) -> NDArray[np.float32]:
    """Return the weights that `in_steps` took."""
    weights: NDArray[np.float32] = np.multiply(steps, size, dtype=np.float32)
    return weights
