"""Links: an organisation's own, and the shapes that lures take. The pieces are in ``data/links.toml``."""

from __future__ import annotations

import random
import re
import string
import tomllib
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

from training.corpus.vocabulary import DATA, Organisation, words

PIECE = re.compile(r"<(\w+)>")
TOKENS = string.ascii_letters + string.digits
THROUGH_SHORTENER = 0.06
OWN_SHORT = 0.35
THROUGH_SERVICE = {"carrier": 0.1, "biz": 0.3, "shop": 0.06}


@cache
def _pieces() -> dict[str, Any]:
    return tomllib.loads((DATA / "links.toml").read_text(encoding="utf-8"))


def ascii_slug(text: str) -> str:
    """Lower-case ASCII letters of ``text``."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in plain.lower() if mark in string.ascii_lowercase)


def official(rng: random.Random, kind: str, org: Organisation) -> str:
    """A link of the organisation itself.

    As with real senders, some go through its own short domain, a service that it books with, or a public shortener.
    """
    if rng.random() < THROUGH_SHORTENER:
        return shortened(rng)
    own = _pieces()["own"]
    if org.slug in own["short"] and rng.random() < OWN_SHORT:
        return f"{rng.choice(['https://', 'https://', ''])}{own['short'][org.slug]}/{_token(rng)}"
    if rng.random() < THROUGH_SERVICE.get(kind, 0):
        return rng.choice(["https://", "https://", ""]) + _write(rng, rng.choice(own["services"][kind]), org)
    host, scheme = rng.choice(own["hosts"]), _scheme(rng)
    if host:
        scheme = scheme.removesuffix("www.")
    return f"{scheme}{host}{org.site}" + _write(rng, rng.choice(own["paths"].get(kind, own["paths"]["any"])))


def shortened(rng: random.Random) -> str:
    """A link through a public shortener."""
    scheme = rng.choice(["", "https://", "https://", "http://"])
    return f"{scheme}{rng.choice(_pieces()['shorteners'])}/{_token(rng)}"


def _token(rng: random.Random) -> str:
    return "".join(rng.choices(TOKENS, k=rng.randint(5, 7)))


def package(rng: random.Random, org: Organisation | None) -> str:
    """A link to an Android package."""
    pieces = _pieces()["lure"]
    stem = org.slug if org else "update"
    host = f"{rng.choice(pieces['words']['any'])}-{stem}{rng.choice(pieces['endings'])}"
    return f"{_scheme(rng)}{host}/{rng.choice([stem, 'app', 'kyc', 'update', 'support'])}.apk"


def handle(rng: random.Random, names: tuple[str, ...]) -> str:
    """A chat contact: a link or an @name."""
    stem = (ascii_slug(rng.choice(names)) or "agent") + rng.choice(["", "_hr", "88", "_fx", "trade", "01", "_vip"])
    return rng.choice(
        [f"t.me/{stem}", f"https://t.me/{stem}", f"@{stem}", f"wa.me/155501{rng.randrange(10000, 99999)}"]
    )


def lure(rng: random.Random, kind: str, org: Organisation | None, lang: str) -> str:
    """A link that borrows the organisation's name, or hides where it leads."""
    pieces = _pieces()["lure"]
    choice = rng.random()
    if choice < 0.15:
        return shortened(rng)
    path = rng.choice(pieces["paths"])
    if org is None or choice < 0.20:
        return _scheme(rng) + _write(
            rng, rng.choice(["<nobody><end>", "<nobody><end>", "<tail><tail><end>", "<nobody><clean>"]) + path
        )
    vocabulary = (
        pieces["words"].get(kind, pieces["words"]["any"]) + list(words().get(lang, {}).get("lure_words", ())) * 2
    )
    return _scheme(rng) + _write(rng, rng.choice(pieces["shapes"]) + path, org, rng.choice(vocabulary))


def _scheme(rng: random.Random) -> str:
    """How a link starts; the same mix for everybody, so that it tells nothing."""
    return str(rng.choice(_pieces()["schemes"]))


def _write(rng: random.Random, shape: str, org: Organisation | None = None, word: str = "") -> str:
    return PIECE.sub(lambda match: _piece(rng, match[1], org, word), shape)


def _piece(rng: random.Random, name: str, org: Organisation | None, word: str) -> str:
    pieces = _pieces()["lure"]
    made: dict[str, Callable[[], str]] = {
        "slug": lambda: org.slug if org else "",
        "site": lambda: org.site if org else "",
        "typo": lambda: _typo(rng, org.slug) if org else "",
        "word": lambda: word,
        "nobody": lambda: "".join(rng.choice(words()["any"][key]).lower() for key in ("biz_first", "biz_second")),
        "end": lambda: str(rng.choice(pieces["endings"])),
        "clean": lambda: str(rng.choice(pieces["clean"])),
        "free": lambda: str(rng.choice(pieces["free_hosts"])),
        "country": lambda: str(rng.choice(pieces["countries"])),
        "tail": lambda: "".join(rng.choices(string.ascii_lowercase, k=rng.randint(2, 5))),
        "token": lambda: "".join(rng.choices(TOKENS, k=rng.randint(4, 8))),
        "n": lambda: str(rng.randrange(1, 255)),
        "d": lambda: str(rng.randrange(10**5, 10**10)),
    }
    return made[name]()


def _typo(rng: random.Random, slug: str) -> str:
    spot = rng.randrange(len(slug))
    near = _pieces()["lure"]["near"].get(slug[spot], slug[spot] * 2)
    return f"{slug[:spot]}{near}{slug[spot + 1 :]}"
