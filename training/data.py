"""The rows that the base model is trained on: public messages by licence class, and the project's own corpus."""

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from training.clean import clean
from training.corpus import generate
from training.evaluation import load_evaluation

CORPUS = "hookline_corpus"
APART = "hookline_evaluation"
NON_COMMERCIAL = "non-commercial"
PERMISSIVE = frozenset({"permissive", "attribution"})

_LONGEST = 800  # characters of a message that training reads: e-mails would outweigh everything else

_SOFT_CATEGORIES = frozenset({"wrong_number", "romance"})
_SOFT = 0.7  # openers read like honest messages
_MARKETING = 0.2  # unwanted is not fraudulent, but nearer to it than a message from a friend
_MARKETING_OF = {  # sources whose scams and marketing are much alike: gambling, premium-rate texts
    "thai_sms_2022": 0.5,
    "uci_sms_spam": 0.95,
    "mishra_soni_2022": 0.95,
}
_UNSORTED = {"uci_sms_spam": 0.95, "exais_sms": 0.2}  # what share of a source's spam is unwanted by everybody
_UNSORTED_ELSEWHERE = 0.9

_MOST = {  # rows that a source may weigh at most, so that no source outvotes the rest
    "nus_sms_en": 2500,
    "nus_sms_zh": 5000,
    "spamhunter_twitter": 7000,
    "fbs_sms_ccs20": 8000,
}
LETTERS = ("csdmc2010_email", "spamassassin_email")
PHISHING = "phishing_pot"
"""Letters of 2022 to 2024, of a licence that bars them from what ships: they are judged on, and not learned from."""
REPORTS = "spamhunter_twitter"
"""What people took for spam and posted, which holds genuine messages too."""

_EACH = {  # rows that count more than once: scarce, or ours and well labelled, or long and therefore quiet
    CORPUS: 2.1,
    "csdmc2010_email": 2.0,
    "spamassassin_email": 2.0,
    "indian_phone_export_2022": 4.0,
    "uci_sms_spam": 30.0,
    "mishra_soni_2022": 12.0,
    "thai_sms_2022": 8.0,
    "indonesian_sms": 8.0,
    "arabic_smishing_tasmco": 24.0,
}


@dataclass(frozen=True, slots=True)
class Message:
    """A labelled message.

    Parameters
    ----------
    target
        How sure it is that the message is a scam, 0..1.
    weight
        How much it counts.
    kind
        For the corpus: which sort of legitimate message or marketing it is.
    changed
        Whether it is a copy that was given the marks of another source.
    """

    text: str
    label: str
    source: str
    lang: str
    category: str
    kind: str = ""
    target: float = 0.0
    changed: bool = False
    weight: float = 1.0


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a JSON Lines file, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def licences(folder: Path) -> dict[str, str]:
    """Return the licence class of every source in a data folder."""
    found = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
    return {source: entry["class"] for source, entry in found.items()}


def public_messages(folder: Path, split: str, *, allowed: frozenset[str] | None = None, seed: int) -> list[Message]:
    """Return the cleaned messages of a split.

    Parameters
    ----------
    allowed
        Licence classes to use; all but non-commercial when left out.
    """
    classes = licences(folder)
    kept = allowed or frozenset(classes.values()) - {NON_COMMERCIAL}
    return [
        _message(row, seed)
        for row in read_jsonl(folder / f"{split}.jsonl.gz")
        if classes.get(row["source"], "unstated") in kept
    ]


def corpus_messages(split: str, *, seed: int, per_template: int) -> list[Message]:
    """Return the project's own messages of a split."""
    return [_message(dict(row), seed) for row in generate(split, seed, per_template)]


def apart_messages() -> list[Message]:
    """Return the messages that were written by hand apart from the corpus, to judge by."""
    return [_message(dict(row, source=APART), 0) for row in load_evaluation()]


def _message(row: Mapping[str, Any], seed: int) -> Message:
    message = Message(
        text=clean(row["text"], row["source"], seed)[:_LONGEST],
        label=row["label"],
        source=row["source"],
        lang=row["lang"] or "",
        category=row["category"] or "",
        kind=row.get("kind") or "",
    )
    return replace(message, target=_target(message))


def _target(message: Message) -> float:
    if message.label == "legit":
        return 0.0
    if message.label == "scam":
        return _SOFT if message.category in _SOFT_CATEGORIES else 1.0
    if message.category == "undifferentiated":
        return _UNSORTED.get(message.source, _UNSORTED_ELSEWHERE)
    return _MARKETING_OF.get(message.source, _MARKETING)


def thinned(messages: Iterable[Message], seed: int) -> list[Message]:
    """Cut sources that have far more rows than they may weigh, to twice that many."""
    by_source: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        by_source[message.source].append(message)
    kept: list[Message] = []
    for source, found in by_source.items():
        most = 2 * _MOST.get(source, len(found))
        kept += found if len(found) <= most else Random(f"{seed}/{source}").sample(found, most)
    return kept


def weighted(messages: Iterable[Message]) -> list[Message]:
    """Set the weights, so that no source outvotes the rest."""
    listed = list(messages)
    counts = Counter(message.source for message in listed)
    return [
        replace(
            message,
            weight=min(1.0, _MOST.get(message.source, 10**9) / counts[message.source]) * _EACH.get(message.source, 1.0),
        )
        for message in listed
    ]


def summary(messages: Iterable[Message]) -> dict[str, Any]:
    """Return counts by source and label, and a hash of all texts and labels."""
    digest = sha256()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for message in messages:
        digest.update(f"{message.label}\t{message.text}\n".encode("utf-8", "replace"))
        counts[message.source][message.label] += 1
    return {
        "hash": digest.hexdigest(),
        "rows": {source: dict(sorted(found.items())) for source, found in sorted(counts.items())},
    }
