"""Measures what was built, and holds it to its budgets."""

from dataclasses import dataclass
from pathlib import Path

from stack.artefacts import ARTEFACTS, MEGABYTE, Artefact
from stack.errors import StackError
from stack.places import BUILT


@dataclass(frozen=True, slots=True)
class Size:
    """What an artefact takes unzipped, in bytes.

    Parameters
    ----------
    own
        The artefact alone.
    total
        With its layers: what AWS limits.
    """

    artefact: Artefact
    own: int
    total: int

    def __str__(self) -> str:
        return (
            f"{self.artefact.logical_id}: {self.own / MEGABYTE:.1f} MB, with its layers {self.total / MEGABYTE:.1f} MB"
        )


def measure(built: Path = BUILT) -> list[Size]:
    """Return the sizes of all artefacts in SAM's build folder.

    Raises
    ------
    StackError
        If one is missing, or over its budget.
    """
    own = {name: _tree_size(built / name) for name in ARTEFACTS}
    sizes = [
        Size(artefact, own[name], own[name] + sum(own[layer] for layer in artefact.layers))
        for name, artefact in ARTEFACTS.items()
    ]
    for size in sizes:
        if size.total > size.artefact.budget:
            raise StackError(f"{size}; its budget is {size.artefact.budget / MEGABYTE:.0f} MB.")
    return sizes


def _tree_size(folder: Path) -> int:
    if not folder.is_dir():
        raise StackError(f"There is no {folder}. Build it with: make build")
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
