"""A message beside the list: why, who, and what to do."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.support import Console
from tests.integration.support import HARMLESS, SCAM, Api

_MARKED = """(place) => {
  const found = [];
  let at = 0;
  const walk = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const marked = walk.currentNode.parentElement.closest("mark") !== null;
    for (const _ of walk.currentNode.data) {
      if (marked) found.push(at);
      at += 1;
    }
  }
  return found;
}"""
"""Counts the code points of a text that are marked."""


def _sent(client: Api, phone_number: str | None = None, text: str = SCAM) -> dict:
    return client.ok("POST", "/analyze", json={"message_content": text, "phone_number": phone_number})


def test_marks_lie_where_the_spans_are_also_behind_emoji(live: Console, client: Api) -> None:
    text = "\U0001f6a8\U0001f6a8 " + SCAM + " \U0001d42f\U0001d41e\U0001d42b\U0001d422\U0001d41f\U0001d432"
    sent = _sent(client, text=text)
    live.go("Messages")
    detail = live.show(sent["message_id"])
    folded = detail.get_by_role("button", name=re.compile("smaller reasons"))
    if folded.count():
        folded.click()
        expect(folded).to_have_count(0)
    wanted = set()
    for reason in sent["reasons"]:
        for start, end in reason["spans"]:
            wanted |= set(range(start, end))
    marked = detail.locator(".message-text").evaluate(_MARKED)
    assert wanted
    assert set(marked) == wanted


def test_the_bars_add_up_to_the_score(live: Console, client: Api, phone_number: str) -> None:
    sent = _sent(client, phone_number)
    live.go("Messages")
    detail = live.show(sent["message_id"])
    shown = [float(text.replace("\u2212", "-")) for text in detail.locator(".reason .reason-points").all_inner_texts()]
    assert sum(shown) == pytest.approx(sent["risk_score"], abs=1)
    expect(detail.locator(".reason-sum .reason-points")).to_have_text(str(sent["risk_score"]))
    ends = detail.locator(".reason-bar").evaluate_all(
        "(bars) => bars.map((bar) => { const box = bar.getBoundingClientRect(); return [box.left, box.right]; })"
    )
    *steps, (zero, total) = ends
    assert steps[0][0] == pytest.approx(zero, abs=1)
    assert max(right for _, right in steps) >= total - 3


def test_a_sender_is_blocked_allowed_and_put_back(live: Console, client: Api, analyst: Api, phone_number: str) -> None:
    sent = _sent(client, phone_number, HARMLESS)
    live.go("Messages")
    detail = live.show(sent["message_id"])
    detail.get_by_role("button", name="Block").click()
    expect(detail.locator('[data-list="block"]')).to_be_visible()
    assert analyst.ok("GET", f"/senders/{phone_number}")["list"] == "block"
    live.page.keyboard.press("a")
    expect(detail.locator('[data-list="allow"]')).to_be_visible()
    assert analyst.ok("GET", f"/senders/{phone_number}")["list"] == "allow"
    live.page.locator(".toast").filter(has_text="Sender allowed").get_by_role("button", name="Undo").click()
    expect(detail.locator('[data-list="block"]')).to_be_visible()
    detail.get_by_role("button", name="Take off").click()
    expect(detail.locator("[data-list]")).to_have_count(0)
    assert analyst("GET", f"/senders/{phone_number}").status_code == 404


def test_the_senders_history_leads_on(live: Console, client: Api, phone_number: str) -> None:
    first = _sent(client, phone_number, HARMLESS)
    second = _sent(client, phone_number)
    live.go("Messages")
    detail = live.show(second["message_id"])
    detail.locator(".history-item").filter(has_text="running ten minutes late").click()
    expect(detail.locator("code").filter(has_text=first["message_id"])).to_be_visible()
    detail.get_by_role("button", name="All messages of this sender").click()
    expect(live.rows()).to_have_count(2)


def test_the_keyboard_walks_through_messages(live: Console, client: Api, phone_number: str) -> None:
    ids = [_sent(client, phone_number, f"{HARMLESS} {number}")["message_id"] for number in range(3)]
    live.open(f"#/messages?sender=%2B{phone_number[1:]}")
    expect(live.rows()).to_have_count(3)
    for key, shown in (("j", ids[2]), ("j", ids[1]), ("j", ids[0]), ("j", ids[0]), ("k", ids[1])):
        live.page.keyboard.press(key)
        expect(live.row(shown)).to_have_attribute("aria-current", "true")
    live.page.keyboard.press("Escape")
    expect(live.detail()).to_have_count(0)
    live.page.keyboard.press("/")
    expect(live.page.locator("#search")).to_be_focused()
    live.page.keyboard.type("FLAT white? 1")
    expect(live.rows()).to_have_count(1)
    live.page.keyboard.press("Escape")
    live.page.keyboard.press("?")
    expect(live.page.get_by_role("dialog")).to_contain_text("next, previous message")
    live.page.keyboard.press("Escape")
    live.page.keyboard.press("g")
    live.page.keyboard.press("s")
    expect(live.page.get_by_role("heading", name="Senders", level=1)).to_be_visible()


def test_an_address_opens_a_message_and_an_unknown_one_says_so(live: Console, client: Api) -> None:
    sent = _sent(client)
    live.open(f"#/overview?open={sent['message_id']}")
    expect(live.detail().locator(".message-text")).to_have_text(SCAM)
    live.open("#/overview?open=01JZZZZZZZZZZZZZZZZZZZZZZZ")
    expect(live.detail().get_by_role("alert")).to_contain_text("no such message")


def test_texts_and_numbers_are_hidden_until_asked_for(live: Console, client: Api, phone_number: str) -> None:
    sent = _sent(client, phone_number)
    live.go("Messages")
    live.page.get_by_role("button", name="Hide texts and numbers").click()
    row = live.row(sent["message_id"])
    expect(row).not_to_contain_text("Chase")
    expect(row).not_to_contain_text(phone_number[3:])
    detail = live.show(sent["message_id"])
    assert "Chase" not in live.evaluate("document.body.innerText")
    detail.get_by_role("button", name="Show the text").click()
    expect(detail.locator(".message-text")).to_have_text(SCAM)
    expect(row).not_to_contain_text("Chase")
    live.page.reload()
    live.expect_live()
    expect(row).not_to_contain_text("Chase")
