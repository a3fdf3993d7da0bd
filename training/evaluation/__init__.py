"""Messages to judge the detector by, written by hand apart from the corpus' templates; nothing learns from them.

Each is in a voice of its own: terse notices, clumsy and careful scams, what people report and what they keep.

>>> message = next(iter(load_evaluation()))
>>> sorted(message)
['category', 'kind', 'label', 'lang', 'text']

A file of ``data`` has one message a line under headings ``% label topic language``; the topic is the category of the
taxonomy for a scam, and the kind of message for the rest; ``\\n`` stands for a line break and ``//`` starts a comment.
``python -m training.evaluation`` writes all of them as JSON Lines.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypedDict

from training.corpus.templates import Label, labelled

_DATA = Path(__file__).parent / "data"


class Judged(TypedDict):
    """One message: ``kind`` is None for scams, ``category`` is of the taxonomy for all."""

    text: str
    label: Label
    category: str
    kind: str | None
    lang: str


@cache
def load_evaluation() -> tuple[Judged, ...]:
    """Every message, in file order.

    Raises
    ------
    ValueError
        Naming the file and the line that cannot be read.
    """
    return tuple(message for path in sorted(_DATA.glob("*.txt")) for message in _read(path))


def _read(path: Path) -> Iterator[Judged]:
    label: Label = "legit"
    topic = lang = ""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("//"):
            continue
        if line.startswith("% "):
            try:
                _, name, topic, lang = line.split()
                label = labelled(name)
            except ValueError as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from error
            continue
        category = {"scam": topic, "spam": "spam_marketing", "legit": "legitimate"}[label]
        text = line.replace("\\n", "\n")
        yield Judged(text=text, label=label, category=category, kind=None if label == "scam" else topic, lang=lang)
