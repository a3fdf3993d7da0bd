"""``python -m training.corpus --seed N --per-template K [--split train|gate|test] > corpus.jsonl``.

``python -m training.corpus --counts`` prints the tables of the data statement.
"""

from __future__ import annotations

import argparse
import json
import sys

from training.corpus.counts import tables
from training.corpus.generator import generate
from training.corpus.templates import SPLITS


def main() -> None:
    """Write the corpus to standard output as JSON Lines."""
    parser = argparse.ArgumentParser(prog="python -m training.corpus", description="Write the corpus as JSON Lines.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-template", type=int, default=8, metavar="K", help="most rows of one template")
    parser.add_argument("--split", choices=SPLITS, help="one split only (default: all)")
    parser.add_argument("--counts", action="store_true", help="count the templates instead")
    arguments = parser.parse_args()
    if arguments.counts:
        print(tables())
        return
    for split in [arguments.split] if arguments.split else SPLITS:
        for row in generate(split, arguments.seed, arguments.per_template):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
