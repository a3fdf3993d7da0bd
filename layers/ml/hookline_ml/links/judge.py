"""Say what is odd about a host name, by its shape and the tables. Nothing is looked up on a network."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from operator import itemgetter

from hookline_ml.links.brands import WORLDWIDE, Brand, BrandBook, brand_book
from hookline_ml.links.hosts import Hosts, known_hosts, parents
from hookline_ml.links.suffixes import MAX_HOST, public_suffix, registrable

MAX_WORDS = 24  # words of one host name that are compared with brands

_NUMERIC = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|0x[0-9a-f]{6,8}|\d{8,10}|\[[0-9a-f:.]+\]")
_APP_FILE = re.compile(r"\.(?:apk|xapk|apks|aab)(?:$|[?#])")
_HACKED = re.compile(r"/(?:wp-(?:content|includes|admin)|\.well-known)/.")
_SEGMENT = re.compile(r"/([a-z]{4,})(?=[/?#]|$)")
_FAKE_ENDING = re.compile(r"(?:com|gov|net|org|gouv|gob)-")
_REAL_ENDING_INSIDE = re.compile(r"\.(?:com|gov|net|org|gouv|gob|co\.[a-z]{2}|com\.[a-z]{2})$")
_LONGEST_LURE = 14  # letters
_NOTHING_YET = (0, 0)
_DIGITS_AS_LETTERS = str.maketrans("013457", "oieast")
_COUNTRY = re.compile(r"(?:com?\.|net\.|org\.)?[a-z]{2}")
_COMMERCIAL = frozenset({"com", "net", "org"})


def in_unicode(host: str) -> str:
    """Decode the punycode labels of `host`; a label that does not decode stays as it is."""
    labels = []
    for label in host.split("."):
        try:
            labels.append(label[4:].encode().decode("punycode") if label.startswith("xn--") else label)
        except (UnicodeError, OverflowError):
            labels.append(label)
    return ".".join(labels)


def _words(name: str) -> Iterable[str]:
    return islice((word for word in re.split(r"[.\-_]", name) if word), MAX_WORDS)


def _look_alike(word: str) -> str:
    return word.translate(_DIGITS_AS_LETTERS).replace("rn", "m").replace("vv", "w")


def _imitated(words: Iterable[str], book: BrandBook) -> Brand | None:
    for word in words:
        brand = book.named(word) or book.named(_look_alike(word)) or book.misspelt(word)
        if brand is not None:
            return brand
    return None


def _lures(own: str, hosts: Hosts, book: BrandBook) -> bool:
    """Say whether a domain's own name joins a word that lures to another.

    With a hyphen, the other may be any word; run together, it must be one that goes with such words, or a brand's.
    """
    if "-" in own and not hosts.lure_words.isdisjoint(_words(own)):
        return True
    return any(_run_together(word, hosts, book) for word in _words(own))


def _run_together(word: str, hosts: Hosts, book: BrandBook) -> bool:
    """Say whether a word is a lure run together with companions, numbers and brands."""
    reached = {0: _NOTHING_YET}  # where a prefix of known words ends: the pieces and lures in it, at best
    for start in range(len(word)):
        if start not in reached:
            continue
        pieces, lures = reached[start]
        for end in range(start + 2, min(start + _LONGEST_LURE, len(word)) + 1):
            piece = word[start:end]
            lure = piece in hosts.lure_words
            if lure or piece in hosts.lure_companions or piece.isdecimal() or book.labelled(piece):
                reached[end] = max(reached.get(end, _NOTHING_YET), (pieces + 1, lures + lure), key=itemgetter(1, 0))
    pieces, lures = reached.get(len(word), _NOTHING_YET)
    return pieces > 1 and lures > 0


def _imitation(host: str, domain: str, hosts: Hosts, book: BrandBook) -> tuple[str | None, Brand | None]:
    """Return the code of a brand imitation or a lure, and the brand, when it is one we know."""
    left = host[: -len(domain) - 1]
    own, _, suffix = domain.partition(".")
    brand = None if domain in hosts.business else _imitated(_words(left), book)
    if brand or _FAKE_ENDING.match(own) or _REAL_ENDING_INSIDE.search(f".{left}"):
        return "URL_BRAND_SUB", brand or _imitated(_words(own), book)
    brand = _imitated(_words(own), book)
    if brand is None:
        return "URL_LURE" if _lures(own, hosts, book) else None, None
    if own in brand.labels and (_COUNTRY.fullmatch(suffix) or (brand.country == WORLDWIDE and suffix in _COMMERCIAL)):
        return None, brand  # most likely the brand's own national site, which the table does not list
    return "URL_LOOKALIKE", brand


def _of_suffix(host: str, *, disguised: bool) -> set[str]:
    """Judge a public suffix that is a site itself, as gov.uk is."""
    return set() if disguised or not known_hosts().is_government(host.removeprefix("www.")) else {"OFFICIAL_LINK"}


@lru_cache(maxsize=2048)
def judge(host: str, *, disguised: bool = False) -> tuple[str | None, frozenset[str], Brand | None]:
    """Return the registrable domain, the signal codes and the brand of a host name.

    Parameters
    ----------
    host
        Lower case, as written in the message.
    disguised
        The message wrote the name with letters of another script, or with digits for letters.
    """
    if _NUMERIC.fullmatch(host):
        return None, frozenset({"URL_IP"}), None
    codes = set()
    if "xn--" in host:
        codes.add("URL_PUNY")
        host = in_unicode(host)
    if len(host) > MAX_HOST or (domain := registrable(host)) is None:
        return None, frozenset(codes or _of_suffix(host, disguised=disguised)), None
    hosts, book = known_hosts(), brand_book()
    suffix = public_suffix(host)
    names = set(parents(host))
    for code, listed in (("URL_SHORT", hosts.shorteners), ("URL_FREEHOST", hosts.free), ("URL_CHAT", hosts.chat)):
        if not names.isdisjoint(listed):
            codes.add(code)
    if not hosts.risky_endings.isdisjoint((suffix, suffix.rsplit(".", 1)[-1])):
        codes.add("URL_TLD")
    owner = book.owner(domain)
    if (owner or hosts.is_government(suffix)) and not codes:
        codes.add("URL_LOOKALIKE" if disguised else "OFFICIAL_LINK")
        return domain, frozenset(codes), owner
    brand = owner
    if owner is None:
        imitation, brand = _imitation(host, domain, hosts, book)
        if imitation:
            codes.add(imitation)
    return domain, frozenset(codes), brand


def is_app_file(path: str) -> bool:
    """Say whether a link's path ends in an Android package."""
    return _APP_FILE.search(path) is not None


def judge_path(path: str, owner: Brand | None) -> frozenset[str]:
    """Return what is odd about the path of a link that is not official.

    Parameters
    ----------
    path
        Lower case, with its slash.
    owner
        The brand that the host names.
    """
    codes = set()
    if _HACKED.search(path):
        codes.add("URL_HACKED")
    named = (brand_book().labelled(word) for word in islice(_SEGMENT.findall(path), MAX_WORDS))
    if any(brand is not None and brand is not owner for brand in named):
        codes.add("URL_BRAND_PATH")
    return frozenset(codes)
