"""The Labels table: what people say that texts are. It is the index of the labels that S3 keeps for good.

The rule, in one place: for each text there is at most one word of an analyst (from feedback) and one word of an import,
the last of each; the analyst's word beats the import's. Texts are the same if they differ only in case, in white space
and in compatibility forms of letters.
"""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, cast

from hookline_core.contracts import Feedback, Message
from hookline_core.stores.aws import unavailable_as
from hookline_core.stores.batch import get_all, put_all
from hookline_core.stores.records import SHARDS, shard_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, DeleteTypeDef, PutTypeDef

LabelName = Literal["scam", "legitimate", "spam"]
"""What a text can be called. ``spam``: unwanted marketing, which is no scam."""

Source = Literal["analyst", "import"]
"""Whose word a label is."""

SOURCES: tuple[Source, ...] = ("analyst", "import")
"""Weightiest first."""

BY_SHARD = "by_shard"
PAGE_ROWS = 500
"""Rows that one page reads at most; 1 MB ends it earlier."""

_WHAT = "the label store"
_FIRST_HASH = "0"


def text_hash(text: str) -> str:
    """Return what stands for a text, and for all that are the same but for case, white space and letter forms.

    Example
    -------
    >>> text_hash("Pay  NOW") == text_hash("pay now\\n")
    True
    """
    same = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(same.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Label:
    """Somebody's word on a text.

    Parameters
    ----------
    text
        The text as it was when it was labelled.
    category
        A ``category_code``, if one was given.
    given_by
        Public id of the key.
    given_at
        ISO moment.
    message_id
        The message that the word was given on, if it came from feedback.
    """

    text: str
    label: LabelName
    source: Source
    given_by: str
    given_at: str
    category: str | None = None
    message_id: str | None = None

    @property
    def text_hash(self) -> str:
        """What stands for the text."""
        return text_hash(self.text)

    def to_json(self) -> str:
        """Return the label as one line of JSON Lines, without the line's end."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


def word_of(message: Message, feedback: Feedback | None) -> Label | None:
    """Return the label that feedback gives to a message's text, if it is to be learnt from."""
    if feedback is None or not feedback.learn or feedback.verdict == "unsure":
        return None
    return Label(
        text=message.message_content,
        label=feedback.verdict,
        source="analyst",
        given_by=feedback.given_by,
        given_at=feedback.given_at,
        category=feedback.category,
        message_id=message.message_id,
    )


def prevailing(words: Iterable[Label]) -> Label:
    """Return the word that counts among the words on one text."""
    return min(words, key=lambda word: SOURCES.index(word.source))


class LabelStore:
    """Reads and changes the index of labels."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def all(self) -> Iterator[Label]:
        """Yield the label that counts for each text. The order is always the same for the same labels.

        Raises
        ------
        UnavailableError
            If the table does not answer.
        """
        for shard in SHARDS:
            for _, rows in groupby(self._rows(shard), key=_hash_of):
                yield prevailing(map(_to_label, rows))

    def page(self, start: tuple[str, str] | None) -> tuple[list[Label], tuple[str, str] | None]:
        """Return the labels that count for the next texts in the order of :meth:`all`, and where the next page starts.

        Parameters
        ----------
        start
            Where to start, as the page before told; ``None`` for the beginning.

        Raises
        ------
        UnavailableError
            If the table does not answer.
        """
        shard, first = start or (SHARDS[0], _FIRST_HASH)
        with unavailable_as(_WHAT):
            answer = self._dynamodb.query(**self._request(shard, first), Limit=PAGE_ROWS)
        groups = [list(rows) for _, rows in groupby(answer["Items"], key=_hash_of)]
        following = None
        if "LastEvaluatedKey" in answer:
            # The last text's rows may go on behind the page's end, so the next page begins with that text.
            following = (shard, _hash_of(groups.pop()[0]))
        elif shard != SHARDS[-1]:
            following = (SHARDS[SHARDS.index(shard) + 1], _FIRST_HASH)
        return [prevailing(map(_to_label, rows)) for rows in groups], following

    def words(self, hashes: Sequence[str]) -> dict[str, list[Label]]:
        """Return all words on some texts, by the text's hash.

        Raises
        ------
        UnavailableError
            If the table does not answer.
        """
        keys = [_key(found, source) for found in dict.fromkeys(hashes) for source in SOURCES]
        words: dict[str, list[Label]] = {}
        for row in get_all(self._dynamodb, self._table, keys, what=_WHAT):
            words.setdefault(_hash_of(row), []).append(_to_label(row))
        return words

    def put_all(self, labels: Iterable[Label]) -> None:
        """Take several labels, each as the last word of its source. Taking them again changes nothing.

        Raises
        ------
        UnavailableError
            If the table does not answer. Some of them may have been taken then.
        """
        last = {(label.text_hash, label.source): label for label in labels}
        put_all(self._dynamodb, self._table, [_to_row(label) for label in last.values()], what=_WHAT)

    def word(self, label: Label) -> "PutTypeDef":
        """Return the transaction part that takes a label as the last word of its source."""
        return {"TableName": self._table, "Item": _to_row(label)}

    def withdrawal(self, text: str, *, message_id: str) -> "DeleteTypeDef":
        """Return the transaction part that takes back what an analyst said on a message.

        It fails (``ConditionalCheckFailed``) if the analyst's word on this text now comes from another message.
        """
        return {
            "TableName": self._table,
            "Key": _key(text_hash(text), "analyst"),
            "ConditionExpression": "message_id = :message_id",
            "ExpressionAttributeValues": {":message_id": {"S": message_id}},
        }

    def summary(self) -> tuple[Counter[LabelName], Counter[Source]]:
        """Return how many texts have each label, and how many have it from each source.

        Raises
        ------
        UnavailableError
            If the table does not answer.
        """
        names: Counter[LabelName] = Counter()
        sources: Counter[Source] = Counter()
        for label in self.all():
            names[label.label] += 1
            sources[label.source] += 1
        return names, sources

    def _rows(self, shard: str) -> Iterator[dict[str, Any]]:
        with unavailable_as(_WHAT):
            for page in self._dynamodb.get_paginator("query").paginate(**self._request(shard, _FIRST_HASH)):
                yield from page["Items"]

    def _request(self, shard: str, first: str) -> Any:  # noqa: ANN401  # keywords of two calls
        return {
            "TableName": self._table,
            "IndexName": BY_SHARD,
            "KeyConditionExpression": "#shard = :shard AND text_hash >= :first",
            "ExpressionAttributeNames": {"#shard": "shard"},
            "ExpressionAttributeValues": {":shard": {"S": shard}, ":first": {"S": first}},
        }


def _key(hashed: str, source: Source) -> "dict[str, AttributeValueTypeDef]":
    return {"text_hash": {"S": hashed}, "source": {"S": source}}


def _hash_of(row: Mapping[str, Any]) -> str:
    return str(row["text_hash"]["S"])


def _to_row(label: Label) -> "dict[str, AttributeValueTypeDef]":
    row = _key(label.text_hash, label.source) | {
        "shard": {"S": shard_of(label.text_hash)},
        "text": {"S": label.text},
        "label": {"S": label.label},
        "given_by": {"S": label.given_by},
        "given_at": {"S": label.given_at},
    }
    for name, value in (("category", label.category), ("message_id", label.message_id)):
        if value is not None:
            row[name] = {"S": value}
    return row


def _to_label(row: Mapping[str, Any]) -> Label:
    return Label(
        text=row["text"]["S"],
        label=cast("LabelName", row["label"]["S"]),
        source=cast("Source", row["source"]["S"]),
        given_by=row["given_by"]["S"],
        given_at=row["given_at"]["S"],
        category=row.get("category", {}).get("S"),
        message_id=row.get("message_id", {}).get("S"),
    )
