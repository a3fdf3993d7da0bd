"""Weights as whole steps: one byte for each weight, and the weight of a step.

A message sums up hundreds of weights, so that what rounding takes here it gives there. Nothing puts the weights back
together before they are summed: a message looks up hundreds of places in tables of a million, which takes the less time
the more of a table stays close to the processor.
"""

from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

_MOST = 127  # steps to either side of zero


class Steps(NamedTuple):
    """Weights of features, in one or several columns.

    Parameters
    ----------
    counts
        Shape (features,) or (features, columns): how many steps each weight is.
    size
        The weight of a step; of several columns, that of each.
    """

    counts: NDArray[np.int8]
    size: NDArray[np.float32]

    @classmethod
    def of(cls, weights: NDArray[np.float32]) -> Self:
        """Round weights to steps. A column that has a weight that is no number has no size that is one."""
        size = np.abs(weights).max(0, initial=0) / _MOST
        size = np.where(size == 0, 1, size).astype(np.float32)
        return cls(np.rint(weights / size).astype(np.int8), size)

    def weights(self) -> NDArray[np.float32]:
        """Return the weights, each to half a step as they were given."""
        return self._times(self.counts)

    def take(self, features: NDArray[Any]) -> NDArray[np.float32]:
        """Return the weights of some features."""
        return self._times(self.counts.take(features, axis=0))

    def _times(self, counts: NDArray[np.int8]) -> NDArray[np.float32]:
        weights: NDArray[np.float32] = np.multiply(counts, self.size, dtype=np.float32)
        return weights
