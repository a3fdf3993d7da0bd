"""Reads a message once: everything that rules and model need, before anything is weighed."""

from collections.abc import Mapping
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
    signals = extract(normalised, sender=sender, channel=channel)
    hits = rules.match(normalised, signals)
    return Reading(normalised, signals, hits, wording(signals), facts(signals, hits))
