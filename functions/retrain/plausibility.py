"""Whether labels can be meant as they are given: a last look before training on them."""

from collections.abc import Sequence

from hookline_ml import Brief, Detector, Model, load_rules

from retrain.trainer import Labelled

FEWEST = 10
"""Labels of each kind below which nothing can be said."""

MOST = 5000
"""Labels that are looked at. They come in the order of their texts' hashes, so the first ones are as good as any."""

LEAST_ORDER = 0.25
"""A share of well-ordered pairs below which labels look swapped. Chance is a half; a new campaign, which the champion
knows nothing of, is about that."""


def order(labels: Sequence[Labelled], champion: Model) -> float | None:
    """Return the share of (scam, legitimate) pairs in which the champion finds the scam riskier.

    This is the area under the ROC curve of the champion on the labels; ``None`` for fewer than ``FEWEST`` of a kind.
    """
    verdicts = Detector(champion, load_rules()).score_many([label.text for label in labels])
    risks: dict[str, list[float]] = {"scam": [], "legit": []}
    for label, verdict in zip(labels, verdicts, strict=True):
        if isinstance(verdict, Brief) and label.label in risks:
            risks[label.label].append(verdict.probability)
    scam, legitimate = sorted(risks["scam"]), sorted(risks["legit"])
    if min(len(scam), len(legitimate)) < FEWEST:
        return None
    below = ties = won = 0
    for risk in scam:
        while below < len(legitimate) and legitimate[below] < risk:
            below += 1
        equal = below
        while equal < len(legitimate) and legitimate[equal] == risk:
            equal += 1
        won += below
        ties += equal - below
    return (won + ties / 2) / (len(scam) * len(legitimate))


def complaint(labels: Sequence[Labelled], champion: Model) -> str | None:
    """Return why labels look swapped, in one sentence, or nothing."""
    share = order(labels[:MOST], champion)
    if share is None or share >= LEAST_ORDER:
        return None
    return (
        "The labels look swapped: the champion finds the legitimate messages riskier than the scams in "
        f"{1 - share:.0%} of all pairs."
    )
