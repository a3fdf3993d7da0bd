"""Registrable domains by the public suffix list.

The list comes with the pinned `publicsuffixlist` package. We read its data file ourselves: splitting it into a set is
several times faster than the package's own parser, and a function that starts cold pays for that with its first link.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

MAX_HOST = 253  # characters, RFC 1035


@cache
def _rules() -> frozenset[str]:
    spec = find_spec("publicsuffixlist")  # does not import the package
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("publicsuffixlist is not installed", name="publicsuffixlist")
    path = Path(spec.submodule_search_locations[0], "public_suffix_list.dat")
    # Comment lines stay in the set; no host can equal one.
    return frozenset(path.read_text(encoding="utf-8").split("\n"))


def public_suffix(host: str) -> str:
    """Return the part of `host` under which anybody can register, such as ``co.uk`` or ``github.io``.

    Parameters
    ----------
    host
        Lower case, in Unicode (not punycode) form, at most `MAX_HOST` characters.
    """
    rules = _rules()
    labels = host.split(".")
    for first in range(len(labels)):
        suffix = ".".join(labels[first:])
        if f"!{suffix}" in rules:
            return ".".join(labels[first + 1 :])
        if suffix in rules or (f"*.{'.'.join(labels[first + 1 :])}" in rules and first + 1 < len(labels)):
            return suffix
    return labels[-1]


@cache
def _endings() -> frozenset[str]:
    return frozenset(rule.rpartition(".")[2] for rule in _rules() if not rule.startswith("//"))


def is_ending(label: str) -> bool:
    """Say whether `label` is a top-level domain that exists."""
    return label in _endings()


def registrable(host: str) -> str | None:
    """Return the registrable domain of `host`, or None for a bare suffix.

    Examples
    --------
    >>> registrable("usps.com-track.xin")
    'com-track.xin'
    >>> registrable("www.hsbc.co.uk")
    'hsbc.co.uk'
    >>> registrable("co.uk") is None
    True
    """
    suffix = public_suffix(host)
    if len(host) <= len(suffix):
        return None
    own = host[: -len(suffix) - 1].rsplit(".", 1)[-1]
    return f"{own}.{suffix}" if own else None
