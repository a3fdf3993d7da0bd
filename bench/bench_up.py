"""How long ``make up`` takes: in a fresh clone with empty package caches, and the second time.

``python -m bench.bench_up``. Clones what is committed into a scratch folder, starts the stack there at a port of its
own, stops it, starts it again, and removes everything.
"""

import argparse
import os
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from stack.places import ROOT

_BUDGETS = {"cold": 180, "warm": 60}
"""Seconds."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4590, help="port of the stack (default: 4590)")
    parser.add_argument("--keep-caches", action="store_true", help="let the cold run use this user's package caches")
    options = parser.parse_args()
    with TemporaryDirectory() as scratch:
        clone = Path(scratch) / "hookline"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        caches = {
            "UV_CACHE_DIR": f"{scratch}/uv",
            "PIP_CACHE_DIR": f"{scratch}/pip",
            "npm_config_cache": f"{scratch}/npm",
        }
        environment = {**os.environ, **({} if options.keep_caches else caches)}
        try:
            times = {"cold": _make(clone, environment, "up", f"PORT={options.port}")}
            _make(clone, environment, "down")
            times["warm"] = _make(clone, environment, "up", f"PORT={options.port}")
        finally:
            _make(clone, environment, "down")
    print(f"\n{'make up':<8} {'seconds':>8} {'budget':>7}")
    for name, seconds in times.items():
        print(f"{name:<8} {seconds:>8.1f} {_BUDGETS[name]:>7}")


def _make(folder: Path, environment: dict[str, str], *arguments: str) -> float:
    began = time.monotonic()
    subprocess.run(["make", *arguments], cwd=folder, env=environment, check=True)
    return time.monotonic() - began


if __name__ == "__main__":
    main()
