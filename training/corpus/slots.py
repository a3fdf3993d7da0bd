"""Fills slots: ``{name}``, ``{amt:20-90}``, ``{bank.link}``, ``{name#2}``.

A slot keeps its value within one message; ``#2`` asks for another one. Parts of an organisation (``.link``, ``.lure``,
``.site``, ``.tag``) belong to the same organisation as the bare slot; ``{carrier!usps}`` asks for one by name.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable
from datetime import date, timedelta

from training.corpus import links
from training.corpus.grammar import expand, parse
from training.corpus.vocabulary import Organisation, Place, organisation, words

SHAPE = re.compile(
    r"(?P<name>[a-z_0-9]+)(?:!(?P<pin>[a-z0-9]+))?(?::(?P<range>[\d.]+-[\d.]+))?(?:\.(?P<part>[a-z]+))?(?:#(?P<n>\d))?"
)
BASE32 = "023456789acdefghjklmnpqrstuvwxyz"
EPOCH = date(2024, 1, 1)
DAYS = 1100


class UnknownSlotError(LookupError):
    """A template names a slot that nothing fills."""


class Filler:
    """Slot values of one message."""

    def __init__(self, rng: random.Random, place: Place, lang: str) -> None:
        self.rng = rng
        self.place = place
        self.lang = lang
        self.sender: Organisation | None = None
        self._texts: dict[str, str] = {}
        self._organisations: dict[str, Organisation] = {}

    def fill(self, slot: str) -> str:
        """The value of ``slot``; the same slot gives the same value again."""
        if slot not in self._texts:
            taken = {text for key, text in self._texts.items() if key.split("#")[0] == slot.split("#", maxsplit=1)[0]}
            value = self._value(slot)
            for _ in range(5):
                if value not in taken:
                    break
                value = self._value(slot)
            self._texts[slot] = value
        return self._texts[slot]

    def _value(self, slot: str) -> str:
        match = SHAPE.fullmatch(slot)
        if match is None:
            raise UnknownSlotError(slot)
        name, part = match["name"], match["part"]
        if name in COMPUTED:
            low, high = (float(x) for x in (match["range"] or "0-0").split("-"))
            return COMPUTED[name](self, low, high)
        if name in self.place.lists:
            return self.rng.choice(self.place.lists[name])
        if name == "biz" or name in self.place.organisations:
            return self._part(name, self._organisation(name, match["n"] or "", match["pin"]), part or "name")
        for lang in (self.lang, "any"):
            if name in words().get(lang, {}):
                return self.say(self.rng.choice(words()[lang][name]))
        raise UnknownSlotError(f"{slot} ({self.lang}, {self.place.code})")

    def say(self, source: str) -> str:
        """Expand a piece of grammar with this message's slots."""
        return expand(parse(source), self.rng, self.fill)

    def _organisation(self, name: str, number: str, pin: str | None) -> Organisation:
        key = f"{name}#{number or pin or ''}"
        if key not in self._organisations:
            self._organisations[key] = self._invent() if name == "biz" else self._pick(name, pin)
            self.sender = self.sender or self._organisations[key]
        return self._organisations[key]

    def _pick(self, name: str, pin: str | None) -> Organisation:
        if pin:
            pinned = [item for item in self.place.organisations[name] if links.ascii_slug(item.name) == pin]
            if not pinned:
                raise UnknownSlotError(f"{name}!{pin} ({self.place.code})")
            return pinned[0]
        known = set(self._organisations.values())
        fresh = [item for item in self.place.organisations[name] if item not in known]
        return self.rng.choice(fresh or self.place.organisations[name])

    def _invent(self) -> Organisation:
        first, second = (self.rng.choice(words()["any"][key]) for key in ("biz_first", "biz_second"))
        site = f"{first}{self.rng.choice(['', '', '-'])}{second}".lower() + self.rng.choice(self.place.lists["domains"])
        return organisation(f"{first} {second}|{site}")

    def _part(self, kind: str, org: Organisation, part: str) -> str:
        if part == "link":
            return links.official(self.rng, kind, org)
        if part == "lure":
            return links.lure(self.rng, kind, org, self.lang)
        if part in {"name", "site", "tag", "slug"}:
            return str(getattr(org, part))
        if part == "mail":
            box = self.rng.choice(["no-reply", "noreply", "hello", "support", "info", "alerts", "billing", "care"])
            return f"{box}@{org.site.split('/')[0]}"
        raise UnknownSlotError(f"{kind}.{part}")


Compute = Callable[[Filler, float, float], str]


def digits(count: int) -> Compute:
    """A slot of ``count`` random digits, the first not zero."""
    return lambda filler, _low, _high: str(filler.rng.randrange(10 ** (count - 1), 10**count))


def _pattern(rng: random.Random, pattern: str) -> str:
    """``#`` a digit, ``@`` a capital letter, ``^`` either."""
    pools = {"#": string.digits, "@": string.ascii_uppercase, "^": string.ascii_uppercase + string.digits}
    return "".join(rng.choice(pools[mark]) if mark in pools else mark for mark in pattern)


def shaped(*patterns: str) -> Compute:
    """A slot that follows one of ``patterns``."""
    return lambda filler, _low, _high: _pattern(filler.rng, filler.rng.choice(patterns))


def phone(kind: str) -> Compute:
    """A telephone number in the place's own format."""
    return lambda filler, _low, _high: _pattern(filler.rng, filler.rng.choice(filler.place.phones[kind]))


def grouped(value: float, style: str, decimals: int) -> str:
    """``1,234.50`` written in the style named by its separators: ``,.`` ``.,`` `` ,`` ``'.`` or ``in`` (lakhs)."""
    text = f"{value:,.{decimals}f}"
    if style == "in":
        whole, dot, rest = text.partition(".")
        plain = whole.replace(",", "")
        head, tail = plain[:-3], plain[-3:]
        while head:
            head, tail = head[:-2], f"{head[-2:]},{tail}"
        return tail + dot + rest
    return text.translate(str.maketrans(",.", style)).replace("_", "")


def amount(filler: Filler, low: float, high: float) -> str:
    """Money in the place's currency; the range is in dollars and scaled to the place."""
    rng, place = filler.rng, filler.place
    value = rng.uniform(low, high) * place.scale
    if rng.random() < 0.45 and value >= 10:
        step = 10 ** max(0, len(str(int(value))) - 2)
        value = max(step, round(value / step) * step) - (0.01 if rng.random() < 0.2 and place.decimals else 0)
    elif value >= 1000 and not place.decimals:
        value = round(value, -2)
    whole = abs(value - round(value)) < 0.001 and rng.random() < 0.6
    places = 0 if whole or not place.decimals or (value > 5000 and rng.random() < 0.4) else 2
    style = "_" + place.number[-1] if place.number != "in" and rng.random() < 0.15 else place.number
    return rng.choice(place.money).replace("#", grouped(value, style, places))


def dollars(filler: Filler, low: float, high: float) -> str:
    """US dollars, round, whatever the place."""
    value = filler.rng.uniform(low, high)
    step = 10 ** max(0, len(str(int(value))) - 2)
    number = grouped(max(step, round(value / step) * step), ",.", 0)
    return filler.rng.choice(["$#", "$#", "#$", "USD #", "US$#", "# USD"]).replace("#", number)


def integer(filler: Filler, low: float, high: float) -> str:
    """A whole number in the range."""
    return str(filler.rng.randint(int(low), int(high)))


def day(filler: Filler, _low: float, _high: float) -> str:
    """A calendar date in one of the ways the language writes it."""
    rng = filler.rng
    when = EPOCH + timedelta(days=rng.randrange(DAYS))
    shapes = words().get(filler.lang, {}).get("date_shapes", ("%d/%m/%Y", "%d.%m.%Y", "%d/%m"))
    shape = "%m/%d/%Y" if filler.place.code == "us" and rng.random() < 0.5 else rng.choice(shapes)
    months = words().get(filler.lang, words()["en"]).get("months", words()["en"]["months"])
    name = months[when.month - 1]
    return when.strftime(shape.replace("%B", name).replace("%b", name[:3]))


def clock(filler: Filler, _low: float, _high: float) -> str:
    """A time of day."""
    rng = filler.rng
    hour, minute = rng.randrange(7, 22), rng.choice([0, 0, 15, 30, 45, rng.randrange(60)])
    if filler.lang == "en" and rng.random() < 0.5:
        half = rng.choice(["{}m", " {}m", " {}.m."]).format("a" if hour < 12 else "p")
        half = half.upper() if rng.random() < 0.4 else half
        return (
            f"{(hour - 1) % 12 + 1}:{minute:02}{half}"
            if minute or rng.random() < 0.5
            else f"{(hour - 1) % 12 + 1}{half}"
        )
    return f"{hour:02}:{minute:02}"


def mailbox(filler: Filler, _low: float, _high: float) -> str:
    """A private e-mail address."""
    rng = filler.rng
    stem = links.ascii_slug(rng.choice(filler.place.lists["names"])) or "info"
    tail = rng.choice(["", ".", "_"]) + (links.ascii_slug(rng.choice(filler.place.lists["surnames"])) or "office")
    host = rng.choice(["gmail.com", "outlook.com", "yahoo.com", "hotmail.com", "proton.me", "mail.com", "icloud.com"])
    return f"{stem}{tail}{rng.choice(['', '', str(rng.randrange(1, 99))])}@{host}"


def wallet(filler: Filler, _low: float, _high: float) -> str:
    """Something that looks like a cryptocurrency address; drawn at random, so nobody's."""
    rng = filler.rng
    kind = rng.choice(["bc1q", "0x", "T"])
    if kind == "0x":
        return kind + "".join(rng.choices("0123456789abcdef", k=40))
    pool = BASE32 if kind == "bc1q" else string.ascii_letters + string.digits
    return kind + "".join(rng.choices(pool, k=38 if kind == "bc1q" else 33))


def secret(filler: Filler, _low: float, _high: float) -> str:
    """A password as people choose them."""
    rng = filler.rng
    stem = rng.choice(words()["any"]["biz_first"])
    return rng.choice([stem, stem.lower()]) + rng.choice(["123", "1987", "!", "_01", "2010", "99", "@12"])


COMPUTED: dict[str, Compute] = {
    "amt": amount,
    "usd": dollars,
    "int": integer,
    "date": day,
    "time": clock,
    "email": mailbox,
    "wallet": wallet,
    "secret": secret,
    "lure": lambda filler, _low, _high: links.lure(filler.rng, "any", filler.sender, filler.lang),
    "short": lambda filler, _low, _high: links.shortened(filler.rng),
    "apk": lambda filler, _low, _high: links.package(filler.rng, filler.sender),
    "mobile": phone("mobile"),
    "line": phone("line"),
    "free": phone("free"),
    "foreign": shaped(
        "+63 9## 555 01##", "+44 7700 900###", "+1 (5##) 555-01##", "+84 55 500 0###", "+234 700 000 0###"
    ),
    "code4": digits(4),
    "code5": digits(5),
    "code6": shaped("######"),
    "code7": digits(7),
    "code8": digits(8),
    "last4": shaped("####"),
    "last3": shaped("###"),
    "ref": shaped("@@######", "########", "@#####@", "@@@-#####", "^^^^^^^^", "##########", "@@##-####"),
    "track": shaped(
        "1Z^^^^^^##########",
        "9400############",
        "@@#########@@",
        "JD##############",
        "############",
        "TBA############",
        "H########",
        "@@@##########",
        "0034############",
        "#### #### ####",
    ),
    "order": shaped("###-#######-#######", "#####", "######", "@@-####", "#########", "10########"),
    "utr": digits(12),
    "flight": shaped("@@###", "@@ ####", "@@####"),
    "gate": shaped("@#", "@##", "##"),
    "seat": shaped("##A", "##C", "##F", "#D", "##B"),
    "pnr": shaped("@@@#@@", "@@@@@@", "@#@@#@"),
    "plate": shaped("@@## @@@", "@@@ ####", "@@@-###", "### @@#", "@@##@@####"),
    "locker": shaped("######", "####", "@####", "########"),
    "handle": lambda filler, _low, _high: links.handle(filler.rng, filler.place.lists["names"]),
}
