"""The model that serves: kept warm, swapped when the pointer moves, never swapped for a bad one."""

from collections.abc import Callable
from dataclasses import dataclass

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from hookline_core.errors import HooklineError
from hookline_core.stores.artefacts import ArtefactStore
from hookline_ml import Cutoffs, Detector, Model, ModelArtifactError, base_model, load_rules

logger = Logger()
metrics = Metrics()


@dataclass(slots=True)
class ModelSource:
    """Gives the detector for the version that the pointer names.

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
    _serving: Detector | None = None
    _refused: str | None = None

    @property
    def serving(self) -> Detector:
        """The detector that answered last, or the base one."""
        return self._serving or self.base

    def detector(self, version: str | None) -> Detector:
        """Return the detector for a version; the last good one, if that version is damaged.

        A damaged version is not fetched again until the pointer moves, so it cannot slow every message down.
        """
        if version is None or version == self.base.model.version:
            self._serving = self.base
        elif version not in {self.serving.model.version, self._refused}:
            self._swap(version)
        return self.serving

    def _swap(self, version: str) -> None:
        try:
            manifest, arrays = self.artefacts().read(version)
            self._serving = self.base.with_model(Model.load(manifest, arrays))
        except (HooklineError, ModelArtifactError):
            self._refused = version
            metrics.add_metric(name="ModelArtefactRejected", unit=MetricUnit.Count, value=1)
            logger.exception("model refused; the last good one goes on serving", version=version)
        else:
            self._refused = None
            logger.info("model loaded", version=version)


def base_detector(cutoffs: Cutoffs, *, model: Callable[[], Model] = base_model) -> Detector:
    """Return the detector that ships with Hookline."""
    return Detector(model(), load_rules(), cutoffs)
