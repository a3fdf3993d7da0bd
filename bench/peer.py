"""A filter that others are compared with, and how it reads its labels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from training.data import Message

Floats = NDArray[np.float64]
Score = Callable[[Sequence[str]], Floats]


@dataclass(frozen=True, slots=True)
class Peer:
    """A filter that was trained, or what is missing for it.

    Parameters
    ----------
    score
        Gives each text a number, the higher the more likely a scam.
    missing
        Why there is no score.
    most
        How many texts of a kind it judges at most, for a slow filter.
    """

    name: str
    score: Score | None
    missing: str = ""
    most: int | None = None

    def some(self, texts: Sequence[str]) -> list[str]:
        """Return the texts it is judged by, the same in every run."""
        if self.most is None or len(texts) <= self.most:
            return list(texts)
        return Random(1).sample(texts, self.most)  # noqa: S311


def unwanted(train: Sequence[Message]) -> list[bool]:
    """Say of each message whether filters learn it as unwanted."""
    return [message.label == "scam" or message.category == "undifferentiated" for message in train]
