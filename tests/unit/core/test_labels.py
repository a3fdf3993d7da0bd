"""Labels: one word of each source on each text, the last one; the analyst's counts."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hookline_core.errors import UnavailableError
from hookline_core.stores import labels as module
from hookline_core.stores.aws import client
from hookline_core.stores.labels import Label, LabelStore, text_hash

from tests.unit.faults import fault


@pytest.fixture
def store(tables: dict[str, str]) -> LabelStore:
    """Return the index of labels."""
    return LabelStore(client("dynamodb"), tables["TABLE_LABELS"])


def _label(text: str, **changes: Any) -> Label:
    given: dict[str, Any] = {
        "label": "scam",
        "source": "import",
        "given_by": "0123456789ab",
        "given_at": "2026-11-23T06:00:00.000Z",
        **changes,
    }
    return Label(text, **given)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Pay NOW", "pay now"), ("pay  now ", "\npay\tnow"), ("ｐａｙ now", "pay now"), ("STRASSE", "straße")],
)
def test_texts_are_the_same_but_for_case_space_and_letter_forms(one: str, other: str) -> None:
    assert text_hash(one) == text_hash(other)


def test_other_texts_are_others() -> None:
    assert len({text_hash(text) for text in ("pay now", "paynow", "pay now.", "pay n0w", "раy now")}) == 5


def test_the_last_word_of_a_source_wins(store: LabelStore) -> None:
    store.put_all([_label("Pay now")])
    store.put_all([_label("pay NOW", label="legitimate")])
    assert list(store.all()) == [_label("pay NOW", label="legitimate")]


def test_within_one_call_the_last_word_wins(store: LabelStore) -> None:
    store.put_all([_label("Pay now"), _label("pay now", label="spam")])
    assert [label.label for label in store.all()] == ["spam"]


@pytest.mark.parametrize("analyst_first", [True, False])
def test_an_analysts_word_beats_an_imports_whichever_came_first(store: LabelStore, *, analyst_first: bool) -> None:
    words = [_label("Pay now", label="legitimate", source="analyst"), _label("Pay now")]
    for word in words if analyst_first else reversed(words):
        store.put_all([word])
    assert [label.label for label in store.all()] == ["legitimate"]
    assert len(store.words([text_hash("Pay now")])[text_hash("Pay now")]) == 2


def test_a_withdrawn_word_leaves_the_imports(store: LabelStore) -> None:
    dynamodb = client("dynamodb")
    store.put_all([_label("Pay now"), _label("Pay now", label="spam", source="analyst", message_id="m1")])
    dynamodb.transact_write_items(TransactItems=[{"Delete": store.withdrawal("Pay now", message_id="m1")}])
    assert [label.label for label in store.all()] == ["scam"]


def test_nobody_withdraws_the_word_on_another_message(store: LabelStore) -> None:
    store.put_all([_label("Pay now", source="analyst", message_id="m2")])
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        client("dynamodb").transact_write_items(
            TransactItems=[{"Delete": store.withdrawal("Pay now", message_id="m1")}]
        )
    assert [label.message_id for label in store.all()] == ["m2"]


def test_pages_join_into_all_labels(store: LabelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_ROWS", 3)
    store.put_all(
        [_label(f"text {number}") for number in range(20)]
        + [_label(f"text {number}", label="spam", source="analyst") for number in range(0, 20, 2)]
    )
    seen, start = list[Label](), None
    while True:
        found, start = store.page(start)
        seen += found
        if start is None:
            break
    assert seen == list(store.all())
    assert sorted(label.text for label in seen) == sorted(f"text {number}" for number in range(20))
    assert {label.text for label in seen if label.label == "spam"} == {f"text {n}" for n in range(0, 20, 2)}


def test_the_summary_counts_each_text_once(store: LabelStore) -> None:
    store.put_all([_label("a"), _label("b", label="spam"), _label("b", label="legitimate", source="analyst")])
    names, sources = store.summary()
    assert names == {"scam": 1, "legitimate": 1}
    assert sources == {"import": 1, "analyst": 1}


@pytest.mark.parametrize("operation", ["Query", "BatchGetItem", "BatchWriteItem"])
def test_a_table_that_does_not_answer_is_told(store: LabelStore, operation: str) -> None:
    with fault(client("dynamodb"), operation), pytest.raises(UnavailableError):
        {"Query": lambda: list(store.all()), "BatchGetItem": lambda: store.words(["0"])}.get(
            operation, lambda: store.put_all([_label("a")])
        )()


def test_rows_that_a_batch_leaves_over_are_sent_again(store: LabelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    dynamodb = boto3.client("dynamodb")
    asked: list[int] = []

    class Picky:
        """Takes one row a call."""

        def batch_write_item(self, *, RequestItems: Any) -> Any:  # noqa: N803  # the SDK's name
            ((table, rows),) = RequestItems.items()
            asked.append(len(rows))
            dynamodb.batch_write_item(RequestItems={table: rows[:1]})
            return {"UnprocessedItems": {table: rows[1:]} if rows[1:] else {}}

    picky = LabelStore(Picky(), store._table)  # type: ignore[arg-type]  # a stand-in
    monkeypatch.setattr("hookline_core.stores.batch._rest", lambda _: None)
    picky.put_all([_label(str(number)) for number in range(5)])
    assert asked == [5, 4, 3, 2, 1]
    assert len(list(store.all())) == 5
    with pytest.raises(UnavailableError):
        picky.put_all([_label(str(number)) for number in range(10)])
