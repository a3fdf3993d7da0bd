"""Honest messages with the marks that collections of dishonest ones carry, so that the marks say nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

from training.data import Message

_TO_BE = re.compile(r"\b(?:is|are|was|were|been|am)\b", re.IGNORECASE)
_TO_HAVE = re.compile(r"\b(?:has|had)\b", re.IGNORECASE)
_ENDING = re.compile(r"\b([A-Za-z]{3,}?)(?:ed|ing|s)\b")
_PUNCTUATION = re.compile(r"[.,!?;:'\"]+(?=\s|$)")
_SHARE = 0.3  # of the honest English messages


def base_forms(text: str, rng: Random) -> str:
    """Put words back to something like their base form and drop punctuation, as one large collection does."""
    text = _TO_HAVE.sub("have", _TO_BE.sub("be", text))
    text = _ENDING.sub(lambda match: match[1] if rng.random() < 0.7 else match[0], text)
    return _PUNCTUATION.sub("", text)


def marked(messages: Iterable[Message], seed: int) -> Iterator[Message]:
    """Yield a changed copy of some of the honest messages in English."""
    rng = Random(seed)
    for message in messages:
        if message.label != "scam" and message.lang == "en" and rng.random() < _SHARE:
            yield replace(message, text=base_forms(message.text, rng), changed=True)
