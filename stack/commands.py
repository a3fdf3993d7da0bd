"""Runs other programs, quietly: their output shows only when they fail."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from stack.errors import StackError

_TAIL_LINES = 40


def run(
    arguments: Sequence[str | Path], *, what: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> str:
    """Run a program to its end and return what it wrote.

    Parameters
    ----------
    arguments
        The program and its arguments.
    what
        The name of the job for an error message: "the console's build".
    environment
        Variables to add to this process's own.

    Raises
    ------
    StackError
        If the program is missing or fails; with the end of its output.
    """
    try:
        done = subprocess.run(
            [str(argument) for argument in arguments],
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise StackError(f"{what} needs {arguments[0]}, which is not there. Run: make setup") from error
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-_TAIL_LINES:])
        raise StackError(f"{what} failed (exit status {done.returncode}):\n{tail}")
    return done.stdout
