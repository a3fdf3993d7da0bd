"""The detector's vocabulary: what it is told about a message, and what it answers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from hookline_ml.categories import Category

Span = tuple[int, int]
"""A half-open range of code points."""

Source = Literal["rule", "model", "signal", "sender", "guard"]
"""Where a reason comes from. Guards and allow-listed senders take points away."""


class EmptyMessageError(ValueError):
    """Nothing that could be read is left of the message."""


class Level(StrEnum):
    """The levels of risk, least first."""

    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"
    CRITICAL = "Critical"


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """The lowest score of each level above Low.

    Raises
    ------
    ValueError
        If they do not rise, or leave 1..100.

    Examples
    --------
    >>> Cutoffs().level_of(70)
    <Level.HIGH: 'High'>
    """

    medium: int = 40
    high: int = 70
    critical: int = 90

    def __post_init__(self) -> None:
        if not 0 < self.medium < self.high < self.critical <= 100:
            raise ValueError(f"cut-offs must rise within 1..100, not {self.medium}, {self.high}, {self.critical}")

    def level_of(self, score: int) -> Level:
        """Return the level of a score of 0..100."""
        if score >= self.critical:
            return Level.CRITICAL
        if score >= self.high:
            return Level.HIGH
        return Level.MEDIUM if score >= self.medium else Level.LOW


@dataclass(frozen=True, slots=True)
class Sender:
    """What is known of a message's sender.

    Parameters
    ----------
    phone_number
        E.164, a short code, or the address of an e-mail-to-SMS gateway.
    listed
        The list that the receiving side put this sender on.
    """

    phone_number: str | None = None
    listed: Literal["block", "allow"] | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a score.

    Parameters
    ----------
    points
        What it adds to the score (0..100 scale); less than zero when it speaks for the message.
    spans
        Where it was seen, in the original text. Empty when it is about the message as a whole.
    """

    code: str
    source: Source
    points: float
    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the detector says about one message.

    Parameters
    ----------
    risk_score
        0..100. The points of all reasons add up to it within 1.
    probability
        Calibrated probability that the message is a scam.
    category_probability, runner_up, runner_up_probability
        How sure the category is, and which one comes next.
    """

    risk_score: int
    risk_level: Level
    category: Category
    primary_reason: str
    advice: str
    reasons: tuple[Reason, ...]
    model_version: str
    rules_version: str
    probability: float
    category_probability: float = 1.0
    runner_up: Category | None = None
    runner_up_probability: float = 0.0


@dataclass(frozen=True, slots=True)
class Brief:
    """The short verdict of the fast path: no reasons."""

    risk_score: int
    risk_level: Level
    category: Category
    probability: float
