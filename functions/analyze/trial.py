"""Scores a message by the champion, and by the challenger beside it. The challenger can help, and never hurt."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from hookline_core.challenger import Challenger
from hookline_core.contracts import Channel, ModelRole, Shadow
from hookline_ml import Detector, EmptyMessageError, Sender, Verdict

from analyze.models import ModelSource

logger = Logger()
metrics = Metrics()


def score(
    models: ModelSource,
    *,
    champion: str | None,
    challenger: Challenger | None,
    text: str,
    sender: Sender,
    channel: Channel | None,
    kept: bool,
) -> tuple[Verdict, Shadow | None]:
    """Return the verdict that answers, and what the other model says.

    Parameters
    ----------
    champion
        The version behind the alias; ``None`` while the alias is not set.
    kept
        Whether the other model's word is kept. If not, it is not asked for.

    Raises
    ------
    EmptyMessageError
        If nothing in the text can be read.
    """
    verdict = models.detector(champion).score(text, sender=sender, channel=channel)
    if challenger is None:
        return verdict, None
    answers = challenger.answers(sender.phone_number)
    if not (answers or kept):
        return verdict, None
    try:
        other = _other(models.challenger(challenger.version), text, sender, channel)
    except Exception as error:  # noqa: BLE001  # whatever a version on trial does, the champion has answered
        metrics.add_metric(name="ChallengerFailed", unit=MetricUnit.Count, value=1)
        logger.error("the challenger failed", version=challenger.version, kind=type(error).__name__)  # noqa: TRY400  # the text may hold a message
        return verdict, None
    if other is None:
        return verdict, None
    return (other, _shadow(verdict, "champion")) if answers else (verdict, _shadow(other, "challenger"))


def _other(detector: Detector | None, text: str, sender: Sender, channel: Channel | None) -> Verdict | None:
    try:
        return detector.score(text, sender=sender, channel=channel) if detector else None
    except EmptyMessageError:
        return None


def _shadow(verdict: Verdict, role: ModelRole) -> Shadow:
    return Shadow(
        role=role,
        model_version=verdict.model_version,
        risk_score=verdict.risk_score,
        risk_level=verdict.risk_level.value,
        category_code=verdict.category.code,
    )
