"""``python -m training``: reproduces what ships of the detector's knowledge."""

import argparse
import sys
from pathlib import Path

from training.base import train
from training.lexicon import write_lexicon
from training.shipped import write_shipped

_ROOT = Path(__file__).parents[1]
_BASE = _ROOT / "layers" / "ml" / "hookline_ml" / "base"
_LEXICON = _ROOT / "layers" / "ml" / "hookline_ml" / "data" / "lexicon.txt"
_RETRAIN = _ROOT / "functions" / "retrain"
_CARD = _ROOT / "docs" / "model-card.md"


def main(arguments: list[str] | None = None) -> int:
    """Run a command of the training room."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Makes what the detector knows.")
    commands = parser.add_subparsers(dest="command", required=True)
    train_command = commands.add_parser("train", help="train the base model, judge it and write the model card")
    train_command.add_argument("--into", type=Path, default=_BASE, help="folder for manifest.json and model.npz")
    train_command.add_argument("--card", type=Path, default=_CARD, help="file of the model card")
    train_command.add_argument("--quick", action="store_true", help="write the model only: no table, no card")
    train_command.add_argument("--seed", type=int, default=1)
    lexicon_command = commands.add_parser("lexicon", help="write the normaliser's list of common words")
    commands.add_parser("shipped", help="write the messages that ship with retraining")
    for command in (train_command, lexicon_command):
        command.add_argument("--data", type=Path, required=True, help="folder with train, dev and sources")
    given = parser.parse_args(arguments)
    if given.command == "shipped":
        write_shipped(_RETRAIN)
    elif not (given.data / "train.jsonl.gz").is_file():
        parser.error(f"{given.data} holds no train.jsonl.gz")
    elif given.command == "lexicon":
        write_lexicon(_LEXICON, given.data)
    else:
        train(given.data, given.into, card=None if given.quick else given.card, seed=given.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
