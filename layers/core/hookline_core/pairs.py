"""Champion and challenger on the same message: the counters that hold how often they agree, and who was right."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from hookline_core.contracts import LevelName, Message

_PAIR, _JUDGED = "pair", "judged"
_FLAGGED = frozenset({"High", "Critical"})

Right = Literal["both", "champion", "challenger", "neither"]
"""Who was right about a message that a person judged: a scam belongs at High or above, everything else below."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What the two models said of one message."""

    champion: str
    challenger: str
    champion_level: LevelName
    challenger_level: LevelName

    def right(self, *, scam: bool) -> Right:
        """Tell who was right, once a person has said whether it is a scam."""
        champion, challenger = ((level in _FLAGGED) == scam for level in (self.champion_level, self.challenger_level))
        if champion == challenger:
            return "both" if champion else "neither"
        return "champion" if champion else "challenger"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sums over many messages.

    Parameters
    ----------
    flips
        Messages by (champion's level, challenger's level), where these differ.
    judged
        Messages that people judged, by who was right.
    """

    messages: int
    agreed: int
    flips: Mapping[tuple[LevelName, LevelName], int]
    judged: Mapping[Right, int]


def pair_of(message: Message) -> Pair | None:
    """Return what the two models said; nothing, if no challenger was tried."""
    shadow = message.shadow
    if shadow is None:
        return None
    if shadow.role == "challenger":
        return Pair(message.model_version, shadow.model_version, message.risk_level, shadow.risk_level)
    return Pair(shadow.model_version, message.model_version, shadow.risk_level, message.risk_level)


def pair_counters(message: Message) -> list[str]:
    """Return the counters that a new message adds one to."""
    pair = pair_of(message)
    if pair is None:
        return []
    return [f"{_PAIR}|{pair.champion}|{pair.challenger}|{pair.champion_level}|{pair.challenger_level}"]


def judged_counters(message: Message, *, scam: bool) -> list[str]:
    """Return the counters that a person's word on a message adds one to."""
    pair = pair_of(message)
    return ["|".join((_JUDGED, pair.champion, pair.challenger, pair.right(scam=scam)))] if pair else []


def compare(counts: Mapping[str, int], *, champion: str, challenger: str) -> Comparison:
    """Read the counters of one pair of versions.

    Parameters
    ----------
    counts
        Counters of whatever kind, by name.
    """
    levels: Counter[tuple[LevelName, LevelName]] = Counter()
    judged: Counter[Right] = Counter()
    for name, count in counts.items():
        match name.split("|"):
            case [kind, first, second, *rest] if (first, second) == (champion, challenger):
                if kind == _PAIR:
                    levels[cast("LevelName", rest[0]), cast("LevelName", rest[1])] += count
                elif kind == _JUDGED:
                    judged[cast("Right", rest[0])] += count
            case _:
                pass
    return Comparison(
        messages=levels.total(),
        agreed=sum(count for (one, other), count in levels.items() if one == other),
        flips={pair: count for pair, count in sorted(levels.items()) if pair[0] != pair[1] and count},
        judged=judged,
    )
