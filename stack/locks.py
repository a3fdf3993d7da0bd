"""Reads hash-locked requirement files."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_NAME = re.compile(r"^([A-Za-z0-9._-]+)==")

RUNTIME_BRINGS = frozenset({"boto3", "botocore", "s3transfer", "urllib3", "python-dateutil", "six"})
"""The Lambda runtime's own SDK."""


def entries(lock: Path) -> Iterator[tuple[str, str]]:
    """Yield each requirement's name and its text, hashes included."""
    name, lines = "", list[str]()
    for line in lock.read_text().splitlines():
        if match := _NAME.match(line):
            if lines:
                yield name, "\n".join(lines)
            name, lines = match[1].lower(), []
        if line.strip() and not line.lstrip().startswith("#"):
            lines.append(line)
    if lines:
        yield name, "\n".join(lines)


def names(lock: Path) -> set[str]:
    """Return the names of all requirements in a file."""
    return {name for name, _ in entries(lock)}


def without(lock: Path, others: Iterable[Path]) -> str:
    """Return a lock's requirements except those that other locks, or the Lambda runtime, bring."""
    brought = RUNTIME_BRINGS.union(*(names(other) for other in others))
    return "".join(f"{text}\n" for name, text in entries(lock) if name not in brought)
