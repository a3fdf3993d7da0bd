"""What each layer and function is made of."""

from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError
from stack.places import CONSOLE, REQUIREMENTS, ROOT

MEGABYTE = 1_000_000
LAMBDA_LIMIT = 250 * MEGABYTE
"""What AWS takes unzipped, a function and its layers together."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A layer or a function, as it is deployed.

    Parameters
    ----------
    logical_id
        Its name in the template.
    package
        The Python package that it carries.
    lock
        Its locked requirements, if it has any of its own.
    layers
        Logical ids of the layers that a function runs with; what they bring, it does not carry again.
    static
        A folder to put into the package as ``static``.
    budget
        Bytes that it may take unzipped, its layers included.
    """

    logical_id: str
    package: Path
    lock: Path | None = None
    layers: tuple[str, ...] = ()
    static: Path | None = None
    budget: int = LAMBDA_LIMIT

    @property
    def is_layer(self) -> bool:
        """Tell whether this is a layer: Lambda looks into its folder ``python``."""
        return self.logical_id.endswith("Layer")


ML = Artefact("MlLayer", ROOT / "layers" / "ml" / "hookline_ml", REQUIREMENTS / "ml.txt")
CORE = Artefact("CoreLayer", ROOT / "layers" / "core" / "hookline_core", REQUIREMENTS / "core.txt")
_WITH_DETECTOR = (ML.logical_id, CORE.logical_id)


def _function(
    logical_id: str,
    name: str,
    *,
    layers: tuple[str, ...] = (CORE.logical_id,),
    lock: Path | None = None,
    static: Path | None = None,
    budget: int = 30 * MEGABYTE,
) -> Artefact:
    return Artefact(logical_id, ROOT / "functions" / name, lock, layers, static, budget)


ARTEFACTS = {
    artefact.logical_id: artefact
    for artefact in (
        ML,
        CORE,
        _function(
            "AnalyzeFunction",
            "analyze",
            layers=_WITH_DETECTOR,
            lock=REQUIREMENTS / "analyze.txt",
            static=CONSOLE / "dist",
            budget=90 * MEGABYTE,
        ),
        _function(
            "RetrainFunction",
            "retrain",
            layers=_WITH_DETECTOR,
            lock=REQUIREMENTS / "retrain.txt",
            budget=LAMBDA_LIMIT,
        ),
        _function("BroadcastFunction", "broadcast"),
        _function("AlertsFunction", "alerts"),
        _function("WsConnectFunction", "ws_connect"),
        _function("AuthorizerFunction", "authorizer"),
    )
}


def named(logical_id: str) -> Artefact:
    """Return the artefact with a logical id.

    Raises
    ------
    StackError
        If there is none.
    """
    try:
        return ARTEFACTS[logical_id]
    except KeyError:
        raise StackError(f"Nothing is called {logical_id}. There are: {', '.join(ARTEFACTS)}") from None
