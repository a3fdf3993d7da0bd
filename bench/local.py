"""The running local stack, for the benchmarks that send it messages."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def running() -> dict[str, Any]:
    """Return what ``make up`` wrote about its stack.

    Raises
    ------
    SystemExit
        If no stack runs, or if it is not on this machine: load goes nowhere else.
    """
    stack_file = Path(os.environ.get("HOOKLINE_STACK", ".local/stack.json"))
    if not stack_file.exists():
        raise SystemExit(f"no stack runs: {stack_file} is missing; start one with `make up`")
    stack: dict[str, Any] = json.loads(stack_file.read_text())
    if urlsplit(stack["api_url"]).hostname not in _LOOPBACK:
        raise SystemExit("this benchmark sends load to the local stack only")
    return stack
