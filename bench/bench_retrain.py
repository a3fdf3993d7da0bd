"""What retraining takes, and what it changes: `python -m bench.bench_retrain`.

Times are processor time of one core, each size in a process of its own, with the second fit that the gate asks for
from 200 labels on. The labels are messages of the project's own corpus. The quality part prints what the gate sees
before and after: four labels, fifty labels of a campaign that nobody knows, and labels turned the wrong way round.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from random import Random

from hookline_ml import Brief, Detector, Level, Model, base_model, load_rules
from retrain.gate import gate_set, judge, rates
from retrain.labels import held_out
from retrain.plausibility import order
from retrain.trainer import Labelled, train

from training.data import corpus_messages

SIZES = (1_000, 10_000, 100_000)
BUDGET_SECONDS, BUDGET_MB = 60, 1536


def main(arguments: list[str] | None = None) -> int:
    """Print the tables. The exit status says whether the largest size kept its budget."""
    parser = argparse.ArgumentParser(prog="python -m bench.bench_retrain", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=list(SIZES), help="how many labels (default: %(default)s)"
    )
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.measure:
        print(json.dumps(_measure(given.measure)))
        return 0
    over = _sizes(given.sizes)
    _quality()
    return over


def _sizes(sizes: Sequence[int]) -> int:
    print("Labels      processor s   ms a label   peak MB   of that labels and corpus")
    over = 0
    for size in sizes:
        command = [sys.executable, "-m", "bench.bench_retrain", "--measure", str(size)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        print(
            f"{size:>7}   {found['seconds']:>11.1f}   {found['seconds'] / size * 1000:>10.2f}   {found['peak']:>7.0f}"
            f"   {found['before']:>10.0f}",
            flush=True,
        )
        over |= found["seconds"] > BUDGET_SECONDS or found["peak"] > BUDGET_MB
    print(f"Budget for 100 000: {BUDGET_SECONDS} s, {BUDGET_MB} MB\n")
    return int(over)


def _measure(size: int) -> dict[str, float]:
    labels = list(islice(_labels(), size))
    before = _peak()
    start = time.process_time()
    train(labels, parent=base_model(), seed=1, held_out=held_out(labels))
    return {"seconds": time.process_time() - start, "peak": _peak(), "before": before}


def _labels() -> Iterator[Labelled]:
    """Yield labels without end, no two the same."""
    for number, message in enumerate(cycle(corpus_messages("train", seed=5, per_template=6))):
        yield Labelled(f"{message.text} {number}", "scam" if message.label == "scam" else "legit")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _quality() -> None:
    base = base_model()
    print("Model                           scams found   false alarms   campaign found   gate")
    unseen = _campaign(200, seed=2)
    _row("as shipped", base, unseen, "")
    four = [*(Labelled(text, "scam") for text in _campaign(2, seed=1)), *_harmless()[:2]]
    fifty = [*(Labelled(text, "scam") for text in _campaign(50, seed=1)), *_harmless()]
    turned = [
        Labelled(message.text, "legit" if message.label == "scam" else "scam")
        for message in gate_set()[::4]
        if message.label != "spam"
    ]
    for name, labels in (("four labels", four), ("fifty of a campaign", fifty), ("labels turned round", turned)):
        made = train(labels, parent=base, seed=1)
        model = Model.load(made.manifest, made.arrays)
        judgement = judge(model, base)
        shown = order(labels, base)
        doubt = f"; order {shown:.2f}" if shown is not None else ""
        _row(name, model, unseen, ("passes" if judgement.passed else judgement.refusal) + doubt)


def _row(name: str, model: Model, campaign: Sequence[str], gate: str) -> None:
    found = rates(model, gate_set())
    levels = [
        verdict.risk_level
        for verdict in Detector(model, load_rules()).score_many(campaign)
        if isinstance(verdict, Brief)
    ]
    caught = sum(level in {Level.HIGH, Level.CRITICAL} for level in levels) / len(levels)
    print(f"{name:<30} {found.recall:>12.1%} {found.false_alarms:>14.2%} {caught:>16.1%}   {gate}", flush=True)


def _campaign(count: int, seed: int) -> list[str]:
    """Make messages of a campaign that no rule and no model knows."""
    rng = Random(seed)  # noqa: S311  # no secret hangs on it
    return [
        f"Quibble locker {rng.randint(10, 99)}: {rng.choice(('Ana', 'Ben', 'Cleo', 'Dev', 'Eli', 'Fay'))}, the "
        f"{rng.choice(('blue', 'grey', 'red', 'green'))} box was moved. Keep slot {rng.randint(100, 999)} on the "
        "quibble board"
        for _ in range(count)
    ]


def _harmless() -> list[Labelled]:
    texts = (
        "Your gym class on Tuesday is cancelled",
        "Lunch at noon?",
        "The plumber comes at nine, can you let him in",
        "Your library books are due on Friday",
    )
    return [Labelled(text, "legit") for text in texts]


if __name__ == "__main__":
    sys.exit(main())
