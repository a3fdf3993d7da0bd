"""Feedback: the last word counts, the history keeps all, and a change is whole or does not happen."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from analyze.judging import Judging
from hookline_core.clock import utc_now
from hookline_core.contracts import Feedback, Opinion
from hookline_core.identity import Role
from hookline_core.stores.aws import client
from hookline_core.stores.feedback import FeedbackStore
from hookline_core.stores.labels import Label, LabelStore
from hookline_core.stores.messages import MessageStore

from tests.builders import NOW, a_harmless_message, a_message
from tests.unit.analyze.conftest import Api
from tests.unit.faults import fault

YEARS = 100 * 365 * 24 * 3600
"""The messages of these tests come from a fixed day, and must not expire before somebody runs the tests."""

KEY = "0123456789ab"
PHONE = "+15551234567"


@pytest.fixture
def store(tables: dict[str, str]) -> MessageStore:
    """Return the message store."""
    return MessageStore(client("dynamodb"), tables["TABLE_MESSAGES"], retention_seconds=YEARS)


@pytest.fixture
def labels(tables: dict[str, str]) -> LabelStore:
    """Return the index of labels."""
    return LabelStore(client("dynamodb"), tables["TABLE_LABELS"])


@pytest.fixture
def message_id(store: MessageStore) -> str:
    """Keep a Critical message and return its id."""
    message = a_message()
    store.put(message, moment=NOW)
    return message.message_id


@pytest.fixture
def somebody_else(tables: dict[str, str], labels: LabelStore) -> Judging:
    """Return another analyst's way to give feedback, in a container of its own."""
    names = {name: tables[name.upper()] for name in ("table_messages", "table_feedback", "table_senders")}
    return Judging(FeedbackStore(client("dynamodb"), **names, labels=labels), utc_now)


def _word(verdict: Opinion, note: str | None = None) -> Feedback:
    return Feedback(
        verdict=verdict,
        category=None,
        note=note,
        learn=True,
        list_action="none",
        given_by="abcdefabcdef",
        given_at="2026-11-23T06:00:00.000Z",
    )


def _put(api: Api, message_id: str, **body: Any) -> Any:
    answer = api("PUT", f"/messages/{message_id}/feedback", body=body)
    assert answer.status == 200, answer.text
    return answer.json()


def _show(api: Api, message_id: str) -> Any:
    return api("GET", f"/messages/{message_id}/feedback").json()


def _sender(tables: dict[str, str]) -> Any:
    key = {"phone_number": {"S": PHONE}}
    return boto3.client("dynamodb").get_item(TableName=tables["TABLE_SENDERS"], Key=key).get("Item")


def _rows(table: str) -> int:
    return int(boto3.client("dynamodb").scan(TableName=table)["Count"])


def test_feedback_is_given_and_shown_with_the_message(api: Api, message_id: str) -> None:
    assert api("GET", f"/messages/{message_id}").json()["feedback"] is None
    given = _put(api, message_id, verdict="scam", category="tech_support", note="  called me too  ")
    assert given.pop("given_at").endswith("Z")
    assert given == {
        "verdict": "scam",
        "category": "tech_support",
        "note": "called me too",
        "learn": True,
        "list_action": "none",
        "given_by": KEY,
    }
    kept = api("GET", f"/messages/{message_id}").json()["feedback"]
    assert kept.items() >= given.items()
    listed = api("GET", "/messages", query={"to": "2027-01-01T00:00:00Z"}).json()["items"]
    assert [item["feedback"] for item in listed] == [kept]
    assert _show(api, message_id)["current"] == kept


def test_the_last_word_counts_and_the_history_keeps_all(api: Api, message_id: str) -> None:
    for verdict in ("scam", "unsure", "legitimate"):
        _put(api, message_id, verdict=verdict)
    assert api("DELETE", f"/messages/{message_id}/feedback").status == 204
    assert api("GET", f"/messages/{message_id}").json()["feedback"] is None
    _put(api, message_id, verdict="spam")
    shown = _show(api, message_id)
    assert shown["current"]["verdict"] == "spam"
    assert [(entry["verdict"], entry["withdrawn"], entry["withdrawn_by"]) for entry in shown["history"]] == [
        ("spam", False, None),
        ("legitimate", True, KEY),
        ("unsure", False, None),
        ("scam", False, None),
    ]


def test_learning_is_a_choice_of_its_own(api: Api, labels: LabelStore, message_id: str) -> None:
    text = str(api("GET", f"/messages/{message_id}").json()["message_content"])
    for body, learn in (
        ({"verdict": "scam"}, True),
        ({"verdict": "spam", "learn": False}, False),
        ({"verdict": "legitimate", "learn": True}, True),
        ({"verdict": "unsure"}, False),
        ({"verdict": "unsure", "learn": False}, False),
    ):
        given = _put(api, message_id, **body)
        assert given["learn"] is learn
        label = Label(text, str(body["verdict"]), "analyst", KEY, given["given_at"], message_id=message_id)  # type: ignore[arg-type]
        assert list(labels.all()) == ([label] if learn else [])


def test_the_label_goes_when_the_word_behind_it_goes(api: Api, labels: LabelStore, message_id: str) -> None:
    _put(api, message_id, verdict="scam")
    assert api("DELETE", f"/messages/{message_id}/feedback").status == 204
    assert list(labels.all()) == []


def test_the_same_text_has_one_label_the_last_one(api: Api, store: MessageStore, labels: LabelStore) -> None:
    first, second = a_message(message_content="Pay now"), a_message(message_content="pay  NOW")
    for message in (first, second):
        store.put(message, moment=NOW)
    _put(api, first.message_id, verdict="scam")
    _put(api, second.message_id, verdict="legitimate")
    assert [label.label for label in labels.all()] == ["legitimate"]
    # Taking back the older word does not take away the newer one.
    assert api("DELETE", f"/messages/{first.message_id}/feedback").status == 204
    assert [label.message_id for label in labels.all()] == [second.message_id]


@pytest.mark.parametrize("name", ["block", "allow"])
def test_the_sender_is_listed_with_the_message_as_evidence(
    api: Api, tables: dict[str, str], message_id: str, name: str
) -> None:
    _put(api, message_id, verdict="scam", list_action=name, note="seen before")
    entry = _sender(tables)
    assert {key: entry[key]["S"] for key in ("list", "evidence", "added_by", "reason")} == {
        "list": name,
        "evidence": message_id,
        "added_by": KEY,
        "reason": "seen before",
    }
    api("DELETE", f"/messages/{message_id}/feedback")
    assert _sender(tables) == entry


def test_feedback_alone_lists_nobody(api: Api, tables: dict[str, str], message_id: str) -> None:
    _put(api, message_id, verdict="scam")
    assert _sender(tables) is None


def test_nobody_can_be_listed_without_a_number(api: Api, store: MessageStore, tables: dict[str, str]) -> None:
    message = a_message(phone_number=None)
    store.put(message, moment=NOW)
    answer = api("PUT", f"/messages/{message.message_id}/feedback", body={"verdict": "scam", "list_action": "block"})
    assert (answer.status, answer.json()["code"]) == (422, "sender_unknown")
    assert _show(api, message.message_id) == {"current": None, "history": []}


def test_bad_feedback_is_refused_and_changes_nothing(api: Api, message_id: str) -> None:
    for body, pointer in (
        ({}, "/body/verdict"),
        ({"verdict": "bad"}, "/body/verdict"),
        ({"verdict": "scam", "category": "no_such"}, "/body/category"),
        ({"verdict": "scam", "category": "legitimate"}, "/body/category"),
        ({"verdict": "scam", "category": "spam_marketing"}, "/body/category"),
        ({"verdict": "legitimate", "category": "tech_support"}, "/body/category"),
        ({"verdict": "spam", "category": "legitimate"}, "/body/category"),
        ({"verdict": "unsure", "learn": True}, "/body/learn"),
        ({"verdict": "scam", "learn": "yes"}, "/body/learn"),
        ({"verdict": "scam", "note": "x" * 1001}, "/body/note"),
        ({"verdict": "scam", "list_action": "delete"}, "/body/list_action"),
        ({"verdict": "scam", "given_by": "me"}, "/body/given_by"),
    ):
        answer = api("PUT", f"/messages/{message_id}/feedback", body=body)
        assert answer.status == 422, body
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert _show(api, message_id) == {"current": None, "history": []}


def test_feedback_needs_a_message(api: Api, tables: dict[str, str]) -> None:
    for message_id in ("nonsense", "01ARZ3NDEKTSV4RRFFQ69G5FAV"):
        for method in ("PUT", "GET", "DELETE"):
            body = {"verdict": "scam"} if method == "PUT" else None
            answer = api(method, f"/messages/{message_id}/feedback", body=body)
            assert (answer.status, answer.json()["code"]) == (404, "not_found"), method
    assert _rows(tables["TABLE_MESSAGES"]) == 0


def test_an_expired_message_takes_no_feedback(api: Api, tables: dict[str, str]) -> None:
    message = a_message()
    MessageStore(client("dynamodb"), tables["TABLE_MESSAGES"], retention_seconds=-YEARS).put(message, moment=NOW)
    assert api("PUT", f"/messages/{message.message_id}/feedback", body={"verdict": "scam"}).status == 404


def test_what_was_not_said_cannot_be_taken_back(api: Api, message_id: str) -> None:
    assert api("DELETE", f"/messages/{message_id}/feedback").status == 404
    _put(api, message_id, verdict="scam")
    assert api("DELETE", f"/messages/{message_id}/feedback").status == 204
    assert api("DELETE", f"/messages/{message_id}/feedback").status == 404


def test_feedback_is_for_analysts(api: Api, message_id: str) -> None:
    for method in ("PUT", "GET", "DELETE"):
        body = {"verdict": "scam"} if method == "PUT" else None
        answer = api(method, f"/messages/{message_id}/feedback", body=body, role=Role.CLIENT)
        assert (answer.status, answer.json()["code"]) == (403, "role_forbidden"), method


def test_feedback_costs_one_read_and_one_write(api: Api, message_id: str, calls: list[str]) -> None:
    _put(api, message_id, verdict="scam", list_action="block")
    assert calls == ["GetItem", "TransactWriteItems"]


# --- faults ----------------------------------------------------------------------------------------------------------


def _meanwhile(act: Callable[[], object], *, times: int = 1) -> Callable[[], None]:
    """Let somebody else act between our read and our write. The call returned ends it."""
    events = client("dynamodb").meta.events
    name = "before-call.dynamodb.TransactWriteItems"
    left = [times]

    def cut_in(**_: Any) -> None:
        if left[0]:
            left[0] -= 1
            events.unregister(name, cut_in)
            act()
            events.register_first(name, cut_in)

    events.register_first(name, cut_in)
    return lambda: events.unregister(name, cut_in)


def test_of_two_analysts_at_once_both_are_heard_and_the_later_counts(
    api: Api, somebody_else: Judging, message_id: str
) -> None:
    end = _meanwhile(lambda: somebody_else.give(message_id, _word("legitimate", "first")))
    _put(api, message_id, verdict="scam", note="second")
    end()
    shown = _show(api, message_id)
    assert shown["current"]["note"] == "second"
    assert [entry["note"] for entry in shown["history"]] == ["second", "first"]


def test_who_never_gets_a_turn_is_told_so(
    api: Api, somebody_else: Judging, message_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analyze.judging._PAUSES", (0, 0))
    end = _meanwhile(lambda: somebody_else.give(message_id, _word("legitimate")), times=3)
    answer = api("PUT", f"/messages/{message_id}/feedback", body={"verdict": "scam"})
    end()
    assert (answer.status, answer.json()["code"]) == (409, "conflict")
    assert [entry["verdict"] for entry in _show(api, message_id)["history"]] == ["legitimate"] * 3


def test_feedback_withdrawn_by_somebody_else_meanwhile_is_not_there(
    api: Api, somebody_else: Judging, message_id: str
) -> None:
    _put(api, message_id, verdict="scam")
    end = _meanwhile(lambda: somebody_else.withdraw(message_id, by="abcdefabcdef"))
    assert api("DELETE", f"/messages/{message_id}/feedback").status == 404
    end()
    (entry,) = _show(api, message_id)["history"]
    assert entry["withdrawn_by"] == "abcdefabcdef"


def test_a_word_on_the_same_text_meanwhile_stays(
    api: Api, somebody_else: Judging, store: MessageStore, labels: LabelStore
) -> None:
    first, second = a_message(message_content="Pay now"), a_message(message_content="Pay now")
    for message in (first, second):
        store.put(message, moment=NOW)
    _put(api, first.message_id, verdict="scam")
    end = _meanwhile(lambda: somebody_else.give(second.message_id, _word("legitimate")))
    assert api("DELETE", f"/messages/{first.message_id}/feedback").status == 204
    end()
    assert [label.message_id for label in labels.all()] == [second.message_id]


def test_a_busy_table_is_asked_again(api: Api, message_id: str) -> None:
    conflict = {"CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]}
    with fault(
        client("dynamodb"), "TransactWriteItems", code="TransactionCanceledException", status=400, times=2, **conflict
    ) as failed:
        _put(api, message_id, verdict="scam")
    assert len(failed) == 2


def test_when_a_table_refuses_nothing_is_half_written(api: Api, tables: dict[str, str], message_id: str) -> None:
    names = ("TABLE_MESSAGES", "TABLE_FEEDBACK", "TABLE_LABELS", "TABLE_SENDERS")
    _put(api, message_id, verdict="legitimate")

    def everything() -> list[Any]:
        return [boto3.client("dynamodb").scan(TableName=tables[name])["Items"] for name in names]

    before = everything()
    for method, body in (("PUT", {"verdict": "scam", "list_action": "block"}), ("DELETE", None)):
        for operation in ("GetItem", "TransactWriteItems"):
            with fault(client("dynamodb"), operation):
                answer = api(method, f"/messages/{message_id}/feedback", body=body)
            assert (answer.status, answer.json()["code"]) == (503, "unavailable")
            assert everything() == before


def test_logs_hold_neither_text_nor_note_nor_number(api: Api, message_id: str, logs: Callable[[], str]) -> None:
    _put(api, message_id, verdict="scam", note="my secret note", list_action="block")
    with fault(client("dynamodb"), "TransactWriteItems"):
        api("PUT", f"/messages/{message_id}/feedback", body={"verdict": "spam", "note": "my secret note"})
    out = logs()
    assert "request answered" in out
    for secret in ("secret note", "account suspended", "5551234567"):
        assert secret not in out


# --- lists -----------------------------------------------------------------------------------------------------------


def _ids(api: Api, **query: str) -> list[str]:
    return [item["message_id"] for item in api("GET", "/messages", query=query).json()["items"]]


def test_lists_filter_by_what_was_said(api: Api, store: MessageStore) -> None:
    messages = [a_message() for _ in range(6)]
    store.put_many(messages, moment=NOW)
    said = {message.message_id: verdict for message, verdict in zip(messages, ("scam", "spam", "scam"), strict=False)}
    for message_id, verdict in said.items():
        _put(api, message_id, verdict=verdict)
    assert set(_ids(api, feedback="any")) == set(said)
    assert set(_ids(api, feedback="none")) == {message.message_id for message in messages} - set(said)
    assert set(_ids(api, feedback="scam")) == {found for found, verdict in said.items() if verdict == "scam"}
    assert _ids(api, feedback="unsure") == []
    assert api("GET", "/messages", query={"feedback": "maybe"}).status == 422


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_high_messages_wait_until_somebody_has_said_something(api: Api, store: MessageStore, limit: int) -> None:
    critical = [a_message() for _ in range(7)]
    high = [a_message(risk_level="High", risk_score=75, category_code="tech_support") for _ in range(4)]
    store.put_many([*critical, *high, *(a_harmless_message() for _ in range(5))], moment=NOW)
    judged = critical[0].message_id
    _put(api, judged, verdict="unsure")

    def waiting(**query: str) -> list[str]:
        seen, following = list[str](), None
        while True:
            page = api(
                "GET",
                "/messages",
                query={
                    "review": "waiting",
                    "limit": str(limit),
                    **query,
                    **({"cursor": following} if following else {}),
                },
            ).json()
            seen += [item["message_id"] for item in page["items"]]
            following = page["next"]
            if following is None:
                return seen

    everything = sorted((message.message_id for message in [*critical, *high]), reverse=True)
    assert waiting() == [found for found in everything if found != judged]
    assert waiting(level="High") == sorted((message.message_id for message in high), reverse=True)
    assert waiting(category="tech_support") == waiting(level="High")
    assert waiting(sender="+12025550199") == []
    api("DELETE", f"/messages/{judged}/feedback")
    assert waiting(sender=PHONE) == waiting() == everything


def test_a_message_judged_a_moment_ago_waits_no_longer_although_the_index_says_so(
    api: Api, somebody_else: Judging, store: MessageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [a_message(), a_message()]
    store.put_many(messages, moment=NOW)
    dynamodb = client("dynamodb")
    query = dynamodb.query
    left = [messages[0].message_id]

    def late(**request: Any) -> Any:
        answer = query(**request)
        if left:
            somebody_else.give(left.pop(), _word("scam"))
        return answer

    monkeypatch.setattr(dynamodb, "query", late)
    assert messages[0].message_id not in _ids(api, review="waiting")


def test_statistics_tell_how_many_wait_and_since_when(api: Api, store: MessageStore) -> None:
    assert api("GET", "/stats").json()["review"] == {"waiting": 0, "oldest_at": None}
    messages = [a_message() for _ in range(5)]
    store.put_many([*messages, a_harmless_message()], moment=NOW)
    assert api("GET", "/stats").json()["review"] == {"waiting": 5, "oldest_at": "2026-11-23T06:00:00.000Z"}
    for message in messages:
        _put(api, message.message_id, verdict="scam")
    assert api("GET", "/stats").json()["review"] == {"waiting": 0, "oldest_at": None}


# --- search ----------------------------------------------------------------------------------------------------------


def _search(api: Api, **body: Any) -> list[str]:
    seen, following = list[str](), None
    while True:
        answer = api("POST", "/messages/search", body={**body, **({"cursor": following} if following else {})})
        assert answer.status == 200, answer.text
        page = answer.json()
        seen += [item["message_content"] for item in page["items"]]
        following = page["next"]
        if following is None:
            return seen


def test_a_text_is_found_in_whatever_case_and_with_every_filter(api: Api, store: MessageStore) -> None:
    store.put_many([a_harmless_message(message_content=f"Hello number {n}") for n in range(30)], moment=NOW)
    store.put(a_message(message_content="Your PARCEL is held. Zahlen Sie die Gebühr"), moment=NOW)
    store.put(a_harmless_message(message_content="the parcel came, thanks"), moment=NOW)
    assert len(_search(api, text="parcel")) == 2
    assert _search(api, text="GEBÜHR", limit=1) == ["Your PARCEL is held. Zahlen Sie die Gebühr"]
    assert _search(api, text="parcel", level="Low") == ["the parcel came, thanks"]
    assert _search(api, text="parcel", review="waiting") == ["Your PARCEL is held. Zahlen Sie die Gebühr"]
    assert len(_search(api, text="parcel", sender=PHONE, **{"from": "2026-11-23T05:00:00Z"})) == 2
    assert _search(api, text="parcel", feedback="any") == []
    assert _search(api, text=".*") == []
    assert len(_search(api, text="hello", limit=7)) == 30


def test_a_search_reads_a_bounded_part_at_a_time(
    api: Api, store: MessageStore, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hookline_core.stores.messages._ROWS_SEARCHED", 2)
    store.put_many([a_harmless_message() for _ in range(80)], moment=NOW)
    calls.clear()
    page = api("POST", "/messages/search", body={"text": "no such text"}).json()
    assert page["items"] == []
    assert page["next"]
    assert len(calls) < 30


def test_a_cursor_of_one_search_does_not_go_with_another(api: Api, store: MessageStore) -> None:
    store.put_many([a_harmless_message() for _ in range(3)], moment=NOW)
    cursor = api("POST", "/messages/search", body={"text": "late", "limit": 1}).json()["next"]
    answer = api("POST", "/messages/search", body={"text": "cafe", "limit": 1, "cursor": cursor})
    assert (answer.status, answer.json()["code"]) == (422, "cursor_invalid")
    assert "late" not in cursor


def test_a_bad_search_is_refused(api: Api) -> None:
    for body in ({}, {"text": ""}, {"text": "x" * 201}, {"text": 1}, {"text": "x", "q": "y"}):
        assert api("POST", "/messages/search", body=body).status == 422, body
    for name, value in (("cursor", "x"), ("category", "no_such"), ("from", "1900-01-01T00:00:00Z")):
        answer = api("POST", "/messages/search", body={"text": "x", name: value})
        assert answer.json()["errors"][0]["pointer"] == f"/body/{name}"


def test_a_text_does_not_belong_into_an_address(api: Api) -> None:
    assert api("GET", "/messages", query={"text": "parcel"}).status == 422


# --- retest ----------------------------------------------------------------------------------------------------------


def test_a_retest_shows_then_and_now_and_does_nothing(api: Api, store: MessageStore, tables: dict[str, str]) -> None:
    message = a_message(message_content="Running ten minutes late, see you at the cafe.", risk_score=95)
    store.put(message, moment=NOW)
    answer = api("POST", f"/messages/{message.message_id}/retest").json()
    assert answer["then"] == message.model_dump(mode="json", include=set(answer["then"]))
    assert answer["now"]["risk_level"] == "Low"
    assert answer["now"]["action"] == "none"
    assert answer["now"]["message_id"] == message.message_id
    assert answer["now"]["model_version"] != message.model_version
    assert _rows(tables["TABLE_MESSAGES"]) == 1
    assert _sender(tables) is None


def test_a_retest_needs_a_message_and_an_analyst(api: Api, message_id: str) -> None:
    assert api("POST", "/messages/nonsense/retest").status == 404
    assert api("POST", f"/messages/{message_id}/retest", role=Role.CLIENT).status == 403
