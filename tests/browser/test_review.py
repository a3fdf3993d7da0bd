"""Judging messages: by key, in the list and in bulk, alone and with others."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.support import Console, opened
from tests.integration.support import HARMLESS, SCAM, Api, Stack, eventually


@pytest.fixture
def colleague(browser: Browser, stack: Stack) -> Iterator[Console]:
    """Return a console of somebody else, at another screen."""
    with opened(browser, stack) as console:
        console.arrive(stack.keys["admin"])
        yield console


def _sent(client: Api, phone_number: str, *texts: str) -> list[str]:
    """Send messages; return their ids."""
    messages = [{"message_content": text, "phone_number": phone_number} for text in texts]
    results = client.ok("POST", "/analyze/batch", json={"messages": messages})["results"]
    return [item["result"]["message_id"] for item in results]


def _newest_first(ids: list[str]) -> list[str]:
    return sorted(ids, reverse=True)


def _list(console: Console, phone_number: str, rows: int, page: str = "messages") -> None:
    console.open(f"#/{page}?sender=%2B{phone_number[1:]}")
    expect(console.rows()).to_have_count(rows)


def _verdict(analyst: Api, message_id: str) -> str | None:
    current = analyst.ok("GET", f"/messages/{message_id}/feedback")["current"]
    return current["verdict"] if current else None


def _waiting(analyst: Api) -> int:
    waiting: int = analyst.ok("GET", "/stats")["review"]["waiting"]
    return waiting


def test_keys_judge_the_open_message_and_the_next_one_opens(
    live: Console, client: Api, analyst: Api, phone_number: str
) -> None:
    first, second, third = _newest_first(_sent(client, phone_number, *(f"{HARMLESS} {n}" for n in range(3))))
    _list(live, phone_number, 3)
    for key, shown, verdict in (("1", first, "Scam"), ("2", second, "Legitimate"), ("3", third, "Marketing")):
        if key == "1":
            live.page.keyboard.press("j")
        expect(live.detail().locator("code", has_text=shown)).to_be_visible()
        live.page.keyboard.press(key)
        expect(live.row(shown).locator(".tag[data-verdict]")).to_have_text(verdict)
    assert [_verdict(analyst, one) for one in (first, second, third)] == ["scam", "legitimate", "spam"]
    live.page.keyboard.press("z")
    expect(live.row(third).locator(".tag[data-verdict]")).to_have_count(0)
    assert _verdict(analyst, third) is None


def test_a_row_is_judged_where_it_stands(live: Console, client: Api, analyst: Api, phone_number: str) -> None:
    (message_id,) = _sent(client, phone_number, HARMLESS)
    _list(live, phone_number, 1)
    live.row(message_id).hover()
    live.row(message_id).get_by_role("button", name="Legitimate", exact=True).click()
    expect(live.row(message_id).locator(".tag[data-verdict]")).to_have_text("Legitimate")
    assert _verdict(analyst, message_id) == "legitimate"


def test_the_queue_empties_as_messages_are_judged(live: Console, client: Api, analyst: Api, phone_number: str) -> None:
    newer, older = _newest_first(_sent(client, phone_number, SCAM, f"{SCAM} 2"))
    _list(live, phone_number, 2, "review")
    live.page.keyboard.press("j")
    expect(live.detail().locator("code", has_text=newer)).to_be_visible()
    live.page.keyboard.press("1")
    expect(live.row(newer)).to_have_count(0)
    expect(live.detail().locator("code", has_text=older)).to_be_visible()
    live.page.keyboard.press("4")
    expect(live.rows()).to_have_count(0)
    expect(live.detail()).to_have_count(0)
    waiting = {"review": "waiting", "sender": phone_number}
    assert analyst.ok("GET", "/messages", params=waiting)["items"] == []
    eventually(lambda: live.waiting() == _waiting(analyst), what="the queue's number")


def test_somebody_elses_verdict_is_seen_and_the_last_word_stands(
    live: Console, colleague: Console, client: Api, analyst: Api, phone_number: str
) -> None:
    (message_id,) = _sent(client, phone_number, HARMLESS)
    for console in (live, colleague):
        _list(console, phone_number, 1)
        console.show(message_id)
    live.page.keyboard.press("1")
    expect(live.detail().locator(".standing")).to_contain_text("Judged a scam")
    expect(colleague.toast("marked this message as a scam")).to_be_visible()
    expect(colleague.detail().locator(".standing")).to_contain_text("Judged a scam")
    colleague.page.keyboard.press("2")
    expect(live.toast("marked this message as legitimate")).to_be_visible()
    for console in (live, colleague):
        expect(console.detail().locator(".standing")).to_contain_text("Judged legitimate")
        expect(console.detail().locator(".words li")).to_have_count(2)
        expect(console.row(message_id).locator(".tag[data-verdict]")).to_have_text("Legitimate")
    # What was said first is not put over what was said last.
    live.toast("Marked as a scam").get_by_role("button", name="Undo").click()
    expect(live.toast("somebody else has spoken since")).to_be_visible()
    assert _verdict(analyst, message_id) == "legitimate"


def test_many_are_judged_at_once_and_taken_back(live: Console, client: Api, analyst: Api, phone_number: str) -> None:
    ids = _sent(client, phone_number, *(f"{HARMLESS} {number}" for number in range(5)))
    analyst.ok("PUT", f"/messages/{ids[4]}/feedback", json={"verdict": "scam", "note": "seen before"})
    _list(live, phone_number, 5)
    live.page.get_by_label("Choose all loaded rows").click()
    tools = live.page.get_by_role("toolbar", name="Chosen messages")
    expect(tools).to_contain_text("5 chosen")
    tools.get_by_role("button", name="Legitimate").click()
    question = live.page.get_by_role("dialog")
    expect(question).to_contain_text("Mark 5 messages as legitimate? 1 of them has another verdict")
    question.get_by_role("button", name="Mark 5").click()
    expect(live.page.locator('.row .tag[data-verdict="legitimate"]')).to_have_count(5)
    expect(tools).to_have_count(0)
    live.toast("5 marked as legitimate").get_by_role("button", name="Undo").click()
    expect(live.toast("Undone.")).to_be_visible()
    expect(live.page.locator(".row .tag[data-verdict]")).to_have_count(1)
    current = analyst.ok("GET", f"/messages/{ids[4]}/feedback")["current"]
    assert (current["verdict"], current["note"]) == ("scam", "seen before")


def test_rows_are_chosen_by_range_and_key(live: Console, client: Api, phone_number: str) -> None:
    ids = _newest_first(_sent(client, phone_number, *(f"{HARMLESS} {number}" for number in range(4))))
    _list(live, phone_number, 4)
    live.row(ids[0]).get_by_label("Choose this message").click()
    live.row(ids[2]).get_by_label("Choose this message").click(modifiers=["Shift"])
    expect(live.page.locator(".row[data-chosen]")).to_have_count(3)
    live.show(ids[1])
    live.page.keyboard.press("x")
    expect(live.page.locator(".row[data-chosen]")).to_have_count(2)
    live.page.get_by_role("button", name="Choose none").click()
    expect(live.page.locator(".row[data-chosen]")).to_have_count(0)


def test_a_reason_is_asked_for_if_the_person_wants_that(
    live: Console, client: Api, analyst: Api, phone_number: str
) -> None:
    (message_id,) = _sent(client, phone_number, HARMLESS)
    live.page.get_by_role("button", name="Preferences").click()
    live.page.get_by_label("Ask for a reason with every verdict").check()
    live.page.get_by_role("button", name="Save").click()
    _list(live, phone_number, 1)
    live.show(message_id)
    live.page.keyboard.press("1")
    form = live.page.get_by_role("dialog")
    expect(form.get_by_label("Scam")).to_be_checked()
    form.get_by_role("button", name="Save").click()
    assert _verdict(analyst, message_id) is None
    client.ok("POST", "/analyze", json={"message_content": HARMLESS, "phone_number": phone_number})
    form.get_by_label("Reason").fill("<b>He</b> asked for gift cards")
    expect(live.rows()).to_have_count(2)  # what came meanwhile takes nothing away
    form.get_by_label("Category").select_option("family_impersonation")
    form.get_by_role("button", name="Save").click()
    standing = live.detail().locator(".standing")
    expect(standing).to_contain_text("Family Impersonation")
    expect(standing).to_contain_text("<b>He</b> asked for gift cards")
    standing.get_by_role("button", name="Take back").click()
    expect(live.detail().locator(".words")).to_contain_text("taken back")


def test_what_was_said_while_the_line_was_cut_is_seen_afterwards(
    live: Console, client: Api, analyst: Api, phone_number: str
) -> None:
    (message_id,) = _sent(client, phone_number, HARMLESS)
    _list(live, phone_number, 1)
    live.show(message_id)
    live.page.context.set_offline(True)
    expect(live.page.get_by_role("alert")).to_contain_text("offline")
    analyst.ok("PUT", f"/messages/{message_id}/feedback", json={"verdict": "spam"})
    live.page.context.set_offline(False)
    expect(live.row(message_id).locator(".tag[data-verdict]")).to_have_text("Marketing")
    expect(live.detail().locator(".standing")).to_contain_text("Judged marketing")
    expect(live.page.get_by_role("alert")).to_have_count(0)


def test_a_message_is_tested_again(live: Console, client: Api, phone_number: str) -> None:
    (message_id,) = _sent(client, phone_number, SCAM)
    _list(live, phone_number, 1)
    live.show(message_id)
    live.page.keyboard.press("t")
    expect(live.detail().locator(".compared-side")).to_have_count(2)
    expect(live.detail().locator(".retest")).to_contain_text("Then")


def test_texts_are_searched_by_the_api_and_stay_out_of_its_addresses(
    live: Console, client: Api, phone_number: str
) -> None:
    _, hidden = _sent(client, phone_number, HARMLESS, f"{'See you there. ' * 20}Bring the blue umbrella")
    asked: list[str] = []
    live.page.on("request", lambda request: asked.append(request.url))
    _list(live, phone_number, 2)
    live.page.locator("#search").press_sequentially("BLUE  umb", delay=15)
    live.page.locator("#search").fill("BLUE umb")
    expect(live.rows()).to_have_count(1)
    expect(live.row(hidden)).to_have_count(1)
    assert any(url.endswith("/messages/search") for url in asked)
    assert not any("umb" in url.lower() for url in asked)
    live.page.get_by_role("button", name="Clear filters").click()
    expect(live.page.locator("#search")).to_have_value("")


def test_whoever_types_slowly_keeps_what_they_typed(live: Console, client: Api, phone_number: str) -> None:
    """New rows and answers come in between the keys, and take no letter and no space away."""
    live.go("Messages")
    text = "order me a flat white "
    for place, letter in enumerate(text):
        live.page.locator("#search").press_sequentially(letter)
        if place % 6 == 0:
            _sent(client, phone_number, f"{HARMLESS} {place}")
    expect(live.page.locator("#search")).to_have_value(text)
    expect(live.rows().first).to_contain_text("flat white")
    expect(live.page.locator("#search")).to_have_value(text)
