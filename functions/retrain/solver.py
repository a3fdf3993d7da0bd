"""Fits the linear heads of a model with scikit-learn."""

import warnings
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from retrain.matrix import Matrix

Floats = NDArray[np.float32]

Blocks: TypeAlias = list[tuple[Matrix, Floats]]
"""Kinds of features with the scale of each of their columns."""


@dataclass(frozen=True, slots=True)
class Penalty:
    """How freely weights may grow.

    Parameters
    ----------
    strength
        scikit-learn's C for n-grams.
    dense
        By what a dense feature is multiplied for the fit: the smaller, the tighter it is held.
    rounds
        The most rounds of the solver.
    """

    strength: float = 100.0
    dense: float = 0.1
    rounds: int = 100


def rarity(matrix: Matrix, *, at_least: int) -> Floats:
    """Return the scale of each n-gram, in 0..1: the rarer the higher; 0 for those in fewer than `at_least` messages."""
    counts = np.bincount(matrix.indices, minlength=matrix.shape[1])
    scale = np.log((matrix.shape[0] + 1) / (counts + 1)) + 1
    scale[counts < at_least] = 0
    scaled: Floats = (scale / max(scale.max(), 1)).astype(np.float32)
    return scaled


@dataclass(frozen=True, slots=True)
class Head:
    """Weights of a binary head, in the order of the columns it was fitted on."""

    weights: tuple[Floats, ...]
    bias: float


@dataclass(frozen=True, slots=True)
class Problem:
    """Messages laid out for the solver, which may weigh them differently each time.

    Parameters
    ----------
    columns
        All features that occur side by side, scaled. Half-sure messages stand a second time at the end.
    occurring
        Which of all features those are: most of them are in no message.
    scales
        The scale of each feature, block by block.
    targets
        In 0..1: how sure it is that a message is a scam. A half-sure message counts on both sides.
    """

    columns: Matrix
    occurring: NDArray[np.bool_]
    scales: tuple[Floats, ...]
    targets: Floats

    @classmethod
    def of(cls, blocks: Blocks, targets: Floats) -> "Problem":
        """Lay out blocks of features."""
        return cls.joined([scaled(blocks)], tuple(scale for _, scale in blocks), targets)

    @classmethod
    def joined(cls, parts: list[Matrix], scales: tuple[Floats, ...], targets: Floats) -> "Problem":
        """Lay out messages whose columns were scaled part by part.

        The parts are taken out of the list, so that the features exist twice for a moment only.
        """
        unsure = _unsure(targets)
        occurring = np.zeros(sum(map(len, scales)), np.bool_)
        again, start = [], 0
        for part in parts:
            occurring[part.indices] = True
            rows = unsure[(unsure >= start) & (unsure < start + part.shape[0])] - start
            again += [part[rows]] if len(rows) else []
            start += part.shape[0]
        columns = sparse.vstack([*parts, *again], format="csr")
        parts.clear()
        places = np.cumsum(occurring, dtype=columns.indices.dtype) - 1
        places.take(columns.indices, out=columns.indices, mode="clip")  # in place: they are as large as the features
        columns = Matrix((columns.data, columns.indices, columns.indptr), shape=(columns.shape[0], places[-1] + 1))
        return cls(columns, occurring, scales, targets)

    def fit(self, weights: Floats, penalty: Penalty) -> Head:
        """Fit the probability of a scam.

        Parameters
        ----------
        weights
            How much each message counts; those with 0 are left out.
        """
        unsure = _unsure(self.targets)
        sure = np.where(self.targets > 0, weights * self.targets, weights)
        labels = np.concatenate([self.targets > 0, np.zeros(len(unsure), np.bool_)])
        counts = np.concatenate([sure, (weights * (1 - self.targets))[unsure]])
        columns, used = self.columns, counts > 0
        if not used.all():
            columns, labels, counts = columns[used], labels[used], counts[used]
        solver = LogisticRegression(C=penalty.strength, max_iter=penalty.rounds, tol=1e-7)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # the number of rounds is part of the recipe
            solver.fit(columns, labels, sample_weight=counts)
        fitted = np.zeros(len(self.occurring), solver.coef_.dtype)
        fitted[self.occurring] = solver.coef_[0]
        parts = np.split(fitted, np.cumsum([len(scale) for scale in self.scales])[:-1])
        return Head(
            tuple((part * scale).astype(np.float32) for part, scale in zip(parts, self.scales, strict=True)),
            float(solver.intercept_[0]),
        )


def scaled(blocks: Blocks) -> Matrix:
    """Put blocks of features side by side, each column times its scale: its penalty falls with the square of that."""
    columns = sparse.hstack([matrix for matrix, _ in blocks], format="csr", dtype=np.float32)
    columns.data *= np.concatenate([scale for _, scale in blocks])[columns.indices]
    columns.eliminate_zeros()
    return columns


def fit_binary(blocks: Blocks, targets: Floats, weights: Floats, penalty: Penalty) -> Head:
    """Fit the probability of a scam once; see :class:`Problem`."""
    return Problem.of(blocks, targets).fit(weights, penalty)


def _unsure(targets: Floats) -> NDArray[np.intp]:
    return np.flatnonzero((targets > 0) & (targets < 1))
