"""Builds layers and functions, as SAM asks for them one by one.

Packages are installed once per lock file and target, without what a function never reads, and compiled to bytecode
that Python takes whatever the file's time: archives for Lambda carry no times.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from stack import locks
from stack.artefacts import ARTEFACTS, Artefact, named
from stack.commands import run
from stack.errors import StackError
from stack.prune import prune
from stack.targets import Target

_PROGRAM = Path(__file__).parent
_UNWANTED = shutil.ignore_patterns("__pycache__", "*.pyc")


class Builder:
    """Builds for one target.

    Parameters
    ----------
    target
        Where the artefacts will run.
    uv
        The installer.
    cache
        The folder that keeps installed packages between builds.
    """

    def __init__(self, target: Target, *, uv: Path, cache: Path) -> None:
        self._target = target
        self._uv = uv
        self._cache = cache

    def build(self, logical_id: str, into: Path) -> None:
        """Build an artefact.

        Raises
        ------
        StackError
            If a part is missing.
        """
        artefact = named(logical_id)
        folder = into / "python" if artefact.is_layer else into
        folder.mkdir(parents=True, exist_ok=True)
        if artefact.lock:
            _link_tree(self._packages(artefact, artefact.lock), folder)
        self._copy_source(artefact, folder)

    def _packages(self, artefact: Artefact, lock: Path) -> Path:
        """Return a folder with an artefact's installed packages."""
        brought = [other for layer in artefact.layers if (other := named(layer).lock)]
        wanted = locks.without(lock, brought)
        program = [_PROGRAM / "build.py", _PROGRAM / "prune.py", _PROGRAM / "targets.py"]
        kind = f"{artefact.package.name}-{self._target.name}-"
        folder = self._cache / f"{kind}{_digest([wanted.encode(), *(path.read_bytes() for path in program)])}"
        if not folder.is_dir():
            outdated = list(self._cache.glob(f"{kind}*"))
            with _whole(folder) as fresh:
                self._install(wanted, fresh, what=artefact.logical_id)
            for old in outdated:
                shutil.rmtree(old, ignore_errors=True)
        return folder

    def _install(self, wanted: str, folder: Path, *, what: str) -> None:
        with TemporaryDirectory() as scratch:
            requirements = Path(scratch) / "requirements.txt"
            requirements.write_text(wanted)
            into: list[str | Path] = ["--target", folder, *self._target.install]
            run(
                [self._uv, "pip", "install", "--quiet", "--no-deps", "--require-hashes", *into, "-r", requirements],
                what=f"installing the packages of {what}",
            )
        (folder / ".lock").unlink(missing_ok=True)
        prune(folder)
        self._compile(folder)

    def _copy_source(self, artefact: Artefact, folder: Path) -> None:
        if not artefact.package.is_dir():
            raise StackError(f"{artefact.logical_id} needs the package {artefact.package}, which is not there.")
        package = folder / artefact.package.name
        shutil.copytree(artefact.package, package, ignore=_UNWANTED)
        if artefact.static:
            if not artefact.static.is_dir():
                raise StackError(f"{artefact.logical_id} needs {artefact.static}. Build it with: make console")
            shutil.copytree(artefact.static, package / "static", dirs_exist_ok=True)
        self._compile(package, below=artefact.package.name)

    def _compile(self, folder: Path, below: str = "") -> None:
        if self._target.compiler is None:
            return
        how: list[str | Path] = [
            "-q",
            "--invalidation-mode",
            "unchecked-hash",
            "-s",
            folder,
            "-p",
            f"/hookline/{below}",
        ]
        run([self._target.compiler, "-m", "compileall", *how, folder], what="compiling to bytecode")


def fingerprint(target: Target, *more: Path) -> str:
    """Return a digest of everything that goes into all artefacts, and of further files."""
    sources = [artefact.package for artefact in ARTEFACTS.values()]
    statics = [artefact.static for artefact in ARTEFACTS.values() if artefact.static]
    lock_files = [artefact.lock for artefact in ARTEFACTS.values() if artefact.lock]
    files = sorted({*_files([*sources, *statics, _PROGRAM]), *lock_files, *more})
    return _digest(part for path in files for part in (str(path).encode(), path.read_bytes())) + "-" + target.name


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()[:16]


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """Make a folder that appears only when it is complete, also if two builds make it at once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as scratch:
        fresh = Path(scratch) / "fresh"
        fresh.mkdir()
        yield fresh
        try:
            fresh.rename(folder)
        except OSError:
            if not folder.is_dir():  # another build was not first: a true failure
                raise


def _link_tree(source: Path, into: Path) -> None:
    shutil.copytree(source, into, copy_function=_link, dirs_exist_ok=True)


def _link(source: str, destination: str) -> None:
    try:
        os.link(source, destination)
    except OSError:  # another file system
        shutil.copy2(source, destination)
