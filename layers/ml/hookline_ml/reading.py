"""Reads a message once: everything that rules and model need, before anything is weighed."""

from collections.abc import Sequence
from typing import NamedTuple

from hookline_ml.facts import facts
from hookline_ml.features import Wording, wording
from hookline_ml.normalise import Normalised, normalise
from hookline_ml.rules import Hit, Rules
from hookline_ml.signals import Signals, extract, extract_many
from hookline_ml.types import Sender


class Reading(NamedTuple):
    """A message with its signals, the rules that hold, and what the model reads of it."""

    normalised: Normalised
    signals: Signals
    hits: tuple[Hit, ...]
    wording: Wording

    @property
    def facts(self) -> dict[str, float]:
        """The dense features, worked out each time."""
        return facts(self.signals, self.hits)


def read(text: str, rules: Rules, *, sender: Sender | None = None, channel: str | None = None) -> Reading:
    """Read a message."""
    normalised = normalise(text)
    signals = extract(normalised, sender=sender, channel=channel)
    return Reading(normalised, signals, rules.match(normalised, signals), wording(signals))


def read_many(texts: Sequence[str], rules: Rules) -> list[Reading]:
    """Read messages, all of which take one step before any takes the next.

    So the tables and the code of a step stay in the processor's cache.
    """
    normalised = [*map(normalise, texts)]
    signals = extract_many(normalised)
    hits = [*map(rules.match, normalised, signals)]
    return [*map(Reading, normalised, signals, hits, map(wording, signals))]
