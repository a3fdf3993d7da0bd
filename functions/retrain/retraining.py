"""The use case of retraining: labels in, a gated and signed model version out."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger
from hookline_core.clock import isoformat
from hookline_core.stores.artefacts import ArtefactStore
from hookline_core.stores.label_log import LabelLog
from hookline_core.stores.labels import Label, LabelStore
from hookline_core.stores.registry import Aliases, ModelVersion, Registry
from hookline_ml import Manifest, Model, ModelArtifactError

from retrain import trainer
from retrain.gate import GateMessage, GateResult, judge, judge_held_out
from retrain.labels import held_out, merged
from retrain.plausibility import complaint
from retrain.provenance import code_version
from retrain.trainer import Candidate, Labelled, Progress

logger = Logger()

_SEED = 20_261_123
"""Any constant: the same labels give the same model."""

_TRAINED = 0.8  # of the whole, once training has ended


@dataclass(frozen=True, slots=True)
class Work:
    """One retraining to be done. Doing it again, after a crash, gives the same version.

    Parameters
    ----------
    run
        Id of the retraining.
    caller
        Public id of the key that asked for it.
    moment
        When it was asked for.
    fresh
        Labels that it brings; with none, it learns from those that are kept.
    """

    run: str
    caller: str
    moment: datetime
    fresh: Sequence[Label] = ()


@dataclass(frozen=True, slots=True)
class Retrained:
    """What a retraining did.

    Parameters
    ----------
    promoted
        Whether the new version serves now.
    reason
        The gate's sentence: why, or why not.
    refusal
        Code of why not; empty if it was not refused.
    metrics
        What the gate measured, for ``candidate`` and ``champion``.
    samples
        The labels that it brought, or those that it learned from, by label.
    """

    model_version: str
    promoted: bool
    reason: str
    refusal: str
    metrics: dict[str, Any]
    samples: dict[str, int] = field(default_factory=dict)


def silent(stage: str, share: float) -> None:
    """Tell nobody about progress."""
    del stage, share


@dataclass(frozen=True, slots=True)
class Retraining:
    """Trains, judges, signs, stores and promotes. The caller holds the lock."""

    registry: Registry
    artefacts: ArtefactStore
    labels: LabelStore
    log: LabelLog
    base: Callable[[], Model]
    train: Callable[..., Candidate] = trainer.train

    def __call__(self, work: Work, *, progress: Progress = silent) -> Retrained:
        """Retrain on the base model's knowledge, the labels that are kept, and those that the work brings.

        The champion moves last: a crash before leaves a version that nobody uses.

        Raises
        ------
        ClassMissingError
            If there are no scams, or no legitimate messages.
        ConflictError
            If somebody promoted another version meanwhile; the new one stays a candidate.
        """
        progress("labels", 0)
        base = self.base()
        seen = self.registry.aliases()
        serving = seen.champion.version if seen.champion else base.version
        champion = base if serving == base.version else Model.load(*self.artefacts.read(serving))
        labels = merged(self.labels.all(), work.fresh)
        apart = held_out(labels)
        candidate = self.train(
            labels,
            parent=base,
            seed=_SEED,
            created_at=isoformat(work.moment),
            held_out=apart,
            progress=lambda stage, share: progress(stage, _TRAINED * share),
        )
        progress("judging", _TRAINED)
        judgement = _judge(candidate, champion, labels, apart, work)
        progress("keeping", 0.9)
        return self._keep(work, candidate, judgement, seen, split={"labels": len(labels), "held_out": len(apart)})

    def _keep(
        self, work: Work, candidate: Candidate, judgement: GateResult, seen: Aliases, *, split: dict[str, int]
    ) -> Retrained:
        """Write everything down, the champion last. Each step may have been done by an attempt that was killed."""
        manifest = Manifest.parse(candidate.manifest)
        version = manifest.version
        self.log.write(
            f"{'retrain' if judgement.passed else 'refused'}/{work.run}", (label.to_json() for label in work.fresh)
        )
        if judgement.refusal != "not_finite":
            self.artefacts.write(version, manifest=candidate.manifest, arrays=candidate.arrays)
        if self.registry.version(version) is None:
            entry = ModelVersion(
                version=version,
                parent=manifest.parent,
                created_at=manifest.created_at,
                created_by=work.caller,
                status="candidate" if judgement.passed else "refused",
                reason=judgement.reason,
                metrics=judgement.metrics,
                data={**manifest.data, "split": split},
                thresholds=manifest.thresholds,
                refusal=judgement.refusal,
                rules_version=manifest.rules_version,
                code_version=code_version(),
            )
            self.registry.add(entry, moment=work.moment)
        if judgement.passed:
            self.labels.put_all(work.fresh)
            if not _served(version, seen):
                self.registry.promote(
                    version, seen=seen, fallback=manifest.parent, actor=work.caller, moment=work.moment
                )
        logger.info("retrained", version=version, promoted=judgement.passed, refusal=judgement.refusal)
        samples: Counter[str] = Counter(label.label for label in work.fresh)
        return Retrained(
            version,
            judgement.passed,
            judgement.reason,
            judgement.refusal,
            judgement.metrics,
            dict(samples or _names(manifest.data)),
        )


def _served(version: str, seen: Aliases) -> bool:
    """Tell whether a version was promoted by an earlier attempt, and maybe rolled back since."""
    return any(pointer is not None and pointer.version == version for pointer in (seen.champion, seen.previous))


def _judge(
    candidate: Candidate, champion: Model, labels: Sequence[Labelled], apart: frozenset[int], work: Work
) -> GateResult:
    try:
        model = Model.load(candidate.manifest, candidate.arrays)
    except ModelArtifactError as error:
        return GateResult(f"The new model cannot be used: {error}.", "not_finite", {})
    judgement = judge(model, champion)
    fresh = {label.text for label in work.fresh}
    doubt = complaint([label for label in labels if label.text in fresh] or labels, champion)
    if doubt:
        return replace(judgement, refusal="labels_implausible", reason=doubt)
    if candidate.probe is None or not judgement.passed:
        return judgement
    unseen = [GateMessage(labels[place].text, labels[place].label) for place in sorted(apart)]
    on_labels = judge_held_out(candidate.probe, champion, unseen)
    metrics = {**judgement.metrics, "held_out": on_labels.metrics}
    return replace(judgement if on_labels.passed else on_labels, metrics=metrics)


def _names(data: Any) -> Counter[str]:  # noqa: ANN401  # a manifest's data
    """Sum up what a model was trained on, by label."""
    total: Counter[str] = Counter()
    for counts in data["rows"].values():
        for name, count in counts.items():
            total["legitimate" if name == "legit" else name] += count
    return total
