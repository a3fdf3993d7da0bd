"""What retraining learns from: the labels that are kept, and those that a request brings."""

from collections.abc import Iterable
from itertools import chain
from typing import Literal

from hookline_core.errors import InvalidRequestError
from hookline_core.stores.labels import Label, LabelName, text_hash

from retrain.trainer import Labelled

_TRAINED_AS: dict[LabelName, Literal["scam", "legit", "spam"]] = {"scam": "scam", "legitimate": "legit", "spam": "spam"}

HELD_OUT_FROM = 200
"""Labels from which on a tenth of them is held out for the gate. With fewer, each one is needed to learn from."""

_HELD_OUT_EACH = 10


class LabelContradictionError(InvalidRequestError):
    """A text was given two labels at once."""

    code = "label_contradiction"


class ClassMissingError(InvalidRequestError):
    """There are no scams, or no legitimate messages: a model could only learn to say the same of everything."""

    code = "class_missing"


def agreed(labels: Iterable[Label]) -> list[Label]:
    """Return what a request brings, each text once.

    Raises
    ------
    LabelContradictionError
        If a text has two labels. Texts are the same as the store of labels sees it.
    """
    found: dict[str, Label] = {}
    for label in labels:
        if found.setdefault(text_hash(label.text), label).label != label.label:
            raise LabelContradictionError("A message has two labels.", pointer="/body")
    return list(found.values())


def merged(kept: Iterable[Label], fresh: Iterable[Label]) -> list[Labelled]:
    """Return one label for each text, always in the same order for the same labels.

    What a request brings takes the place of an earlier import, and not that of an analyst's word.

    Raises
    ------
    ClassMissingError
        If there are no scams, or no legitimate messages.
    """
    words: dict[str, Label] = {}
    for label in chain(kept, fresh):
        hashed = text_hash(label.text)
        if hashed not in words or words[hashed].source != "analyst":
            words[hashed] = label
    found = {label.label for label in words.values()}
    for needed in ("scam", "legitimate"):
        if needed not in found:
            raise ClassMissingError(f"There is no label {needed} to learn from.")
    return [
        Labelled(label.text, _TRAINED_AS[label.label], label.source) for _, label in sorted(words.items(), key=_by_hash)
    ]


def held_out(labels: list[Labelled]) -> frozenset[int]:
    """Return the places of the labels that the gate keeps for itself: a tenth, chosen by the texts alone."""
    if len(labels) < HELD_OUT_FROM:
        return frozenset()
    return frozenset(
        place for place, label in enumerate(labels) if int(text_hash(label.text)[:8], 16) % _HELD_OUT_EACH == 0
    )


def _by_hash(entry: tuple[str, Label]) -> str:
    return entry[0]
