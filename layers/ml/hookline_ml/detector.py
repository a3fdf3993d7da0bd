"""Brings rules, signals and model together into one verdict."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from hookline_ml.categories import CATEGORIES, HARMLESS, Category
from hookline_ml.category_head import Odds
from hookline_ml.explain import contributions, to_points
from hookline_ml.facts import evidence, topics
from hookline_ml.features import Floats, Grams, grams
from hookline_ml.model import Model
from hookline_ml.reading import Reading, read, read_many
from hookline_ml.reasons import CATEGORY_CEILING, SENDER_ALLOWED, SENDER_BLOCKED, ReasonCode
from hookline_ml.rules import Rules
from hookline_ml.signals.catalog import pattern_index
from hookline_ml.types import Brief, Cutoffs, EmptyMessageError, Level, Reason, Sender, Verdict

_NO_SENDER = Sender()
_BLOCKED_SHARE = 0.5  # a blocked sender takes away half of what is missing to 100
_ALLOWED_SHARE = 0.1  # an allowed sender leaves a tenth
_LEGITIMATE = CATEGORIES["legitimate"]
_MARKETING = CATEGORIES["spam_marketing"]
_UNSORTED = CATEGORIES["phishing_generic"]  # a scam of which no category fits
_FULL = 100  # the highest score
_RANKED = 6  # as many as could have to be passed over, and one more
_WELL_ABOVE = 0.15  # of the way from High to Critical
_TINY = 1e-9
_TOO_CLOSE = 1e-3  # log-odds that rounding could turn
_CHUNK = 256  # messages read and weighed at a time
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
        self._well_above = self.cutoffs.high + _WELL_ABOVE * (self.cutoffs.critical - self.cutoffs.high)

    @cached_property
    def _marketing(self) -> Odds | None:
        """Only batches need it, so that no start has to wait for it."""
        return self.model.head.odds(_MARKETING.code, _LEGITIMATE.code)

    @cached_property
    def _row_of_topic(self) -> Mapping[str, int]:
        """For each group of patterns, the row of its fact in the head, or that of facts that say nothing."""
        rows, fact_of = self.model.head.facts, topics()
        return {group: rows[fact_of.get(group, "")] for group in pattern_index().groups}

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
        shares = self.model.head.probabilities(hashed, self.model.head.table([reading.facts]), [0])
        ranking = self._ranking(shares[0].tolist(), probability)
        category = self._category(ranking, score)
        reasons += self._ceiling(category, score)
        score = min(score, category.ceiling)
        if listed := self._listed(sender, score):
            reasons.append(listed)
            score += listed.points
        risk_score = round(score)
        runner_up = next(each for each in ranking if each is not category)
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
            category_probability=ranking.get(category, 0.0),
            runner_up=runner_up,
            runner_up_probability=ranking[runner_up],
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
            for reading in read_many(texts, self.rules)
        ]
        briefs = self._briefs([each for each in gists if isinstance(each, _Gist)])
        for each in gists:
            yield next(briefs) if isinstance(each, _Gist) else each

    def _gist(self, reading: Reading) -> "_Gist":
        signals, found = reading.signals, evidence(reading.signals, reading.hits)
        return _Gist(reading.wording.text, found, signals.terms.possible, self.model.dense_margin(found, signals))

    def _briefs(self, gists: Sequence["_Gist"]) -> Iterator[Brief]:
        hashed = grams([gist.wording for gist in gists], self.model.char_bits, self.model.word_bits)
        dense = np.array([gist.dense_margin for gist in gists])
        margins = (self.model.bias + dense + self.model.wording_margins(hashed)).tolist()
        scores = [*map(self.model.scale.score, margins)]
        probabilities = [*map(self.model.scale.probability, margins)]
        categories = self._categories_of(hashed, self._table(gists), scores, probabilities)
        for score, probability, category in zip(scores, probabilities, categories, strict=True):
            risk_score = round(min(score, category.ceiling))
            yield Brief(risk_score, self.cutoffs.level_of(risk_score), category, probability)

    def _table(self, gists: Sequence["_Gist"]) -> Floats:
        """Return the facts of messages as the categories' head takes them, all topics at once."""
        table = self.model.head.table([gist.evidence for gist in gists])
        messages = np.repeat(np.arange(len(gists)), [len(gist.possible) for gist in gists])
        groups = chain.from_iterable([gist.possible for gist in gists])
        table[messages, [*map(self._row_of_topic.__getitem__, groups)]] = 1
        return table

    def _categories_of(
        self,
        hashed: Grams,
        table: Floats,
        scores: Sequence[float],
        probabilities: Sequence[float],
    ) -> list[Category]:
        """Return the category of each message; categories are weighed only where there is a choice of several."""
        found = [_LEGITIMATE] * len(scores)
        open_ones = np.flatnonzero(~self._plain(hashed, table, scores)).tolist()
        if open_ones:
            shares = self.model.head.probabilities(hashed, table, open_ones)
            likeliest = self._likeliest(
                shares, [probabilities[place] for place in open_ones], [scores[place] for place in open_ones]
            )
            for place, category in zip(open_ones, likeliest, strict=True):
                found[place] = category
        return found

    def _plain(self, hashed: Grams, table: Floats, scores: Sequence[float]) -> NDArray[np.bool_]:
        """Say which messages are legitimate for sure: Low ones that are less like marketing, the only other choice."""
        if self._marketing is None:
            return np.zeros(len(scores), np.bool_)
        low = np.rint(scores) < self.cutoffs.medium
        sure = self._marketing.of(hashed, table) < -self._marketing.error - _TOO_CLOSE
        return np.asarray(low & sure)

    def _read(self, text: str, *, sender: Sender = _NO_SENDER, channel: str | None = None) -> Reading:
        reading = read(text, self.rules, sender=sender, channel=channel)
        if _is_empty(reading):
            raise EmptyMessageError(_NOTHING)
        return reading

    def _ranking(self, shares: Sequence[float], scam: float) -> dict[Category, float]:
        """Return the likeliest categories of a message, likeliest first; all scams together are as likely as it is one.

        `shares` holds the probability of each category.
        """
        sums = [0.0, 0.0]
        for share, side in zip(shares, self._sides, strict=True):
            sums[side] += share
        chances = (1 - scam) / max(sums[0], _TINY), scam / max(sums[1], _TINY)
        weighed = [share * chances[side] for share, side in zip(shares, self._sides, strict=True)]
        order = sorted(range(len(weighed)), key=weighed.__getitem__, reverse=True)[:_RANKED]
        return {self._categories[place]: weighed[place] for place in order}

    def _category(self, ranking: Iterable[Category], score: float) -> Category:
        """Return the likeliest category that fits the score.

        Nothing Low is a scam, and nothing legitimate is Medium. A score well above High is more than an opener or an
        advertisement brings, so it belongs to a category without a ceiling.
        """
        if self.cutoffs.level_of(round(score)) is Level.LOW:
            return _MARKETING if next(iter(ranking)) is _MARKETING else _LEGITIMATE
        fitting = (category for category in ranking if category is not _LEGITIMATE)
        if score >= self._well_above:
            fitting = (category for category in fitting if category.ceiling == _FULL)
        return next(fitting, _UNSORTED)

    def _likeliest(self, shares: Floats, scams: Sequence[float], scores: Sequence[float]) -> list[Category]:
        """Do for many messages what `_ranking` and `_category` do for one.

        `shares` holds the probability of each category, shape (messages, categories).
        """
        exact, scam, score = shares.astype(np.float64), np.array(scams), np.array(scores)
        is_scam = np.array(self._sides, np.bool_)
        exact[:, ~is_scam] *= ((1 - scam) / np.maximum(exact[:, ~is_scam].sum(1), _TINY))[:, None]
        exact[:, is_scam] *= (scam / np.maximum(exact[:, is_scam].sum(1), _TINY))[:, None]
        flagged = np.array([each is not _LEGITIMATE for each in self._categories])
        without_ceiling = np.array([each.ceiling == _FULL for each in self._categories])
        fits = flagged & (without_ceiling | (score < self._well_above)[:, None])
        low = (np.rint(score) < self.cutoffs.medium).tolist()
        first = exact.argmax(1).tolist()
        first_fitting = np.where(fits, exact, -1.0).argmax(1)
        fitting = fits[np.arange(len(fits)), first_fitting].tolist()
        found = []
        for is_low, any_one, one, is_fitting in zip(low, first, first_fitting.tolist(), fitting, strict=True):
            if is_low:
                found.append(_MARKETING if self._categories[any_one] is _MARKETING else _LEGITIMATE)
            else:
                found.append(self._categories[one] if is_fitting else _UNSORTED)
        return found

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
    evidence: Mapping[str, float]
    possible: Set[str]
    dense_margin: float


def _reason(kind: ReasonCode, points: float) -> Reason:
    return Reason(kind.code, kind.source, points, kind.text)
