"""Writes the messages that ship with retraining, all our own: those it replays, and those its gate judges by."""

import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path
from random import Random

from training.data import Message, corpus_messages

_REPLAY_SEED, _REPLAYABLE = 101, 15_000  # messages; a retraining draws some thousands of them
_GATE_SEED = 202


def write_shipped(folder: Path) -> None:
    """Write `replay.jsonl.gz` (templates that train) and `gate_set.jsonl.gz` (templates kept for the gate)."""
    learned = corpus_messages("train", seed=_REPLAY_SEED, per_template=1)
    _write(folder / "replay.jsonl.gz", Random(_REPLAY_SEED).sample(learned, _REPLAYABLE))
    _write(folder / "gate_set.jsonl.gz", corpus_messages("gate", seed=_GATE_SEED, per_template=1))


def _write(path: Path, messages: Iterable[Message]) -> None:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0) as archive:
        for message in messages:
            row = {
                "text": message.text,
                "label": message.label,
                "category": message.category,
                "kind": message.kind,
                "lang": message.lang,
            }
            archive.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
    path.write_bytes(packed.getvalue())
