"""Scores entries in their order, a chunk at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice

from hookline_ml import Brief, Detector, EmptyMessageError, Verdict

from hookline_cli.sink import Outcome
from hookline_cli.source import Entry

CHUNK = 512
"""Entries that are held at a time."""
LONGEST_MESSAGE = 10_000
"""Characters of a message, as the API has it."""


def scored(detector: Detector, entries: Iterable[Entry], *, brief: bool) -> Iterator[tuple[Entry, Outcome, str]]:
    """Yield each entry with its verdict, or with what is wrong with it."""
    source = iter(entries)
    while chunk := [_checked(entry) for entry in islice(source, CHUNK)]:
        outcomes = iter(_outcomes(detector, [entry.text for entry in chunk if not entry.error], brief=brief))
        for entry in chunk:
            if entry.error:
                yield entry, None, entry.error
                continue
            outcome = next(outcomes)
            yield (entry, None, str(outcome)) if isinstance(outcome, EmptyMessageError) else (entry, outcome, "")


def _checked(entry: Entry) -> Entry:
    if len(entry.text) > LONGEST_MESSAGE:
        return Entry(entry.line, "", f"longer than {LONGEST_MESSAGE} characters")
    return entry


def _outcomes(detector: Detector, texts: list[str], *, brief: bool) -> Iterator[Brief | Verdict | EmptyMessageError]:
    if brief:
        yield from detector.score_many(texts)
        return
    for text in texts:
        try:
            yield detector.score(text)
        except EmptyMessageError as error:
            yield error
