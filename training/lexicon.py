"""Writes the normaliser's list of common words of languages in Latin letters, commonest first.

The words come from the project's corpus and from the two English sources whose licences allow any use.
"""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from training.data import corpus_messages, read_jsonl

_WORD = re.compile(r"(?<![\w@./:#-])[A-Za-z]{1,20}(?![\w@/:-]|\.\w)")
_SHORT = frozenset(
    re.findall(r"\w+", "a i am an as at be by do go he hi if in is it me my no of oh ok on or so to up us we")
)


def common_words(texts: Iterable[tuple[str, int]], *, at_least: int, limit: int) -> list[str]:
    """Return the commonest words of weighted texts.

    Parameters
    ----------
    texts
        Texts with the number of times each counts.
    at_least
        The least weighted count of a word that is kept.
    limit
        The most words to return.
    """
    counts: Counter[str] = Counter()
    for text, weight in texts:
        for word in {word.lower() for word in _WORD.findall(text)}:
            counts[word] += weight
    kept = [word for word, count in counts.most_common() if count >= at_least and (len(word) > 2 or word in _SHORT)]
    return [word for word in kept if _looks_like_a_word(word)][:limit]


def _looks_like_a_word(word: str) -> bool:
    return len(word) < 3 or bool(re.search("[aeiouy]", word))


_FREE = frozenset({"spamassassin_email", "uci_sms_spam"})
_OWN_WEIGHT = 3


def write_lexicon(path: Path, data: Path) -> None:
    """Write the list that ships."""
    public = ((row["text"], 1) for row in read_jsonl(data / "train.jsonl.gz") if row["source"] in _FREE)
    own = ((message.text, _OWN_WEIGHT) for message in corpus_messages("train", seed=1, per_template=4))
    words = common_words((*public, *own), at_least=5, limit=12_000)
    path.write_text("".join(f"{word}\n" for word in words), encoding="utf-8")
    print(f"Wrote {len(words)} words")
