"""Judges a recipe by leaving whole sources out, and a model by messages of templates that it never saw."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from hookline_ml import Brief, Detector, Level, Model
from hookline_ml.rules import Rules
from numpy.typing import NDArray
from retrain.matrix import Design

from training.calibrate import precision_at
from training.data import CORPUS, LETTERS, PHISHING, REPORTS, Message
from training.fit import Weights, category_of
from training.measure import Quality, macro_f1, quality, share
from training.recipe import Pool, is_notice, is_scam, learn, levels, margins

Floats = NDArray[np.float32]

LEFT_OUT: dict[str, tuple[str, ...]] = {
    "smishing reports of 2018-2022": (REPORTS,),
    "UCI and its 2022 relabelling": ("uci_sms_spam", "mishra_soni_2022"),
    "Nigerian messages and Indian notices": ("exais_sms", "indian_phone_export_2022"),
    "Thai": ("thai_sms_2022",),
    "Indonesian": ("indonesian_sms",),
    "Arabic": ("arabic_smishing_tasmco",),
    "Chinese": ("fbs_sms_ccs20", "nus_sms_zh"),
    "e-mail": (*LETTERS, PHISHING),
    "our corpus": (CORPUS,),
}
"""Groups of sources that share messages or a language, or are of a kind, are left out together."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a recipe does on sources that it did not learn from.

    Parameters
    ----------
    against_notices
        The sources' scams (for unsorted reports: all of them) against genuine notices of the corpus, of unseen
        templates.
    own
        The same scams against the sources' own genuine messages.
    high_genuine, critical_genuine
        Share of the sources' own genuine messages at or above a level.
    high_scams
        Share of the sources' scams at High or above.
    """

    name: str
    scams: int
    genuine: int
    against_notices: Quality | None
    own: Quality | None
    high_scams: float
    high_genuine: float
    critical_genuine: float


def leave_out(pool: Pool, name: str, sources: Sequence[str]) -> Outcome:
    """Learn without some sources and judge on them."""
    held = np.array([message.source in sources for message in pool.train])
    weights = learn(pool, np.flatnonzero(~held), categories=False)
    limits = levels(weights, pool)
    found, messages = _of_sources(weights, pool, sources)
    scams = found[[_is_positive(message) for message in messages]]
    genuine = found[[message.label == "legit" for message in messages]]
    notices = margins(weights, pool.test_design)[[is_notice(message) for message in pool.test]]
    return Outcome(
        name,
        len(scams),
        len(genuine),
        quality(scams, notices) if len(scams) else None,
        quality(scams, genuine) if len(scams) and len(genuine) else None,
        share(scams, limits["high"]),
        share(genuine, limits["high"]),
        share(genuine, limits["critical"]),
    )


def _of_sources(weights: Weights, pool: Pool, sources: Sequence[str]) -> tuple[Floats, list[Message]]:
    if CORPUS in sources:
        return margins(weights, pool.test_design), pool.test
    found: list[Floats] = []
    messages: list[Message] = []
    for more, features in (
        (pool.train, pool.train_design),
        (pool.dev, pool.dev_design),
        (pool.barred, pool.barred_design),
    ):
        rows = [row for row, message in enumerate(more) if message.source in sources and not message.changed]
        found.append(margins(weights, features.take(np.array(rows, np.intp))))
        messages += [more[row] for row in rows]
    return np.concatenate(found), messages


def _is_positive(message: Message) -> bool:
    return is_scam(message) or (message.source == REPORTS and message.label == "spam")


def in_domain(weights: Weights, pool: Pool) -> dict[str, Quality]:
    """Judge on the held-out split of sources that were trained on: everybody does well here."""
    found = margins(weights, pool.dev_design)
    by_source: dict[str, list[int]] = defaultdict(list)
    for row, message in enumerate(pool.dev):
        by_source[message.source].append(row)
    groups = {
        "UCI": (by_source["uci_sms_spam"], by_source["uci_sms_spam"]),
        "Thai": (by_source["thai_sms_2022"],) * 2,
        "Indonesian": (by_source["indonesian_sms"],) * 2,
        "Arabic": (by_source["arabic_smishing_tasmco"],) * 2,
        "Chinese": (by_source["fbs_sms_ccs20"], by_source["nus_sms_zh"]),
    }
    return {
        name: quality(
            found[[row for row in bad if _counts(pool.dev[row], name)]],
            found[[row for row in good if pool.dev[row].label == "legit"]],
        )
        for name, (bad, good) in groups.items()
    }


def phishing(weights: Weights, pool: Pool) -> dict[str, Quality]:
    """Judge phishing letters, which nothing may learn from, against genuine notices and held-out genuine letters."""
    found = margins(weights, pool.barred_design)[[message.source == PHISHING for message in pool.barred]]
    letters = [message.source in LETTERS and message.label == "legit" for message in pool.dev]
    notices = [is_notice(message) for message in pool.test]
    return {
        "genuine notices of test templates": quality(found, margins(weights, pool.test_design)[notices]),
        "held-out genuine letters": quality(found, margins(weights, pool.dev_design)[letters]),
    }


def _counts(message: Message, name: str) -> bool:
    return message.label == "scam" or (name == "UCI" and message.label == "spam")


@dataclass(frozen=True, slots=True)
class Levels:
    """What a level means on the test templates of the corpus.

    Parameters
    ----------
    precision
        In a mix with a tenth of scams.
    """

    level: str
    recall: float
    false_alarms: float
    marketing: float
    precision: float


def level_table(
    weights: Weights, limits: dict[str, float], messages: Sequence[Message], features: Design
) -> list[Levels]:
    """Judge the levels on messages that neither trained the model nor set the levels."""
    found = margins(weights, features)
    scams = found[[is_scam(message) for message in messages]]
    notices = found[[is_notice(message) for message in messages]]
    marketing = found[[message.label == "spam" for message in messages]]
    return [
        Levels(
            level,
            share(scams, limits[level]),
            share(notices, limits[level]),
            share(marketing, limits[level]),
            precision_at(scams, notices, limits[level]),
        )
        for level in ("medium", "high", "critical")
    ]


SMISHING = frozenset(
    {
        "bank_impersonation",
        "government_tax",
        "malware_link",
        "otp_account_takeover",
        "parcel_delivery",
        "phishing_generic",
        "prize_lottery",
        "social_media_account",
        "subscription_renewal",
        "telecom_utility",
        "toll_fine",
    }
)
"""Scams that come as one text message on some organisation's behalf, with what it wants in it."""

_TAKEN_FOR_IT = frozenset({"bank_notice", "otp", "delivery", "appointment"})  # kinds of notices


def against(weights: Weights, messages: Sequence[Message], features: Design) -> dict[str, Quality]:
    """Judge scams against genuine messages and marketing, on messages that were not trained on."""
    found = margins(weights, features)
    scams = found[[is_scam(message) for message in messages]]
    smishing = found[[is_scam(message) and message.category in SMISHING for message in messages]]
    everyday = found[[message.label == "legit" and message.kind in _TAKEN_FOR_IT for message in messages]]
    return {
        "smishing against bank, code, delivery and appointment notices": quality(smishing, everyday),
        "scams against genuine notices": quality(scams, found[[is_notice(message) for message in messages]]),
        "scams against marketing and all genuine messages": quality(
            scams, found[[message.label != "scam" for message in messages]]
        ),
    }


def by_kind(
    weights: Weights, limit: float, sets: Iterable[tuple[Sequence[Message], Design]]
) -> dict[str, tuple[int, float]]:
    """Return the number of messages of each legitimate kind, and the share at or above a margin."""
    kinds: dict[str, list[float]] = defaultdict(list)
    for messages, features in sets:
        for message, margin in zip(messages, margins(weights, features).tolist(), strict=True):
            if message.label == "legit":
                kinds[message.kind].append(margin)
    return {kind: (len(values), share(np.array(values), limit)) for kind, values in sorted(kinds.items())}


def category_f1(model: Model, rules: Rules, messages: Sequence[Message]) -> tuple[float, float]:
    """Return the macro-F1 of the verdicts' categories, genuine messages and marketing among them.

    Returns
    -------
    That of all messages, and that of the scams which are rated Medium or above.
    """
    briefs = Detector(model, rules).score_many([message.text for message in messages])
    pairs = [
        (category_of(message), each.category.code, message.label == "scam" and each.risk_level is not Level.LOW)
        for message, each in zip(messages, briefs, strict=True)
        if isinstance(each, Brief)
    ]
    return (
        macro_f1([truth for truth, _, _ in pairs], [found for _, found, _ in pairs]),
        macro_f1([truth for truth, _, noticed in pairs if noticed], [found for _, found, noticed in pairs if noticed]),
    )


def calibration(weights: Weights, limits: dict[str, float], pool: Pool) -> list[tuple[float, float, int]]:
    """Return (mean stated probability, share of scams, messages) in ten steps, weighted to the mix."""
    found = margins(weights, pool.test_design)
    kept = np.array([is_scam(message) or is_notice(message) for message in pool.test])
    truth = np.array([is_scam(message) for message in pool.test])[kept]
    stated = 1 / (1 + np.exp(-(limits["slope"] * found[kept] + limits["shift"])))
    weight = np.where(truth, 0.1 / truth.sum(), 0.9 / (~truth).sum())
    steps = np.minimum((stated * 10).astype(int), 9)
    return [
        (
            float(np.average(stated[steps == step], weights=weight[steps == step])),
            float(np.average(truth[steps == step], weights=weight[steps == step])),
            int((steps == step).sum()),
        )
        for step in range(10)
        if (steps == step).any()
    ]
