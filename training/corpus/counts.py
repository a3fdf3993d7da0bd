"""Counts of the templates, as the data statement shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from training.corpus.templates import SPLITS, Template, load_templates


def tables() -> str:
    """Markdown tables: by topic and split, and by language and label."""
    return "\n".join([*_topics(), "", *_languages()])


def _topics() -> Iterator[str]:
    yield "| label | category or kind | English | other | train | gate | test |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    groups: dict[tuple[str, str], list[Template]] = {}
    for template in load_templates():
        groups.setdefault((template.label, template.topic), []).append(template)
    for (label, topic), members in sorted(groups.items()):
        yield _row(label, f"`{topic}`", members)
    yield _row("**all**", "", list(load_templates()))


def _row(label: str, topic: str, members: list[Template]) -> str:
    english = sum(template.lang == "en" for template in members)
    splits = Counter(template.split for template in members)
    numbers = [english, len(members) - english, *(splits[split] for split in SPLITS)]
    return f"| {label} | {topic} | {' | '.join(str(number) for number in numbers)} |"


def _languages() -> Iterator[str]:
    yield "| language | scam | legit | spam |"
    yield "|---|--:|--:|--:|"
    languages = Counter((template.lang, template.label) for template in load_templates())
    for lang in sorted({template.lang for template in load_templates()}):
        yield f"| {lang} | {languages[lang, 'scam']} | {languages[lang, 'legit']} | {languages[lang, 'spam']} |"
