"""The template grammar: literal text, ``{slot}``, alternation ``[a|b|]`` (nestable), and ``\\`` before a literal mark.

``\\n`` is a line break; an empty branch makes a part optional.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

MARKS = re.compile(r"\\.|[{}\[\]|]|[^\\{}\[\]|]+")


class GrammarError(ValueError):
    """A template that cannot be read."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that a vocabulary or a computed value fills."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Branches of which one is taken, all equally likely."""

    branches: tuple[Sequence, ...]


Node = str | Slot | Choice
Sequence = tuple[Node, ...]


@cache
def parse(source: str) -> Sequence:
    """Read one template.

    Raises
    ------
    GrammarError
        On unbalanced brackets or braces, or an empty slot.
    """
    marks = [match.group() for match in MARKS.finditer(source)]
    if len("".join(marks)) != len(source):
        raise GrammarError(f"stray backslash at the end: {source!r}")
    position, branches = _branches(marks, 0, source, nested=False)
    if position != len(marks) or len(branches) != 1:
        raise GrammarError(f"']' or '|' outside an alternation: {source!r}")
    return branches[0]


def _branches(marks: list[str], position: int, source: str, *, nested: bool) -> tuple[int, list[Sequence]]:
    branches: list[Sequence] = []
    nodes: list[Node] = []
    while position < len(marks):
        mark = marks[position]
        position += 1
        if mark == "[":
            position, inner = _branches(marks, position, source, nested=True)
            nodes.append(Choice(tuple(inner)))
        elif mark == "{":
            if marks[position + 1 : position + 2] != ["}"]:
                raise GrammarError(f"unbalanced '{{': {source!r}")
            nodes.append(Slot(marks[position]))
            position += 2
        elif mark == "}":
            raise GrammarError(f"unbalanced '}}': {source!r}")
        elif mark == "|" and nested:
            branches.append(tuple(nodes))
            nodes = []
        elif mark == "]" and nested:
            return position, [*branches, tuple(nodes)]
        elif mark in "|]":
            return position - 1, [*branches, tuple(nodes)]
        else:
            nodes.append(_literal(mark))
    if nested:
        raise GrammarError(f"unbalanced '[': {source!r}")
    return position, [*branches, tuple(nodes)]


def _literal(mark: str) -> str:
    if not mark.startswith("\\"):
        return mark
    return "\n" if mark[1] == "n" else mark[1]


def slots(sequence: Sequence) -> Iterator[str]:
    """Every slot name in a template, in all branches."""
    for node in sequence:
        if isinstance(node, Slot):
            yield node.name
        elif isinstance(node, Choice):
            for branch in node.branches:
                yield from slots(branch)


def expand(sequence: Sequence, rng: random.Random, fill: Callable[[str], str]) -> str:
    """Write a template out once, taking a random branch of each alternation."""
    parts: list[str] = []
    for node in sequence:
        if isinstance(node, Slot):
            parts.append(fill(node.name))
        elif isinstance(node, Choice):
            parts.append(expand(rng.choice(node.branches), rng, fill))
        else:
            parts.append(node)
    return "".join(parts)
