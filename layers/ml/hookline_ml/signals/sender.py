"""What the sender's number says about the organisation that the message names."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from hookline_ml.links.brands import WORLDWIDE, Brand
from hookline_ml.signals.catalog import DATA
from hookline_ml.types import Sender

_FULL_NUMBER = re.compile(r"\+(\d{8,15})")
_SHORT_CODE = re.compile(r"\d{3,6}")


@cache
def calling_codes() -> Mapping[str, str]:
    """Return the telephone calling code of every country in the brand table."""
    table = (DATA / "calling_codes.txt").read_text(encoding="utf-8")
    return dict(entry.split(":") for line in table.splitlines() if not line.startswith("#") for entry in line.split())


def sender_codes(sender: Sender, brands: Iterable[Brand]) -> frozenset[str]:
    """Return SENDER_ODD or SENDER_SHORT_CODE where the sender's number deserves it.

    Parameters
    ----------
    sender
        Its number in E.164, as a short code, or an e-mail address (e-mail-to-SMS gateways).
    brands
        The organisations that the message names.
    """
    number = (sender.phone_number or "").strip()
    if _SHORT_CODE.fullmatch(number):
        return frozenset({"SENDER_SHORT_CODE"})
    named = list(brands)
    if not named:
        return frozenset()
    if "@" in number:
        return frozenset({"SENDER_ODD"})
    full = _FULL_NUMBER.fullmatch(number)
    if full is None or any(brand.country == WORLDWIDE for brand in named):
        return frozenset()
    at_home = any(full[1].startswith(calling_codes()[brand.country]) for brand in named)
    return frozenset() if at_home else frozenset({"SENDER_ODD"})
