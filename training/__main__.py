"""``python -m training train --data FOLDER``: reproduces the model that ships."""

import argparse
import sys
from pathlib import Path

from training.recipe import train

_BASE = Path(__file__).parents[1] / "layers" / "ml" / "hookline_ml" / "base"


def main(arguments: list[str] | None = None) -> int:
    """Run a command of the training room."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Trains and judges the base model.")
    commands = parser.add_subparsers(dest="command", required=True)
    train_command = commands.add_parser("train", help="train the base model and write it into the detector")
    train_command.add_argument("--data", type=Path, required=True, help="folder with train.jsonl.gz, dev.jsonl.gz, sources.json")
    train_command.add_argument("--into", type=Path, default=_BASE, help="folder for manifest.json and model.npz")
    train_command.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    if not (given.data / "train.jsonl.gz").is_file():
        parser.error(f"{given.data} holds no train.jsonl.gz")
    train(given.data, given.into, seed=given.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
