"""Reads the template files and deals their families out to train, gate and test.

A file is ``data/templates/<lang>/<name>.txt``, one template a line:

- ``% scam parcel_delivery`` or ``% legit otp`` opens a section (label, then category or kind);
- ``% scam wrong_number test`` opens one that is kept for the test, for topics of which chance dealt it too few;
- ``@us,uk `` before a template keeps it to those places;
- ``~ `` marks a variant of the template above: both are one family and always share a split;
- ``// `` is a comment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from training.corpus.grammar import GrammarError, Sequence, parse

Label = Literal["scam", "legit", "spam"]
Split = Literal["train", "gate", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)

TEMPLATES = Path(__file__).parent / "data" / "templates"

# Of 100 families, those whose hash falls below 75 train the model, the next 12 guard promotions, the rest test it.
GATE_FROM, TEST_FROM = 75, 87


@dataclass(frozen=True, slots=True)
class Template:
    """One hand-written message shape."""

    id: str
    family: str
    label: Label
    topic: str
    lang: str
    places: tuple[str, ...]
    body: Sequence
    kept_for_test: bool = False

    @property
    def split(self) -> Split:
        """The only split this template's family may appear in."""
        if self.kept_for_test:
            return "test"
        bucket = int(self.family, 16) % 100
        if bucket < GATE_FROM:
            return "train"
        return "gate" if bucket < TEST_FROM else "test"

    @property
    def category(self) -> str:
        """Code in the taxonomy."""
        return {"scam": self.topic, "spam": "spam_marketing", "legit": "legitimate"}[self.label]

    @property
    def kind(self) -> str | None:
        """What sort of legitimate or marketing message this is; None for scams."""
        return None if self.label == "scam" else self.topic


@cache
def load_templates() -> tuple[Template, ...]:
    """Every template, in file order.

    Raises
    ------
    GrammarError
        Naming the file and the line that cannot be read.
    """
    return tuple(template for path in sorted(TEMPLATES.glob("*/*.txt")) for template in _read(path))


def _read(path: Path) -> Iterator[Template]:
    lang = path.parent.name
    label: Label = "legit"
    topic = family = ""
    kept = False
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("//"):
            continue
        try:
            if line.startswith("% "):
                label, topic, kept = _section(line)
                continue
            places, source = _places(line.removeprefix("~ "))
            own = _digest(lang, topic, source)
            family = family if line.startswith("~ ") else own
            yield Template(f"{lang}/{topic}/{own}", family, label, topic, lang, places, parse(source), kept)
        except GrammarError as error:
            raise GrammarError(f"{path.name} ({lang}), line {number}: {error}") from error


def labelled(name: str) -> Label:
    """The label of that name.

    Raises
    ------
    ValueError
        If there is none.
    """
    known: dict[str, Label] = {label: label for label in get_args(Label)}
    if name not in known:
        raise ValueError(f"no label {name!r}")
    return known[name]


def _section(line: str) -> tuple[Label, str, bool]:
    words = line.split()
    if len(words) < 3 or words[3:] not in ([], ["test"]):
        raise GrammarError(f"a section is '% label topic [test]', not {line!r}")
    try:
        return labelled(words[1]), words[2], len(words) == 4
    except ValueError as error:
        raise GrammarError(str(error)) from error


def _places(line: str) -> tuple[tuple[str, ...], str]:
    if not line.startswith("@"):
        return (), line
    codes, _, source = line[1:].partition(" ")
    return tuple(codes.split(",")), source


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:12]
