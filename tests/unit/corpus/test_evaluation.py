"""The evaluation set covers the taxonomy and shares no wording with what the model learns from."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

import pytest
from hookline_ml import CATEGORIES

from training import evaluation
from training.corpus import SPLITS, generate
from training.evaluation import load_evaluation

SCAMS = set(CATEGORIES) - {"legitimate", "spam_marketing"}
WORD = re.compile(r"[^\W\d_]+|[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff]")
NEAR = 0.5


def shingles(text: str) -> frozenset[str]:
    words = WORD.findall(text.lower())
    return frozenset(" ".join(words[start : start + 3]) for start in range(len(words) - 2))


def nearest(shingled: frozenset[str], index: dict[str, set[int]], sizes: list[int]) -> float:
    """The highest Jaccard index of a message with any indexed one."""
    shared = Counter(row for shingle in shingled for row in index.get(shingle, ()))
    return max((n / (len(shingled) + sizes[row] - n) for row, n in shared.items()), default=0.0)


def indexed(texts: Iterable[str]) -> tuple[dict[str, set[int]], list[int]]:
    index: dict[str, set[int]] = defaultdict(set)
    sizes: list[int] = []
    for row, text in enumerate(texts):
        found = shingles(text)
        sizes.append(len(found))
        for shingle in found:
            index[shingle].add(row)
    return index, sizes


def test_no_message_is_near_one_that_a_template_writes() -> None:
    index, sizes = indexed(row["text"] for split in SPLITS for row in generate(split, seed=3, per_template=1))
    close = [m["text"] for m in load_evaluation() if nearest(shingles(m["text"]), index, sizes) >= NEAR]
    assert close == []


def test_near_messages_would_be_found() -> None:
    index, sizes = indexed(["Your parcel is waiting at the depot, pay the fee today"])
    assert nearest(shingles("Your parcel is waiting at the depot, pay the fee now"), index, sizes) >= NEAR
    assert nearest(shingles("See you at the station tonight then"), index, sizes) == 0


def test_every_category_and_label_is_covered() -> None:
    messages = load_evaluation()
    assert len({message["text"] for message in messages}) == len(messages) >= 600
    counts = Counter(message["category"] for message in messages)
    assert set(counts) == set(CATEGORIES)
    assert min(counts.values()) >= 8
    assert all((message["kind"] is None) == (message["label"] == "scam") for message in messages)
    assert {message["category"] for message in messages if message["label"] == "scam"} == SCAMS


def test_every_language_has_both_sides() -> None:
    sides = Counter((message["lang"], message["label"] == "scam") for message in load_evaluation())
    for lang, _ in list(sides):
        assert min(sides[lang, True], sides[lang, False]) >= 5, lang


@pytest.mark.parametrize("heading", ["% scam parcel_delivery", "% fraud parcel_delivery en"])
def test_a_broken_heading_names_file_and_line(
    heading: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("data")
    (folder / "en.txt").write_text(f"// first\n{heading}\n", encoding="utf-8")
    monkeypatch.setattr(evaluation, "_DATA", folder)
    load_evaluation.cache_clear()
    with pytest.raises(ValueError, match=r"en\.txt, line 2"):
        load_evaluation()
    load_evaluation.cache_clear()
