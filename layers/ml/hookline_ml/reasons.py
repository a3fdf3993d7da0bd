"""The catalogue of reasons: every code that a verdict can give, in one table."""

from dataclasses import dataclass
from functools import cache

from hookline_ml.rules import load_rules
from hookline_ml.signals.catalog import signal_kinds
from hookline_ml.types import Source


@dataclass(frozen=True, slots=True)
class ReasonCode:
    """What the catalogue says about one code.

    Parameters
    ----------
    source
        Which kind of reason it is.
    category_code
        The category that a rule speaks for; None for reasons that speak for none.
    text
        One plain sentence. Reasons made from the message itself (`MODEL_TERM`, `CATEGORY_CEILING`) carry a text of
        their own in a verdict.
    """

    code: str
    source: Source
    category_code: str | None
    text: str


MODEL_TERM = ReasonCode("MODEL_TERM", "model", None, "Words that are more common in frauds than in honest messages")
MODEL_LINK = ReasonCode("MODEL_LINK", "model", None, "The way the link is written")
MODEL_WORDING = ReasonCode("MODEL_WORDING", "model", None, "The wording as a whole")
CATEGORY_CEILING = ReasonCode(
    "CATEGORY_CEILING", "guard", None, "One message of such a kind proves nothing, so its score has a ceiling"
)
SENDER_BLOCKED = ReasonCode("SENDER_BLOCKED", "sender", None, "The sender is on the block list")
SENDER_ALLOWED = ReasonCode("SENDER_ALLOWED", "sender", None, "The sender is on the allow list")


@cache
def reason_codes() -> tuple[ReasonCode, ...]:
    """List every reason that a verdict can give: signals, guards, sender, the model, ceilings, and all rules.

    Examples
    --------
    >>> next(each.text for each in reason_codes() if each.code == "WALLET")
    'Contains a crypto wallet address'
    """
    signals = (ReasonCode(kind.code, kind.source, None, kind.text) for kind in signal_kinds().values())
    rules = (ReasonCode(rule.code, rule.source, rule.category, rule.text) for rule in load_rules().rules)
    return (*signals, SENDER_BLOCKED, SENDER_ALLOWED, MODEL_TERM, MODEL_LINK, MODEL_WORDING, CATEGORY_CEILING, *rules)
