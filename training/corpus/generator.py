"""Multiplies the templates into rows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from math import ceil
from typing import TypedDict

from training.corpus.grammar import expand
from training.corpus.slots import Filler
from training.corpus.surface import dress
from training.corpus.templates import Label, Template, load_templates
from training.corpus.vocabulary import places_for

SOURCE = "hookline_corpus"

# A template with little room for variation gives fewer rows than asked for, rather than repeats.
TRIES_PER_ROW = 4
# English is written for thirteen countries and has room for more rows a template than the other languages.
OTHER_LANGUAGES = 0.75


class Row(TypedDict):
    """One message, in the schema of the training pool plus ``kind`` and ``template``."""

    text: str
    label: Label
    category: str
    kind: str | None
    lang: str
    source: str
    template: str


def generate(split: str, seed: int, per_template: int) -> Iterator[Row]:
    """Rows of one split, the same for the same arguments.

    Parameters
    ----------
    split
        ``train``, ``gate`` or ``test``. No template family is in two of them.
    seed
        Any integer.
    per_template
        The most rows to make of one English template; other languages get three quarters of it.
    """
    for template in load_templates():
        if template.split == split:
            share = 1 if template.lang == "en" else OTHER_LANGUAGES
            yield from multiply(template, seed, ceil(per_template * share))


def multiply(template: Template, seed: int, count: int) -> Iterator[Row]:
    """Up to ``count`` different rows of one template."""
    seen: set[str] = set()
    for attempt in range(count * TRIES_PER_ROW):
        text = write(template, random.Random(f"{seed}/{template.id}/{attempt}"))
        if text in seen:
            continue
        seen.add(text)
        yield Row(
            text=text,
            label=template.label,
            category=template.category,
            kind=template.kind,
            lang=template.lang,
            source=SOURCE,
            template=template.id,
        )
        if len(seen) == count:
            return


def write(template: Template, rng: random.Random) -> str:
    """One message."""
    places = places_for(template.lang, template.places)
    place = rng.choices(places, weights=[place.weight for place in places])[0]
    filler = Filler(rng, place, template.lang)
    return dress(expand(template.body, rng, filler.fill), rng, filler)
