"""Find the links of a message."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import re2

from hookline_ml.links.brands import Brand
from hookline_ml.links.hosts import known_hosts
from hookline_ml.links.judge import is_app_file, judge, judge_path
from hookline_ml.links.suffixes import is_ending
from hookline_ml.normalise import Normalised
from hookline_ml.patterns import Folded

MAX_LINKS = 24  # judged per message

_LINK: Any = re2.compile(
    rb"""(?:https?:[/\\]{0,2})+[^\s<>"/?#\\]+(?:[/?#\\][!#-;=?-~]*)?"""
    rb"""|(?:[a-z0-9.\-]+@)?(?:[a-z0-9_\-]+\.)+[a-z][a-z0-9\-]+(?::\d+)?(?:[/?#][!#-;=?-~]*)?"""
    rb"""|\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?/[!#-;=?-~]*"""
)
_MAY_BE_LINK = re.compile(r"\.[a-z0-9]|https?:")  # every link has this, and most full stops do not
_PARTS = re.compile(  # a scheme may be defanged, halved or doubled
    r"((?:h[tx*]{2}ps?(?:[\s\[\]:]*[/\\]\s?[/\\]\s?|:[/\\]?))*)([^/?#\\]*)(.*)", re.DOTALL
)
_PLAIN_HOST = re.compile(r"[a-z0-9.\-]+")
_NOT_PROSE = re.compile(r"[a-z]-[a-z]|\d|\..*\.")
_LIKE_A_HOST = re.compile(r"\.(?:com|net|org|gov|co|[a-z]{2}\.[a-z]{2})$|\.(?:com|co|gov|net|org)\.[a-z]{2}$")
_COUNTRY_CODE = 2  # letters
_TRAILING = ".,;:!?)'\"]}>*_"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the message.

    Attributes
    ----------
    span
        Offsets into the normalised text.
    host
        Lower case, as the message wrote it.
    domain
        The registrable domain, or None (numeric host, bare suffix).
    codes
        Signal codes: what is odd about the link, or OFFICIAL_LINK.
    brand
        The brand that the host names, imitates or belongs to.
    """

    span: tuple[int, int]
    host: str
    domain: str | None
    codes: frozenset[str]
    brand: Brand | None


def _is_bare_link(authority: str, host: str, path: str) -> bool:
    """Tell a bare ``example.com`` from an address, and from a sentence that runs into the next (``hello.how are``)."""
    user, at, _ = authority.rpartition("@")
    if at and not (_LIKE_A_HOST.search(user) or len(path) > 1):
        return False
    ending = host.rsplit(".", 1)[-1]
    if ending.isdecimal():
        return len(path) > 1
    if not is_ending(ending):
        return False
    if len(path) > 1 or _NOT_PROSE.search(host):
        return True
    hosts = known_hosts()
    usual = len(ending) == _COUNTRY_CODE or ending in hosts.plain_endings or ending in hosts.risky_endings
    return usual and ending not in hosts.word_endings


def _host_of(authority: str) -> str:
    host = authority.rsplit("@", 1)[-1]
    if not host.startswith("["):
        host = host.partition(":")[0]
    return host.strip("." + _TRAILING)


def _written_host(n: Normalised, span: tuple[int, int], host: str) -> tuple[str, bool]:
    """Return the host as the message really wrote it, and whether that is a disguise of what it looks like."""
    start, end = n.span(*span)
    parts = _PARTS.fullmatch(n.original[start:end].lower())
    written = _host_of(parts[2]) if parts else host
    if written == host or [c for c in written if c.isalnum()] == [c for c in host if c.isalnum()]:
        return host, False
    return (written, False) if _PLAIN_HOST.fullmatch(written) else (host, True)


def _read(n: Normalised, text: str, span: tuple[int, int]) -> Link | None:
    start, end = span
    written = text[start:end].rstrip(_TRAILING)
    parts = _PARTS.fullmatch(written)
    if parts is None:
        return None
    scheme, authority, path = parts.groups()
    host = _host_of(authority)
    if not host or (not scheme and not _is_bare_link(authority, host, path)):
        return None
    host, disguised = _written_host(n, (start, start + len(written)), host)
    domain, codes, brand = judge(host, disguised=disguised)
    if "@" in authority:
        codes = codes - {"OFFICIAL_LINK"} | {"URL_USERINFO"}
    if is_app_file(path):
        codes |= {"URL_APK"}
    if len(path) > 1 and "OFFICIAL_LINK" not in codes:
        codes |= judge_path(path, brand)
    return Link((start, start + len(written)), host, domain, codes, brand)


def find_links(n: Normalised, folded: Folded) -> tuple[Link, ...]:
    """Return the first `MAX_LINKS` links of a normalised message, in order.

    Parameters
    ----------
    n
        The normalised message.
    folded
        ``Folded.of(n.text)``.
    """
    if ("." not in folded.text and "http" not in folded.text) or not _MAY_BE_LINK.search(folded.text):
        return ()
    return tuple(islice(_links(n, folded), MAX_LINKS))


def _links(n: Normalised, folded: Folded) -> Iterator[Link]:
    for match in islice(_LINK.finditer(folded.raw), 4 * MAX_LINKS):
        start, end = match.span()
        link = _read(n, folded.text, (folded.offset(start), folded.offset(end)))
        if link is not None:
            yield link
