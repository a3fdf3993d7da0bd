"""Makes the base model: trains, judges, writes artefact and card."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from hookline_ml.artefact import ARRAYS
from hookline_ml.model import Model

from training import judge
from training.card import Findings, write_card
from training.data import PERMISSIVE, licences, summary
from training.fit import Weights, pack
from training.measure import Quality, quality
from training.recipe import CREATED_AT, Pool, gather, is_notice, is_scam, learn, levels, margins

_AT_ONCE = 2  # fits side by side; each takes three gigabytes


def train(data: Path, into: Path, *, card: Path | None, seed: int) -> Model:
    """Train and write the base model; with a card, also judge the recipe by leaving sources out (minutes)."""
    pool = gather(data, seed=seed)
    weights = learn(pool, np.arange(len(pool.train)))
    limits = levels(weights, pool)
    table = judge.level_table(weights, limits, pool.test, pool.test_design)
    metrics = {
        each.level: {
            "recall": round(each.recall, 4),
            "false_alarms": round(each.false_alarms, 4),
            "precision": round(each.precision, 4),
        }
        for each in table
    }
    for level, figures in metrics.items():
        print(f"{level:>9}: {figures}")
    manifest, arrays = pack(
        weights,
        name="base",
        created_at=CREATED_AT,
        thresholds=limits,
        data=summary(pool.train),
        metrics=metrics,
        rules_version=pool.rules.version,
    )
    model = Model.load(manifest, arrays)
    into.mkdir(parents=True, exist_ok=True)
    (into / "manifest.json").write_bytes(manifest)
    (into / ARRAYS).write_bytes(arrays)
    print(f"Wrote {model.version}: {len(arrays)} bytes")
    if card is not None:
        _card(card, model, pool, weights, limits, data)
    return model


def _card(path: Path, model: Model, pool: Pool, weights: Weights, limits: dict[str, float], data: Path) -> None:
    outcomes = []
    with ThreadPoolExecutor(_AT_ONCE) as fits:
        for outcome in fits.map(lambda each: judge.leave_out(pool, *each), judge.LEFT_OUT.items()):
            outcomes.append(outcome)
            print(_line(outcome), flush=True)
    classes = licences(data)
    kept = PERMISSIVE | {"own"}
    rows = np.array([row for row, message in enumerate(pool.train) if classes.get(message.source, "own") in kept])
    free = learn(pool, rows, categories=False)
    unseen = {
        "test templates": (pool.test, pool.test_design),
        "messages written apart": (pool.apart, pool.apart_design),
    }
    findings = Findings(
        outcomes=outcomes,
        domain=judge.in_domain(weights, pool),
        against={
            f"{name}, {what}": each
            for name, seen in unseen.items()
            for what, each in judge.against(weights, *seen).items()
        }
        | {
            f"phishing letters of 2022 to 2024 against {what}": each
            for what, each in judge.phishing(weights, pool).items()
        },
        levels={name: judge.level_table(weights, limits, *seen) for name, seen in unseen.items()},
        kinds=judge.by_kind(weights, limits["high"], unseen.values()),
        curve=judge.calibration(weights, limits, pool),
        f1={name: judge.category_f1(model, pool.rules, messages) for name, (messages, _) in unseen.items()},
        free=_beside(weights, free, pool),
        misses=_misses(weights, limits["medium"], pool),
    )
    write_card(path, model.manifest, classes, findings)
    print(f"Wrote {path}")


def _line(outcome: judge.Outcome) -> str:
    notices = outcome.against_notices
    quality = f"AUC {notices.auc:.3f}  recall {notices.recall:.3f}" if notices else ""
    return (
        f"without {outcome.name:<30} {outcome.scams:>6} scams {outcome.genuine:>6} genuine  {quality:<26} "
        f"genuine High+ {outcome.high_genuine:.2%}"
    )


def _beside(weights: Weights, free: Weights, pool: Pool) -> dict[str, tuple[Quality, Quality]]:
    """Return what ships, and what freely licensed rows alone give, for unseen templates and each held-out split."""
    shipped, alone = judge.in_domain(weights, pool), judge.in_domain(free, pool)
    return {"unseen templates": (_on_test(weights, pool), _on_test(free, pool))} | {
        name: (shipped[name], alone[name]) for name in shipped
    }


def _on_test(weights: Weights, pool: Pool) -> Quality:
    found = margins(weights, pool.test_design)
    return quality(
        found[[is_scam(message) for message in pool.test]], found[[is_notice(message) for message in pool.test]]
    )


def _misses(weights: Weights, limit: float, pool: Pool) -> list[tuple[str, int, float]]:
    by_category: dict[str, list[bool]] = defaultdict(list)
    for message, margin in zip(pool.test, margins(weights, pool.test_design).tolist(), strict=True):
        if message.label == "scam":
            by_category[message.category].append(margin < limit)
    missed = [(code, len(each), sum(each) / len(each)) for code, each in by_category.items()]
    return sorted(missed, key=lambda row: -row[2])
