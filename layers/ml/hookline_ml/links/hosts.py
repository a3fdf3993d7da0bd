"""What is known about hosts: shorteners, free hosting, chat links, risky endings, governments.

The table is `data/hosts.txt`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Hosts:
    """Sets of host names; a host belongs to a set when it or one of its parents is listed."""

    shorteners: frozenset[str]
    free: frozenset[str]
    chat: frozenset[str]
    business: frozenset[str]
    risky_endings: frozenset[str]
    lure_words: frozenset[str]
    lure_companions: frozenset[str]
    plain_endings: frozenset[str]
    word_endings: frozenset[str]
    government: frozenset[str]

    def is_government(self, suffix: str) -> bool:
        """Say whether only governments can register under this public suffix; ``gov.*`` stands for every country's."""
        return suffix in self.government or f"{suffix.split('.', 1)[0]}.*" in self.government


def parents(host: str) -> Iterator[str]:
    """Yield `host` and every name above it.

    Examples
    --------
    >>> list(parents("docs.google.com"))
    ['docs.google.com', 'google.com', 'com']
    """
    while host:
        yield host
        host = host.partition(".")[2]


def parse_hosts(table: str) -> Hosts:
    """Read the table: ``[section]`` lines, then names separated by white space; # starts a comment."""
    sections: dict[str, set[str]] = {}
    section: set[str] = set()
    for line in table.splitlines():
        entry = line.partition("#")[0].strip()
        if entry.startswith("["):
            section = sections.setdefault(entry.strip("[]"), set())
        else:
            section.update(entry.split())
    return Hosts(**{name: frozenset(names) for name, names in sections.items()})


@cache
def known_hosts() -> Hosts:
    """Return the shipped table."""
    return parse_hosts((DATA / "hosts.txt").read_text(encoding="utf-8"))
