"""Brings rules, signals and model together into one verdict."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np

from hookline_ml.categories import CATEGORIES, HARMLESS, Category
from hookline_ml.category_head import Odds
from hookline_ml.explain import contributions, to_points
from hookline_ml.features import Grams, grams
from hookline_ml.model import Model
from hookline_ml.reading import Reading, read, read_many
from hookline_ml.reasons import CATEGORY_CEILING, SENDER_ALLOWED, SENDER_BLOCKED, ReasonCode
from hookline_ml.rules import Rules
from hookline_ml.types import Brief, Cutoffs, EmptyMessageError, Level, Reason, Sender, Verdict

_NO_SENDER = Sender()
_BLOCKED_SHARE = 0.5  # a blocked sender takes away half of what is missing to 100
_ALLOWED_SHARE = 0.1  # an allowed sender leaves a tenth
_LEGITIMATE = CATEGORIES["legitimate"]
_MARKETING = CATEGORIES["spam_marketing"]
_FULL = 100  # the highest score
_RANKED = 6  # as many as could have to be passed over, and one more
_WELL_ABOVE = 0.15  # of the way from High to Critical
_TINY = 1e-9
_TOO_CLOSE = 1e-3  # log-odds that rounding could turn
_CHUNK = 256  # messages weighed at a time
_AT_ONCE = 32  # messages read at a time
_NOTHING = "the message holds nothing that could be read"


class Detector:
    """Scores messages. It holds nothing that changes, so threads may share it.

    Parameters
    ----------
    model, rules
        What it knows.
    cutoffs
        Where the levels begin.

    Examples
    --------
    >>> from hookline_ml import Detector, base_model, load_rules
    >>> Detector(base_model(), load_rules()).score("See you at eight, I'll bring the salad").risk_level.value
    'Low'
    """

    def __init__(self, model: Model, rules: Rules, cutoffs: Cutoffs | None = None) -> None:
        self.model = model
        self.rules = rules
        self.cutoffs = cutoffs or Cutoffs()
        self._categories = [CATEGORIES[code] for code in model.head.categories]
        self._sides = [int(code not in HARMLESS) for code in model.head.categories]

    @cached_property
    def _marketing(self) -> Odds | None:
        """Only batches need it, so that no start has to wait for it."""
        return self.model.head.odds(_MARKETING.code, _LEGITIMATE.code)

    def with_model(self, model: Model) -> Self:
        """Return a detector with another model and the same rules and cut-offs."""
        return type(self)(model, self.rules, self.cutoffs)

    def score(self, text: str, *, sender: Sender = _NO_SENDER, channel: str | None = None) -> Verdict:
        """Score a message and say why.

        Parameters
        ----------
        text
            The message, whatever it holds.
        sender, channel
            What is known of where it came from.

        Raises
        ------
        EmptyMessageError
            If nothing that could be read is left of it.
        """
        reading = self._read(text, sender=sender, channel=channel)
        hashed = grams([reading.wording.text], self.model.char_bits, self.model.word_bits)
        parts = contributions(self.model, reading, hashed)
        margin = self.model.bias + sum(part.weight for part in parts)
        score = self.model.scale.score(margin)
        reasons = to_points(parts, reading, score=score, resting=self.model.scale.score(self.model.bias))
        probability = self.model.scale.probability(margin)
        (shares,) = self.model.head.probabilities(hashed, [reading.facts], [0]).tolist()
        ranking = self._ranking(shares, probability)
        category = self._category(ranking, score)
        reasons += self._ceiling(category, score)
        score = min(score, category.ceiling)
        if listed := self._listed(sender, score):
            reasons.append(listed)
            score += listed.points
        risk_score = round(score)
        runner_up, runner_up_probability = next(each for each in ranking if each[0] is not category)
        return Verdict(
            risk_score=risk_score,
            risk_level=self.cutoffs.level_of(risk_score),
            category=category,
            primary_reason=category.reason,
            advice=category.advice,
            reasons=tuple(sorted(reasons, key=lambda reason: -abs(reason.points))),
            model_version=self.model.version,
            rules_version=self.rules.version,
            probability=probability,
            category_probability=dict(ranking).get(category, 0.0),
            runner_up=runner_up,
            runner_up_probability=runner_up_probability,
        )

    def score_many(self, texts: Sequence[str]) -> list[Brief | EmptyMessageError]:
        """Score messages without reasons, as fast as can be; the scores are those of `score`.

        Returns
        -------
        In order, a brief verdict for each message, or the error for a message that holds nothing.
        """
        return [each for start in range(0, len(texts), _CHUNK) for each in self._chunk(texts[start : start + _CHUNK])]

    def weigh(self, readings: Sequence[Reading]) -> list[Brief]:
        """Score messages that were read already, so that several models can be compared by one reading.

        They are those of `hookline_ml.reading.read` with this detector's rules, and none of them is empty.
        """
        return [
            brief
            for start in range(0, len(readings), _CHUNK)
            for brief in self._briefs([self._gist(reading) for reading in readings[start : start + _CHUNK]])
        ]

    def _chunk(self, texts: Sequence[str]) -> Iterator[Brief | EmptyMessageError]:
        gists = [
            EmptyMessageError(_NOTHING) if _is_empty(reading) else self._gist(reading)
            for start in range(0, len(texts), _AT_ONCE)
            for reading in read_many(texts[start : start + _AT_ONCE], self.rules)
        ]
        briefs = self._briefs([each for each in gists if isinstance(each, _Gist)])
        for each in gists:
            yield next(briefs) if isinstance(each, _Gist) else each

    def _gist(self, reading: Reading) -> "_Gist":
        return _Gist(reading.wording.text, reading.facts, self.model.dense_margin(reading.facts, reading.signals))

    def _briefs(self, gists: Sequence["_Gist"]) -> Iterator[Brief]:
        hashed = grams([gist.wording for gist in gists], self.model.char_bits, self.model.word_bits)
        facts = [gist.facts for gist in gists]
        dense = np.array([gist.dense_margin for gist in gists])
        margins = (self.model.bias + dense + self.model.wording_margins(hashed)).tolist()
        scores = [*map(self.model.scale.score, margins)]
        probabilities = [*map(self.model.scale.probability, margins)]
        categories = self._categories_of(hashed, facts, scores, probabilities)
        for score, probability, category in zip(scores, probabilities, categories, strict=True):
            risk_score = round(min(score, category.ceiling))
            yield Brief(risk_score, self.cutoffs.level_of(risk_score), category, probability)

    def _categories_of(
        self,
        hashed: Grams,
        facts: Sequence[Mapping[str, float]],
        scores: Sequence[float],
        probabilities: Sequence[float],
    ) -> list[Category]:
        """Return the category of each message; categories are weighed only where there is a choice of several."""
        found = [_LEGITIMATE] * len(scores)
        open_ones = [place for place, plain in enumerate(self._plain(hashed, facts, scores)) if not plain]
        if open_ones:
            rows = self.model.head.probabilities(hashed, facts, open_ones).tolist()
            for place, shares in zip(open_ones, rows, strict=True):
                found[place] = self._category(self._ranking(shares, probabilities[place]), scores[place])
        return found

    def _plain(self, hashed: Grams, facts: Sequence[Mapping[str, float]], scores: Sequence[float]) -> list[bool]:
        """Say which messages are legitimate for sure: Low ones that are less like marketing, the only other choice."""
        if self._marketing is None:
            return [False] * len(scores)
        odds = self._marketing.of(hashed, facts).tolist()
        return [
            self.cutoffs.level_of(round(score)) is Level.LOW and each < -_TOO_CLOSE
            for score, each in zip(scores, odds, strict=True)
        ]

    def _read(self, text: str, *, sender: Sender = _NO_SENDER, channel: str | None = None) -> Reading:
        reading = read(text, self.rules, sender=sender, channel=channel)
        if _is_empty(reading):
            raise EmptyMessageError(_NOTHING)
        return reading

    def _ranking(self, shares: Sequence[float], scam: float) -> list[tuple[Category, float]]:
        """Return the likeliest categories of a message; all scams together are as likely as it is a scam.

        `shares` holds the probability of each category.
        """
        sums = [0.0, 0.0]
        for share, side in zip(shares, self._sides, strict=True):
            sums[side] += share
        chances = (1 - scam) / max(sums[0], _TINY), scam / max(sums[1], _TINY)
        weighed = [share * chances[side] for share, side in zip(shares, self._sides, strict=True)]
        order = sorted(range(len(weighed)), key=weighed.__getitem__, reverse=True)[:_RANKED]
        return [(self._categories[place], weighed[place]) for place in order]

    def _category(self, ranking: Sequence[tuple[Category, float]], score: float) -> Category:
        """Return the likeliest category that fits the score.

        Nothing Low is a scam, and nothing legitimate is Medium. A score well above High is more than an opener or an
        advertisement brings, so it belongs to a category without a ceiling.
        """
        level = self.cutoffs.level_of(round(score))
        if level is Level.LOW:
            return ranking[0][0] if ranking[0][0] is _MARKETING else _LEGITIMATE
        fitting = (category for category, _ in ranking if category is not _LEGITIMATE)
        if score >= self.cutoffs.high + _WELL_ABOVE * (self.cutoffs.critical - self.cutoffs.high):
            fitting = (category for category in fitting if category.ceiling == _FULL)
        return next(fitting, CATEGORIES["phishing_generic"])

    def _ceiling(self, category: Category, score: float) -> list[Reason]:
        if score <= category.ceiling:
            return []
        return [Reason(CATEGORY_CEILING.code, "guard", category.ceiling - score, category.reason)]

    def _listed(self, sender: Sender, score: float) -> Reason | None:
        if sender.listed == "block":
            return _reason(SENDER_BLOCKED, (_FULL - score) * _BLOCKED_SHARE)
        if sender.listed == "allow":
            target = min(score * _ALLOWED_SHARE, self.cutoffs.medium - 1)
            return _reason(SENDER_ALLOWED, target - score)
        return None


def _is_empty(reading: Reading) -> bool:
    return not reading.normalised.text.strip()


class _Gist(NamedTuple):
    """All that the scores of a batch need of a reading; the rest goes at once, so that a batch stays in the cache."""

    wording: str
    facts: Mapping[str, float]
    dense_margin: float


def _reason(kind: ReasonCode, points: float) -> Reason:
    return Reason(kind.code, kind.source, points, kind.text)
