"""Builds the rulebook from the data files: ``python -m hookline_ml.rules.build``."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import re2

from hookline_ml.links.brands import DATA as LINKS
from hookline_ml.patterns import Pattern, shortened
from hookline_ml.rulebook import RULEBOOK
from hookline_ml.rules.notation import COMMON, Needs, PatternError, needs, texts, to_re2
from hookline_ml.rules.source import RULES, Groups, RuleSource, read_brands, read_rules, read_signals, read_vocabulary
from hookline_ml.signals.catalog import DATA as SIGNALS

_COMMON_USES = 400  # a common word counts like a word of so many patterns


def build() -> str:
    """Return the rulebook as JSON text; the same data files give the same text.

    Raises
    ------
    RuleError, PatternError
        If a data file is not valid.
    """
    brands, vocabulary = read_brands(), read_vocabulary()
    signals = read_signals(vocabulary)
    rules = read_rules(vocabulary, {str(signal["code"]) for signal in signals})
    groups = dict(vocabulary)
    for brand in brands:
        if brand.aliases:
            groups[brand.group] = list(brand.aliases)
    for rule in rules:
        groups |= rule.patterns
    index = build_index(groups)
    book = {
        "version": _version(index),
        "signals": signals,
        "rules": [_rule(rule) for rule in rules],
        "brands": [[each.name, each.sector, each.country, [], each.labels, each.domains] for each in brands],
        "index": {
            **index,
            "patterns": [(group, shortened(expression), sets) for group, expression, sets in index["patterns"]],
        },
    }
    # A line for each entry, so that a change of one rule is a change of one line.
    return re.sub(r"\n {3,}|\n  (?=[}\]])", "", json.dumps(book, ensure_ascii=False, indent=1)) + "\n"


def build_index(groups: Groups) -> dict[str, Any]:
    """Return the arguments of `PatternIndex` for groups of patterns. Raises `PatternError`."""
    patterns: list[tuple[int, str, list[int]]] = []
    ways: dict[str, list[list[str]]] = {}
    tables: dict[str, dict[str, list[int]]] = {"words": {}, "stems": {}, "fragments": {}}
    sets: dict[frozenset[str], int] = {}
    always: list[int] = []
    joined = [_by_needs(written) for written in groups.values()]
    used = Counter(word for each in joined for needed in each for one in needed for word in one.words | one.stems)
    for group, (name, by_needs) in enumerate(zip(groups, joined, strict=True)):
        for unordered, joint in by_needs.items():
            number, needed = len(patterns), _rarest_first(unordered, used)
            also = [each.words for each in needed[1:] if not each.stems and not each.fragments]
            expression = "|".join(_checked(name, pattern) for pattern in joint)
            patterns.append((group, expression, [sets.setdefault(words, len(sets)) for words in also]))
            if all(written := [texts(pattern) for pattern in joint]):
                ways[str(number)] = [[" ".join(slot) for slot in way] for way in written]
            for table in tables if needed else ():
                for key in sorted(getattr(needed[0], table)):
                    tables[table].setdefault(key, []).append(number)
            if not needed:
                always.append(number)
    word_sets = [sorted(words) for words in sets]
    return {"groups": list(groups), "patterns": patterns, **tables, "sets": word_sets, "always": always, "ways": ways}


def _by_needs(written: list[str]) -> Mapping[frozenset[Needs], list[str]]:
    """Join the patterns of a group that are looked up by the same words: they are run together."""
    joined: dict[frozenset[Needs], list[str]] = {}
    for pattern in written:
        joined.setdefault(needs(pattern), []).append(pattern)
    return joined


def _rarest_first(needed: frozenset[Needs], used: Counter[str]) -> list[Needs]:
    def share(each: Needs) -> tuple[int, list[str]]:
        words = sorted(each.words | each.stems | each.fragments)
        return sum(used[word] + _COMMON_USES * (word in COMMON or not word.isalpha()) for word in words), words

    return sorted(needed, key=share)


def _checked(name: str, pattern: str) -> str:
    try:
        expression = to_re2(pattern)
        empty_match = Pattern(name, expression, 0, ()).run(b"_")
    except (re2.error, PatternError) as error:
        raise PatternError(f"{name}: {pattern!r}: {error}") from None
    if empty_match is not None:
        raise PatternError(f"{name}: {pattern!r} matches everything")
    return expression


def _rule(rule: RuleSource) -> dict[str, object]:
    parts = {part: sorted(facts) for part, facts in rule.parts.items()}
    return {
        "id": rule.id,
        "category": rule.category,
        "points": rule.points,
        "text": rule.text,
        "need": rule.need,
    } | parts


def _version(index: Mapping[str, object]) -> str:
    digest = sha256(json.dumps({part: index[part] for part in index if part != "ways"}).encode())
    for folder in (LINKS, RULES, SIGNALS):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            content = file.read_bytes()
            digest.update(f"{file.relative_to(folder)} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()[:12]


def write(path: Path = RULEBOOK) -> None:
    """Build the rulebook and write it."""
    path.write_text(build(), encoding="utf-8")


if __name__ == "__main__":
    write()
