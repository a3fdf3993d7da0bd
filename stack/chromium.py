"""Sees to it that the browser tests find Chromium."""

import os
import shutil

from stack.commands import run
from stack.errors import StackError
from stack.progress import step

NAMES = ("chromium", "chromium-browser", "google-chrome")


def ensure() -> None:
    """Install Chromium from Debian, unless a browser is there.

    Raises
    ------
    StackError
        If it is missing and this user may not install it.
    """
    if any(shutil.which(name) for name in NAMES):
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise StackError("The browser tests need Chromium. Install it: sudo apt-get install chromium fonts-liberation")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    with step("Installing Chromium from Debian"):
        run(["apt-get", "update", "-qq"], what="apt-get update", environment=quiet)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        run([*install, "chromium", "fonts-liberation"], what="apt-get install", environment=quiet)
