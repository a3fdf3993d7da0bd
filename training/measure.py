"""What is measured, and how sure one can be of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

Floats = NDArray[np.float32]

_DRAWS = 200
CHAT = frozenset({"chat", "dating", "support_chat", "job_chat", "marketplace"})
"""Kinds of the corpus that are talk between people; all other legitimate kinds are notices."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well scams are told from genuine messages.

    Parameters
    ----------
    auc, recall
        ROC-AUC, and recall at no more than one false alarm in a hundred genuine messages.
    auc_range, recall_range
        95 % bootstrap intervals.
    """

    scams: int
    genuine: int
    auc: float
    auc_range: tuple[float, float]
    recall: float
    recall_range: tuple[float, float]


def quality(scams: Floats, genuine: Floats, *, seed: int = 1) -> Quality:
    """Measure margins."""
    rng = np.random.default_rng(seed)
    draws = [
        _both(rng.choice(scams, len(scams)), rng.choice(genuine, len(genuine)))
        if len(scams) and len(genuine)
        else (0, 0)
        for _ in range(_DRAWS)
    ]
    low, high = np.percentile(np.array(draws), (2.5, 97.5), axis=0)
    auc, recall = _both(scams, genuine)
    return Quality(
        len(scams), len(genuine), auc, (float(low[0]), float(high[0])), recall, (float(low[1]), float(high[1]))
    )


def _both(scams: Floats, genuine: Floats) -> tuple[float, float]:
    labels = np.concatenate([np.ones(len(scams)), np.zeros(len(genuine))])
    return float(roc_auc_score(labels, np.concatenate([scams, genuine]))), recall_at(scams, genuine, 0.01)


def recall_at(scams: Floats, genuine: Floats, false_alarms: float) -> float:
    """Return the share of scams above the margin that at most the given share of genuine messages exceeds."""
    return float((scams > np.quantile(genuine, 1 - false_alarms, method="higher")).mean())


def share(values: Floats, margin: float) -> float:
    """Return the share of values at or above a margin."""
    return float((values >= margin).mean()) if len(values) else float("nan")


def macro_f1(truth: list[str], found: list[str]) -> float:
    """Return the mean over categories of the harmonic mean of precision and recall."""
    scores = []
    for code in sorted(set(truth)):
        hits = sum(a == b == code for a, b in zip(truth, found, strict=True))
        scores.append(2 * hits / (truth.count(code) + found.count(code)))
    return sum(scores) / len(scores)
