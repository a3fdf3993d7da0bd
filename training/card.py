"""Writes the model card: what the model learned from, what was measured, what it misses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path

from hookline_ml.artefact import Manifest

from training.judge import Levels, Outcome
from training.measure import Quality

_PAGE = """# Model card: the base model

This page is written by `make train DATA=…` (`python -m training train`). Change the code that measures, not the page.

{facts}

## Data

Rows by source, label and licence class. No row of a non-commercial source is learned from; phishing letters of one
(`phishing_pot`) are judged on. Public messages are cleaned of the marks of their source (masked digits, placeholders,
tokenisation). Some honest English messages are copied with the marks of reported ones, so that the marks say nothing.
Our own corpus is described in [the data statement](data-statement.md).

{data}

## Sources never seen

Each row is a model trained and calibrated without the named sources, and judged on them. *Notices* are genuine notices
of our corpus, of templates kept out of training. The reports of 2018-2022 are unsorted: a part of them are genuine
messages that people mistook for scams, so their figures have a ceiling below 1. In brackets: 95 % bootstrap intervals.

{left_out}

## Sources that were trained on (held-out rows)

{domain}

## Messages that it never saw

*Test templates* are those of our corpus that neither trained the model nor set the levels. *Messages written apart* are
like no template, each in a voice of its own ([data statement](data-statement.md)). *Phishing letters* come from a
source that nothing learned from, and hold some plain marketing.

{against}

## What a level means

Precision is for a mix of one scam and nine genuine notices. Marketing is shown before its ceiling, which keeps it at
Medium or below.

{levels}

## Categories

Of verdicts, over all categories of the taxonomy, marketing and genuine messages among them. A scam that is rated Low
counts as a miss.

{f1}

## Trained on freely licensed rows alone

The same recipe on permissive and attribution sources and our own corpus, beside what ships. It would ship if it were
within two points everywhere; on the languages whose public messages state no licence it is not.

{free}

## False alarms by kind of genuine message

Test templates and messages written apart, share at High or above.

{kinds}

## Calibration

{curve}

## Known misses

Scams of the test templates below Medium, by category, worst first.

{misses}

## What to know before trusting it

- A message alone proves little. Openers (wrong number, romance) are capped at Medium, and most are known by their form
  alone.
- Our corpus was written by one small team. Its test templates are new to the model, but their authors are not: expect
  less on the messages of others. The table of unseen sources shows how much less.
- In languages without genuine public messages (Spanish, French, German, Portuguese, Italian, Dutch, Turkish, Malay and
  others) what is genuine rests on our corpus.
- Scams without a link, an amount or an ask in the first message are missed most.
"""


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was measured."""

    outcomes: Sequence[Outcome]
    domain: Mapping[str, Quality]
    against: Mapping[str, Quality]
    levels: Mapping[str, Sequence[Levels]]
    kinds: Mapping[str, tuple[int, float]]
    curve: Sequence[tuple[float, float, int]]
    f1: Mapping[str, tuple[float, float]]
    free: Mapping[str, tuple[Quality, Quality]]
    misses: Sequence[tuple[str, int, float]]


def write_card(path: Path, manifest: Manifest, licences: Mapping[str, str], found: Findings) -> None:
    """Write the card."""
    page = _PAGE.format(
        facts=_facts(manifest),
        data=_data(manifest, licences),
        left_out=_left_out(found.outcomes),
        domain=_table(("source", *_QUALITY), ([name, *_quality(each)] for name, each in found.domain.items())),
        against=_table(("judged on", *_QUALITY), ([name, *_quality(each)] for name, each in found.against.items())),
        levels=_levels(found.levels),
        f1=_table(
            ("judged on", "macro-F1 of all", "macro-F1 of scams rated Medium or above"),
            ([name, f"{every:.3f}", f"{noticed:.3f}"] for name, (every, noticed) in found.f1.items()),
        ),
        free=_table(
            ("judged on", "AUC, ships", "AUC, free rows", "recall at 1 %, ships", "recall at 1 %, free rows"),
            (
                [name, *(f"{value:.3f}" for value in (ships.auc, free.auc, ships.recall, free.recall))]
                for name, (ships, free) in found.free.items()
            ),
        ),
        kinds=_table(
            ("kind", "messages", "flagged"),
            ([kind, count, _percent(flagged)] for kind, (count, flagged) in found.kinds.items()),
        ),
        curve=_table(
            ("stated probability", "share of scams", "messages"),
            ([f"{stated:.2f}", f"{true:.2f}", count] for stated, true, count in found.curve),
        ),
        misses=_table(
            ("category", "messages", "missed"),
            ([f"`{category}`", count, f"{missed:.0%}"] for category, count, missed in found.misses),
        ),
    )
    path.write_text(page, encoding="utf-8")


_QUALITY = ("scams", "genuine", "AUC", "recall at 1 % false alarms")


def _quality(each: Quality) -> list[object]:
    return [each.scams, each.genuine, _range(each.auc, each.auc_range), _range(each.recall, each.recall_range)]


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _facts(manifest: Manifest) -> str:
    return _table(
        ("", ""),
        [
            ("Version", f"`{manifest.version}`"),
            ("Kind", "linear, over hashed n-grams, signals and rules; see [the detector](detector.md)"),
            ("Meant for", "short messages that people or a filter send in for a second opinion"),
            ("Not meant for", "deciding about people; openers without their history; long documents"),
            ("Rules", f"`{manifest.rules_version}`"),
            ("Hash of the training messages", f"`{manifest.data['hash'][:16]}…`"),
        ],
    )


def _data(manifest: Manifest, licences: Mapping[str, str]) -> str:
    return _table(
        ("source", "licence class", "legit", "spam", "scam"),
        (
            [f"`{source}`", licences.get(source, "own"), *(counts.get(label, 0) for label in ("legit", "spam", "scam"))]
            for source, counts in manifest.data["rows"].items()
        ),
    )


def _range(value: float, around: tuple[float, float]) -> str:
    return f"{value:.3f} ({around[0]:.3f}–{around[1]:.3f})"


def _percent(value: float) -> str:
    return "–" if isnan(value) else f"{value:.1%}"


def _left_out(outcomes: Sequence[Outcome]) -> str:
    head = (
        "left out",
        "scams",
        "genuine",
        "AUC against notices",
        "recall at 1 % false alarms",
        "AUC against its own genuine messages",
        "scams High+",
        "its genuine High+",
        "its genuine Critical",
    )
    return _table(head, map(_outcome, outcomes))


def _outcome(each: Outcome) -> list[object]:
    notices, own = each.against_notices, each.own
    return [
        each.name,
        each.scams,
        each.genuine,
        _range(notices.auc, notices.auc_range) if notices else "–",
        _range(notices.recall, notices.recall_range) if notices else "–",
        _range(own.auc, own.auc_range) if own else "–",
        _percent(each.high_scams),
        _percent(each.high_genuine),
        _percent(each.critical_genuine),
    ]


def _levels(levels: Mapping[str, Sequence[Levels]]) -> str:
    return _table(
        ("judged on", "at or above", "scams found", "genuine notices flagged", "marketing flagged", "precision"),
        (
            [
                name,
                each.level.capitalize(),
                f"{each.recall:.1%}",
                f"{each.false_alarms:.2%}",
                f"{each.marketing:.1%}",
                f"{each.precision:.1%}",
            ]
            for name, rows in levels.items()
            for each in rows
        ),
    )
