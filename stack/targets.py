"""Where an artefact will run: on this machine, or on AWS Lambda."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError
from stack.progress import warn

_AWS_PYTHON = "3.13"
_AWS_PLATFORM = "x86_64-manylinux_2_28"
"""Lambda's python3.13 runs on Amazon Linux 2023 (glibc 2.34), which takes these wheels."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place to run.

    Parameters
    ----------
    name
        What tells its artefacts from others'.
    install
        Arguments that make uv choose this place's wheels.
    compiler
        An interpreter that compiles for this place; None if this machine has none.
    """

    name: str
    install: tuple[str, ...]
    compiler: Path | None


def target(name: str, *, uv: Path) -> Target:
    """Return a place to run by its name: ``local`` or ``aws``."""
    match name:
        case "local":
            return _local()
        case "aws":
            return _aws(uv)
    raise StackError(f"There is no target {name!r}: choose local or aws (variable HOOKLINE_TARGET).")


def _local() -> Target:
    """Return this machine: the emulator's interpreter is of the same version as this tool's."""
    interpreter = Path(sys.executable)
    version = ".".join(map(str, sys.version_info[:3]))
    return Target(f"local-{version}", ("--python", str(interpreter)), interpreter)


def _aws(uv: Path) -> Target:
    install = ("--python-version", _AWS_PYTHON, "--python-platform", _AWS_PLATFORM, "--only-binary", ":all:")
    found = subprocess.run(
        [uv, "python", "find", "--no-python-downloads", _AWS_PYTHON], capture_output=True, text=True, check=False
    )
    if found.returncode != 0:
        warn(f"Python {_AWS_PYTHON} is not here to compile for AWS: functions will start slowly.")
        return Target(f"aws-{_AWS_PYTHON}-uncompiled", install, None)
    return Target(f"aws-{_AWS_PYTHON}", install, Path(found.stdout.strip()))
