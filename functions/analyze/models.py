"""The models that serve: kept warm, swapped when a pointer moves, never swapped for a bad one."""

from collections.abc import Callable
from dataclasses import dataclass, field

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from hookline_core.errors import HooklineError
from hookline_core.stores.artefacts import ArtefactStore
from hookline_ml import Cutoffs, Detector, Model, ModelArtifactError, base_model, load_rules

logger = Logger()
metrics = Metrics()


@dataclass(slots=True)
class _Slot:
    """What a pointer led to last: the last good detector, and the version that was refused since."""

    held: Detector | None = None
    refused: str | None = None

    def holds(self, version: str) -> bool:
        return self.held is not None and self.held.model.version == version


@dataclass(slots=True)
class ModelSource:
    """Gives the detectors for the versions that the pointers name.

    Parameters
    ----------
    artefacts
        Gives the place where versions made by retraining are read from. It is asked for with the first swap: its
        clients take a tenth of a second to make, and most containers never need them.
    base
        The detector with the model that ships in the layer. It serves while nothing was promoted.
    """

    artefacts: Callable[[], ArtefactStore]
    base: Detector
    _champion: _Slot = field(default_factory=_Slot)
    _challenger: _Slot = field(default_factory=_Slot)

    @property
    def serving(self) -> Detector:
        """The champion's detector that answered last, or the base one."""
        return self._champion.held or self.base

    def detector(self, version: str | None) -> Detector:
        """Return the detector for the champion; the last good one, if that version is damaged.

        A damaged version is not fetched again until the pointer moves, so it cannot slow every message down.
        """
        if version is None or version == self.base.model.version:
            self._champion.held = self.base
        else:
            self._follow(self._champion, version)
        return self.serving

    def challenger(self, version: str) -> Detector | None:
        """Return the detector for the challenger; nothing, if that version is damaged."""
        if version == self.base.model.version:
            return self.base
        self._follow(self._challenger, version)
        return self._challenger.held if self._challenger.holds(version) else None

    def _follow(self, slot: _Slot, version: str) -> None:
        if slot.holds(version) or slot.refused == version:
            return
        for other in (self._champion, self._challenger):
            if other.holds(version):  # a challenger that was promoted is here already
                slot.held = other.held
                return
        try:
            manifest, arrays = self.artefacts().read(version)
            slot.held = self.base.with_model(Model.load(manifest, arrays))
        except (HooklineError, ModelArtifactError):
            slot.refused = version
            metrics.add_metric(name="ModelArtefactRejected", unit=MetricUnit.Count, value=1)
            logger.exception("model refused; the last good one goes on serving", version=version)
        else:
            slot.refused = None
            logger.info("model loaded", version=version)


def base_detector(cutoffs: Cutoffs, *, model: Callable[[], Model] = base_model) -> Detector:
    """Return the detector that ships with Hookline."""
    return Detector(model(), load_rules(), cutoffs)
