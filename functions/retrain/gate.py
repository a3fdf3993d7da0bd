"""The gate: a candidate serves only if it is not worse than the champion on messages that neither was trained on."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from hookline_ml import Brief, Detector, Level, Model, load_rules

GATE_SET = Path(__file__).with_name("gate_set.jsonl.gz")

RECALL_MARGIN = 0.02
"""By how much the share of scams rated High or above may fall."""

FALSE_ALARM_MARGIN = 0.005
"""By how much the share of genuine messages rated High or above may rise."""

CRITICAL_MARGIN = 0.001
"""The same for Critical."""

_HIGH = frozenset({Level.HIGH, Level.CRITICAL})
_OPENERS = frozenset({"wrong_number", "romance"})  # capped at Medium, so High says nothing about them


@dataclass(frozen=True, slots=True)
class GateMessage:
    """A message of the gate set."""

    text: str
    label: Literal["scam", "legit", "spam"]
    category: str


@dataclass(frozen=True, slots=True)
class Rates:
    """What a model does on the gate set, as shares of the scams and of the genuine messages."""

    recall: float
    false_alarms: float
    false_criticals: float


@dataclass(frozen=True, slots=True)
class GateResult:
    """The gate's judgement.

    Parameters
    ----------
    reason
        One sentence for people: why, or why not.
    metrics
        The rates of ``candidate`` and ``champion``, and the number of messages.
    """

    passed: bool
    reason: str
    metrics: dict[str, Any]


@cache
def gate_set() -> tuple[GateMessage, ...]:
    """Return the gate set that ships: from templates of the corpus that no model is trained on."""
    with gzip.open(GATE_SET, "rt", encoding="utf-8") as lines:
        return tuple(GateMessage(row["text"], row["label"], row["category"]) for row in map(json.loads, lines))


def judge(candidate: Model, champion: Model, messages: Sequence[GateMessage] | None = None) -> GateResult:
    """Compare a candidate with the champion.

    Parameters
    ----------
    messages
        The gate set; the one that ships when left out.
    """
    shown = gate_set() if messages is None else messages
    new, old = rates(candidate, shown), rates(champion, shown)
    faults = [
        f"it {what} {after:.1%} of {whom}, against {before:.1%}"
        for what, whom, after, before, worse in (
            ("finds", "the scams", new.recall, old.recall, old.recall - new.recall > RECALL_MARGIN),
            ("flags", "the genuine messages", new.false_alarms, old.false_alarms,
             new.false_alarms - old.false_alarms > FALSE_ALARM_MARGIN),
            ("rates Critical", "the genuine messages", new.false_criticals, old.false_criticals,
             new.false_criticals - old.false_criticals > CRITICAL_MARGIN),
        )
        if worse
    ]  # fmt: skip
    metrics = {"messages": len(shown), "candidate": asdict(new), "champion": asdict(old)}
    if faults:
        return GateResult(passed=False, reason=f"Worse than the champion: {'; '.join(faults)}.", metrics=metrics)
    kept = f"Finds {new.recall:.1%} of the scams and flags {new.false_alarms:.1%} of the genuine messages"
    return GateResult(passed=True, reason=f"{kept}, no worse than the champion.", metrics=metrics)


def rates(model: Model, messages: Sequence[GateMessage]) -> Rates:
    """Measure a model on messages. Openers are left out: one message proves nothing about them."""
    verdicts = Detector(model, load_rules()).score_many([message.text for message in messages])
    pairs = [
        (message, verdict.risk_level)
        for message, verdict in zip(messages, verdicts, strict=True)
        if isinstance(verdict, Brief)
    ]
    scams = [level for message, level in pairs if message.label == "scam" and message.category not in _OPENERS]
    genuine = [level for message, level in pairs if message.label == "legit"]
    return Rates(
        recall=_share(scams, _HIGH),
        false_alarms=_share(genuine, _HIGH),
        false_criticals=_share(genuine, frozenset({Level.CRITICAL})),
    )


def _share(levels: Sequence[Level], wanted: frozenset[Level]) -> float:
    return sum(level in wanted for level in levels) / max(len(levels), 1)
