"""Finds out what margins mean, on messages that were not trained on, mixed as in deployment."""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float32]

SCAM_SHARE = 0.1
"""Share of scams among the messages of a deployment that people or a filter send in; the rest are genuine."""

_FALSE_ALARMS = {"medium": 0.06, "high": 0.007, "critical": 0.0004}  # share of genuine messages at or above each level
_LEAST_STEP = 0.5  # log-odds between levels


def thresholds(scams: Floats, genuine: Floats) -> dict[str, float]:
    """Return the margins of the levels and the calibration of the probability.

    Parameters
    ----------
    scams, genuine
        Margins of messages that were not trained on. The levels are set by the genuine ones alone: with few of
        them, a level lies at least as far beyond the highest as their tail suggests.
    """
    medium, high, critical = (_exceeded_by(genuine, share) for share in _FALSE_ALARMS.values())
    high = max(high, medium + _LEAST_STEP)
    critical = max(critical, high + _LEAST_STEP)
    slope, shift = _platt(scams, genuine)
    return {"medium": medium, "high": high, "critical": critical, "slope": slope, "shift": shift}


def _exceeded_by(values: Floats, share: float) -> float:
    """Return the margin that the given share exceeds; beyond the data, by an exponential tail of the top twentieth."""
    ordered = np.sort(values)
    if share * len(ordered) >= 5:
        return float(np.quantile(ordered, 1 - share))
    start = float(np.quantile(ordered, 0.95))
    mean_excess = float((ordered[ordered > start] - start).mean())
    return max(start + mean_excess * float(np.log(0.05 / share)), float(np.quantile(ordered, 1 - share)))


def _platt(scams: Floats, genuine: Floats) -> tuple[float, float]:
    margins = np.concatenate([scams, genuine])[:, None]
    labels = np.concatenate([np.ones(len(scams)), np.zeros(len(genuine))])
    weights = np.where(labels == 1, SCAM_SHARE / len(scams), (1 - SCAM_SHARE) / len(genuine)) * len(labels)
    solver = LogisticRegression(C=1e3).fit(margins, labels, sample_weight=weights)
    return float(solver.coef_[0, 0]), float(solver.intercept_[0])


def precision_at(scams: Floats, genuine: Floats, margin: float) -> float:
    """Return the share of scams among the messages at or above a margin, in the mix of a deployment."""
    hit = float((scams >= margin).mean()) * SCAM_SHARE
    miss = float((genuine >= margin).mean()) * (1 - SCAM_SHARE)
    return hit / (hit + miss) if hit + miss else 1.0


__all__ = ["SCAM_SHARE", "precision_at", "thresholds"]
