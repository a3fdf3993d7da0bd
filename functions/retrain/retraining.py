"""The use case of retraining: labels in, a gated and signed model version out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger
from hookline_core.clock import Clock, isoformat, utc_now
from hookline_core.errors import InvalidRequestError
from hookline_core.identity import Identity
from hookline_core.ids import new_id
from hookline_core.stores.artefacts import ArtefactStore
from hookline_core.stores.registry import ModelVersion, Registry
from hookline_ml import Model

from retrain.gate import judge
from retrain.labels import LabelStore
from retrain.lock import RetrainLock
from retrain.plausibility import complaint
from retrain.provenance import code_version
from retrain.trainer import Labelled, train

logger = Logger()

_SEED = 20_261_123
"""Any constant: the same labels give the same model."""


class LabelContradictionError(InvalidRequestError):
    """A message was given as a scam and as legitimate."""

    code = "label_contradiction"


@dataclass(frozen=True, slots=True)
class Retrained:
    """What a retraining did.

    Parameters
    ----------
    promoted
        Whether the new version serves now.
    reason
        The gate's sentence: why, or why not.
    metrics
        What the gate measured, for ``candidate`` and ``champion``.
    """

    model_version: str
    promoted: bool
    reason: str
    metrics: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Retraining:
    """Trains, judges, signs, stores and promotes."""

    registry: Registry
    artefacts: ArtefactStore
    labels: LabelStore
    lock: RetrainLock
    base: Callable[[], Model]
    clock: Clock = utc_now

    def __call__(self, scam: Sequence[str], legitimate: Sequence[str], *, caller: Identity) -> Retrained:
        """Retrain on the base model's knowledge, all labels accepted so far, and these.

        The champion moves last: a crash before leaves a version that nobody uses.

        Raises
        ------
        LabelContradictionError
            If a message is in both lists.
        RetrainRunningError
            If another retraining runs.
        ConflictError
            If somebody promoted another version meanwhile; the new one stays a candidate.
        """
        if not set(scam).isdisjoint(legitimate):
            raise LabelContradictionError("A message is in both lists.", pointer="/body")
        moment = self.clock()
        run = new_id(moment)
        fresh = [Labelled(text, "scam") for text in scam] + [Labelled(text, "legit") for text in legitimate]
        with self.lock.held(run, moment=moment):
            return self._run(run, fresh, caller=caller, moment=moment)

    def _run(self, run: str, fresh: list[Labelled], *, caller: Identity, moment: datetime) -> Retrained:
        base = self.base()
        seen = self.registry.aliases()
        serving = seen.champion.version if seen.champion else base.version
        champion = base if serving == base.version else Model.load(*self.artefacts.read(serving))
        candidate = train([*self.labels.accepted(), *fresh], parent=base, seed=_SEED, created_at=isoformat(moment))
        model = Model.load(candidate.manifest, candidate.arrays)
        judgement = judge(model, champion)
        if doubt := complaint(fresh, champion):
            judgement = replace(judgement, refusal="labels_implausible", reason=doubt)
        self.labels.write(run, fresh, outcome="accepted" if judgement.passed else "refused")
        self.artefacts.write(model.version, manifest=candidate.manifest, arrays=candidate.arrays)
        self.registry.add(
            ModelVersion(
                version=model.version,
                parent=base.version,
                created_at=isoformat(moment),
                created_by=caller.key_id,
                status="candidate" if judgement.passed else "refused",
                reason=judgement.reason,
                metrics=judgement.metrics,
                data=model.manifest.data,
                thresholds=model.manifest.thresholds,
                refusal=judgement.refusal,
                rules_version=model.manifest.rules_version,
                code_version=code_version(),
            ),
            moment=moment,
        )
        if judgement.passed:
            self.registry.promote(model.version, seen=seen, fallback=base.version, actor=caller.key_id, moment=moment)
        logger.info("retrained", version=model.version, promoted=judgement.passed, labels=len(fresh))
        return Retrained(model.version, judgement.passed, judgement.reason, judgement.metrics)
