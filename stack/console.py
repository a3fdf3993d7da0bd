"""Builds and tests the console, with this machine's Node or with the one that PyPI brings."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from stack import tools
from stack.commands import run
from stack.errors import StackError
from stack.places import CONSOLE
from stack.progress import step

_OLDEST_NODE = (20, 19)
"""What Vite needs."""


def build() -> None:
    """Build ``console/dist``, unless nothing has changed since it was built."""
    if not (CONSOLE / "package.json").is_file():
        raise StackError(f"The console is missing: there is no {CONSOLE / 'package.json'}.")
    page = CONSOLE / "dist" / "index.html"
    if page.is_file() and page.stat().st_mtime >= _newest_source():
        return
    environment = _installed()
    with step("Building the console"):
        run(["npm", "run", "build"], what="the console's build", cwd=CONSOLE, environment=environment)


def test() -> None:
    """Check the console's types and run its unit tests, which need neither a browser nor a stack."""
    environment = _installed()
    with step("Testing the console"):
        run(["npm", "run", "types"], what="the console's types", cwd=CONSOLE, environment=environment)
        run(["npm", "test"], what="the console's tests", cwd=CONSOLE, environment=environment)


def _installed() -> dict[str, str]:
    """Install the console's packages, unless they are there. Return the environment to run them in."""
    lock, installed = CONSOLE / "package-lock.json", CONSOLE / "node_modules" / ".package-lock.json"
    environment = _node()
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        with step("Installing the console's packages"):
            run(["npm", "ci", "--no-audit", "--no-fund"], what="npm ci", cwd=CONSOLE, environment=environment)
    return environment


def _newest_source() -> float:
    outside = {"node_modules", "dist"}
    return max(
        path.stat().st_mtime
        for path in CONSOLE.rglob("*")
        if path.is_file() and path.relative_to(CONSOLE).parts[0] not in outside
    )


def _node() -> dict[str, str]:
    """Return the environment in which a recent Node is found first."""
    if _node_version() >= _OLDEST_NODE and shutil.which("npm"):
        return {}
    folder = tools.install("node") / "bin"
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def _node_version() -> tuple[int, ...]:
    node = shutil.which("node")
    if node is None:
        return ()
    answer = subprocess.run([Path(node), "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    return (int(match[1]), int(match[2])) if match else ()
