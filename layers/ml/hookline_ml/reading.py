"""Reads a message once: everything that rules and model need, before anything is weighed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hookline_ml.facts import facts
from hookline_ml.features import Wording, wording
from hookline_ml.normalise import Normalised, normalise
from hookline_ml.rules import Hit, Rules
from hookline_ml.signals import Signals, extract
from hookline_ml.types import Sender


class Reading(NamedTuple):
    """A message with its signals, the rules that hold, what the model reads of it, and its dense features."""

    normalised: Normalised
    signals: Signals
    hits: tuple[Hit, ...]
    wording: Wording
    facts: Mapping[str, float]


def read(text: str, rules: Rules, *, sender: Sender | None = None, channel: str | None = None) -> Reading:
    """Read a message."""
    normalised = normalise(text)
    return _reading(normalised, extract(normalised, sender=sender, channel=channel), rules)


def read_many(texts: Sequence[str], rules: Rules) -> list[Reading]:
    """Read messages, all of which take one step before any takes the next.

    So the tables and the code of a step stay in the processor's cache.
    """
    normalised = [normalise(text) for text in texts]
    signals = [extract(each) for each in normalised]
    return [_reading(each, found, rules) for each, found in zip(normalised, signals, strict=True)]


def _reading(normalised: Normalised, signals: Signals, rules: Rules) -> Reading:
    hits = rules.match(normalised, signals)
    return Reading(normalised, signals, hits, wording(signals), facts(signals, hits))
