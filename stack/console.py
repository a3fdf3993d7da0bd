"""Builds the console's page, with this machine's Node or with the one that PyPI brings."""

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
    lock, installed = CONSOLE / "package-lock.json", CONSOLE / "node_modules" / ".package-lock.json"
    page = CONSOLE / "dist" / "index.html"
    if page.is_file() and page.stat().st_mtime >= _newest_source():
        return
    environment = _node()
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        with step("Installing the console's packages"):
            run(["npm", "ci", "--no-audit", "--no-fund"], what="npm ci", cwd=CONSOLE, environment=environment)
    with step("Building the console"):
        run(["npm", "run", "build"], what="the console's build", cwd=CONSOLE, environment=environment)


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
