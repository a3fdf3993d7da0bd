"""The gate: a candidate serves only if it is not worse than the champion on messages that neither was trained on."""

import gzip
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from hookline_ml import Detector, Level, Model, load_rules
from hookline_ml.reading import Reading, read

GATE_SET = Path(__file__).with_name("gate_set.jsonl.gz")

RECALL_MARGIN = 0.02
"""By how much the share of scams rated High or above may fall."""

FALSE_ALARM_MARGIN = 0.005
"""By how much the share of genuine messages rated High or above may rise."""

CRITICAL_MARGIN = 0.001
"""The same for Critical."""

HELD_OUT_MARGIN = 0.05
"""By how much recall and false alarms may be worse on labels that were held out: there are fewer of those."""

FEWEST_HELD_OUT = 20
"""Held-out scams, or genuine messages, below which nothing is judged by them."""

_HIGH = frozenset({Level.HIGH, Level.CRITICAL})
_OPENERS = frozenset({"wrong_number", "romance"})  # capped at Medium, so High says nothing about them


@dataclass(frozen=True, slots=True)
class GateMessage:
    """A message whose label is known. ``kind`` says which sort of genuine message it is."""

    text: str
    label: Literal["scam", "legit", "spam"]
    category: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """How many messages there were, and which share of them was rated High or above."""

    messages: int
    flagged: float


@dataclass(frozen=True, slots=True)
class Rates:
    """What a model does with messages.

    Parameters
    ----------
    recall
        Share of the scams rated High or above.
    false_alarms, false_criticals
        Share of the genuine messages rated High or above, and Critical.
    by_category
        The scams of each category; by_kind, the genuine messages of each kind.
    """

    recall: float
    false_alarms: float
    false_criticals: float
    by_category: Mapping[str, Share]
    by_kind: Mapping[str, Share]


Refusal = Literal[
    "",
    "worse_recall",
    "worse_false_alarms",
    "worse_false_criticals",
    "worse_on_labels",
    "labels_implausible",
    "not_finite",
]
"""Codes of why a candidate may not serve; empty if it may."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """The gate's judgement.

    Parameters
    ----------
    reason
        One sentence for people: why, or why not.
    refusal
        Code of the first thing that it does worse.
    metrics
        The rates of ``candidate`` and ``champion``, the number of messages, and the same of the labels held out.
    """

    reason: str
    refusal: Refusal
    metrics: dict[str, Any]

    @property
    def passed(self) -> bool:
        """Whether the candidate may serve."""
        return not self.refusal


@cache
def gate_set() -> tuple[GateMessage, ...]:
    """Return the gate set that ships: from templates of the corpus that no model is trained on."""
    with gzip.open(GATE_SET, "rt", encoding="utf-8") as lines:
        return tuple(
            GateMessage(row["text"], row["label"], row["category"], row.get("kind", ""))
            for row in map(json.loads, lines)
        )


def judge(candidate: Model, champion: Model, messages: Sequence[GateMessage] | None = None) -> GateResult:
    """Compare a candidate with the champion.

    Parameters
    ----------
    messages
        The gate set; the one that ships when left out.
    """
    shown = gate_set() if messages is None else messages
    read_once = _read_all(shown)
    new, old = _rates(candidate, read_once), _rates(champion, read_once)
    checks: tuple[tuple[Refusal, str, str, float, float, bool], ...] = (
        ("worse_recall", "finds", "the scams", new.recall, old.recall, old.recall - new.recall > RECALL_MARGIN),
        ("worse_false_alarms", "flags", "the genuine messages", new.false_alarms, old.false_alarms,
         new.false_alarms - old.false_alarms > FALSE_ALARM_MARGIN),
        ("worse_false_criticals", "rates Critical", "the genuine messages", new.false_criticals, old.false_criticals,
         new.false_criticals - old.false_criticals > CRITICAL_MARGIN),
    )  # fmt: skip
    faults = [
        (code, f"it {what} {after:.1%} of {whom}, against {before:.1%}")
        for code, what, whom, after, before, worse in checks
        if worse
    ]
    metrics = {"messages": len(shown), "candidate": asdict(new), "champion": asdict(old)}
    if faults:
        told = "; ".join(sentence for _, sentence in faults)
        return GateResult(f"Worse than the champion: {told}.", faults[0][0], metrics)
    kept = f"Finds {new.recall:.1%} of the scams and flags {new.false_alarms:.1%} of the genuine messages"
    return GateResult(f"{kept}, no worse than the champion.", "", metrics)


def judge_held_out(candidate: Model, champion: Model, held_out: Sequence[GateMessage]) -> GateResult:
    """Compare a model that has not seen some labels with the champion, on these labels.

    Too few of them, and the candidate passes: the gate set has judged it already.
    """
    read_once = _read_all(held_out)
    new, old = _rates(candidate, read_once), _rates(champion, read_once)
    scams, genuine = (sum(message.label == label for message in held_out) for label in ("scam", "legit"))
    faults = [
        f"it {what} {after:.1%} of the {count} {whom} held out, against {before:.1%}"
        for what, whom, count, after, before, worse in (
            ("finds", "scams", scams, new.recall, old.recall, old.recall - new.recall),
            ("flags", "genuine messages", genuine, new.false_alarms, old.false_alarms,
             new.false_alarms - old.false_alarms),
        )
        if count >= FEWEST_HELD_OUT and worse > HELD_OUT_MARGIN
    ]  # fmt: skip
    metrics = {
        "messages": len(held_out),
        "candidate": {"recall": new.recall, "false_alarms": new.false_alarms},
        "champion": {"recall": old.recall, "false_alarms": old.false_alarms},
    }
    if faults:
        return GateResult(f"Worse than the champion on labels: {'; '.join(faults)}.", "worse_on_labels", metrics)
    return GateResult("No worse than the champion on the labels held out.", "", metrics)


def rates(model: Model, messages: Sequence[GateMessage]) -> Rates:
    """Measure a model on messages. Openers are left out: one message proves nothing about them."""
    return _rates(model, _read_all(messages))


def _read_all(messages: Sequence[GateMessage]) -> list[tuple[GateMessage, Reading]]:
    """Read messages, which takes most of the time that a verdict takes; those that hold nothing are left out."""
    rules = load_rules()
    found = [(message, read(message.text, rules)) for message in messages]
    return [(message, reading) for message, reading in found if reading.normalised.text.strip()]


def _rates(model: Model, messages: Sequence[tuple[GateMessage, Reading]]) -> Rates:
    verdicts = Detector(model, load_rules()).weigh([reading for _, reading in messages])
    by_category: dict[str, list[Level]] = defaultdict(list)
    by_kind: dict[str, list[Level]] = defaultdict(list)
    for (message, _), verdict in zip(messages, verdicts, strict=True):
        if message.label == "scam" and message.category not in _OPENERS:
            by_category[message.category].append(verdict.risk_level)
        elif message.label == "legit":
            by_kind[message.kind].append(verdict.risk_level)
    scams, genuine = [*chain(*by_category.values())], [*chain(*by_kind.values())]
    return Rates(
        recall=_share(scams, _HIGH),
        false_alarms=_share(genuine, _HIGH),
        false_criticals=_share(genuine, frozenset({Level.CRITICAL})),
        by_category={name: Share(len(found), _share(found, _HIGH)) for name, found in sorted(by_category.items())},
        by_kind={name: Share(len(found), _share(found, _HIGH)) for name, found in sorted(by_kind.items())},
    )


def _share(levels: Sequence[Level], wanted: frozenset[Level]) -> float:
    return round(sum(level in wanted for level in levels) / max(len(levels), 1), 5)
