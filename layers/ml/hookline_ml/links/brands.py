"""The brands that criminals pretend to be: names, official domains, country, sector.

The table is `data/brands.tsv`, one brand a line: name, sector, country (ISO code, or ``*`` for a world-wide brand),
aliases as they stand in messages, labels as they stand in host names, official registrable domains. A bar separates the
entries of a list.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from hookline_ml.rulebook import rulebook

SHORTEST_MISSPELT = 6  # letters; below this, one edit turns a brand into an ordinary word
WORLDWIDE = "*"
BRAND_GROUP = "brand "
DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Brand:
    """One brand. `aliases` are patterns, `labels` lower-case host-name words, `domains` registrable domains."""

    name: str
    sector: str
    country: str
    aliases: tuple[str, ...]
    labels: tuple[str, ...]
    domains: tuple[str, ...]

    @property
    def code(self) -> str:
        """The signal that its name gives."""
        return f"BRAND_{self.sector.upper()}"

    @property
    def group(self) -> str:
        """The name of the pattern group that holds its aliases."""
        return f"{BRAND_GROUP}{self.name}"


def _split(field: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in field.split("|") if part.strip() not in ("", "-"))


def parse_brands(table: str) -> tuple[Brand, ...]:
    """Read the brand table; lines that start with # are comments. Raises `ValueError` naming a bad line."""
    brands = []
    for number, line in enumerate(table.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 6:
            raise ValueError(f"brands.tsv line {number}: {len(fields)} fields instead of 6")
        name, sector, country = (field.strip() for field in fields[:3])
        brands.append(Brand(name, sector, country, *map(_split, fields[3:])))
    return tuple(brands)


def one_letter_less(word: str) -> set[str]:
    """Return `word` with each one of its letters left out."""
    return {word[:index] + word[index + 1 :] for index in range(len(word))}


def one_edit_apart(left: str, right: str) -> bool:
    """Say whether one insertion, deletion, substitution or swap of neighbours turns `left` into `right`."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


class BrandBook:
    """Finds brands by official domain and by the words of a host name."""

    def __init__(self, brands: tuple[Brand, ...]) -> None:
        self.brands = brands
        self._by_group = {brand.group: brand for brand in brands}
        self._by_domain = {domain: brand for brand in brands for domain in brand.domains}
        self._by_label = {label: brand for brand in brands for label in brand.labels}

    @cached_property
    def _by_shortened(self) -> Mapping[str, tuple[str, ...]]:
        table: dict[str, tuple[str, ...]] = {}
        for label in self._by_label:
            if len(label) >= SHORTEST_MISSPELT:
                for key in {label, *one_letter_less(label)}:
                    table[key] = (*table.get(key, ()), label)
        return table

    def in_groups(self, groups: AbstractSet[str]) -> tuple[Brand, ...]:
        """Return the brands whose pattern groups are among `groups`."""
        return tuple(self._by_group[group] for group in self._by_group.keys() & groups)

    def owner(self, domain: str) -> Brand | None:
        """Return the brand whose official registrable domain this is."""
        return self._by_domain.get(domain)

    def labelled(self, word: str) -> Brand | None:
        """Return the brand that has exactly this word as a label."""
        return self._by_label.get(word)

    def named(self, word: str) -> Brand | None:
        """Return the brand that a host-name word names: exactly, or run together with another word."""
        brand = self._by_label.get(word)
        for cut in range(SHORTEST_MISSPELT, len(word) - 1 if brand is None else 0):
            brand = self._by_label.get(word[:cut]) or self._by_label.get(word[-cut:])
            if brand is not None:
                break
        return brand

    def misspelt(self, word: str) -> Brand | None:
        """Return the brand that `word` is one edit away from. The first letter counts: people notice it."""
        if len(word) < SHORTEST_MISSPELT - 1:
            return None
        for key in (word, *sorted(one_letter_less(word))):
            for label in self._by_shortened.get(key, ()):
                if word[0] == label[0] and one_edit_apart(word, label):
                    return self._by_label[label]
        return None


@cache
def brand_book() -> BrandBook:
    """Return the shipped brands."""
    return BrandBook(tuple(Brand(*fields[:3], *map(tuple, fields[3:])) for fields in rulebook()["brands"]))
