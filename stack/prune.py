"""Takes out of an installed package what a function never reads."""

import shutil
from pathlib import Path

_FOLDERS = frozenset({"tests", "test", "include", "__pycache__", "bin", "_pyinstaller", "distutils"})
_SUFFIXES = frozenset({".pyi", ".pyx", ".pxd", ".pxi", ".h", ".hpp", ".c", ".cpp", ".f", ".f90", ".a", ".build", ".tp"})
_RECORDS = frozenset(
    {"RECORD", "INSTALLER", "REQUESTED", "WHEEL", "direct_url.json", "top_level.txt", "entry_points.txt"}
)

_UNUSED = ("pydantic/v1/",)
"""Parts of packages that nobody here uses: FastAPI imports this one only to see that nothing is made of it."""

_KEPT = frozenset({"numpy/_core/tests/_natype.py"})
"""``numpy.testing``, which scikit-learn imports, reads this one."""


def prune(folder: Path) -> None:
    """Remove tests, headers, sources in other languages, type stubs, scripts and installers' records."""
    for path in sorted(folder.rglob("*"), reverse=True):
        inside = path.relative_to(folder)
        if inside.as_posix() in _KEPT:
            continue
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif _is_waste(inside):
            path.unlink()
    for cache in folder.rglob("__pycache__"):
        shutil.rmtree(cache)


def _is_waste(inside: Path) -> bool:
    if any(part in _FOLDERS for part in inside.parts[:-1]) or inside.as_posix().startswith(_UNUSED):
        return True
    if inside.suffix in _SUFFIXES:
        return True
    return inside.name in _RECORDS and inside.parent.suffix == ".dist-info"
