"""The list: filters, endless scrolling, export."""

import csv
import io
import json

from playwright.sync_api import expect

from tests.browser.support import Console
from tests.integration.support import HARMLESS, SCAM, Api


def _batch(client: Api, count: int, phone_number: str, text: str = HARMLESS) -> None:
    messages = [{"message_content": f"{text} {number}", "phone_number": phone_number} for number in range(count)]
    for start in range(0, count, 100):
        results = client.ok("POST", "/analyze/batch", json={"messages": messages[start : start + 100]})["results"]
        assert all("result" in item for item in results)


def test_filters_are_kept_in_the_address(live: Console, client: Api, phone_number: str) -> None:
    _batch(client, 2, phone_number)
    critical = client.ok("POST", "/analyze", json={"message_content": SCAM, "phone_number": phone_number})
    live.go("Messages")
    live.page.get_by_placeholder("Sender").fill(phone_number)
    live.page.keyboard.press("Enter")
    expect(live.rows()).to_have_count(3)
    live.page.get_by_role("group", name="Level").get_by_role("button", name="Critical").click()
    expect(live.rows()).to_have_count(1)
    live.page.get_by_label("Category").select_option(critical["category_code"])
    live.page.reload()
    live.expect_live()
    expect(live.row(critical["message_id"])).to_be_visible()
    expect(live.rows()).to_have_count(1)
    assert live.page.get_by_placeholder("Sender").input_value() == phone_number
    live.page.go_back()
    live.page.get_by_role("button", name="Clear filters").click()
    expect(live.page.get_by_placeholder("Sender")).to_have_value("")


def test_rows_that_come_in_leave_a_half_typed_filter_alone(live: Console, client: Api, phone_number: str) -> None:
    live.go("Messages")
    live.page.get_by_placeholder("Sender").fill(phone_number)
    sent = client.ok("POST", "/analyze", json={"message_content": HARMLESS, "phone_number": phone_number})
    expect(live.row(sent["message_id"])).to_be_visible()
    assert live.page.get_by_placeholder("Sender").input_value() == phone_number


def test_a_bad_filter_is_answered_in_words(live: Console) -> None:
    live.open("#/messages?sender=nobody")
    expect(live.page.get_by_role("alert")).to_be_visible()
    live.page.get_by_role("button", name="Clear filters").click()
    expect(live.page.get_by_role("alert")).to_have_count(0)


def test_a_thousand_rows_come_by_scrolling(live: Console, client: Api, phone_number: str) -> None:
    _batch(client, 1000, phone_number)
    live.open(f"#/messages?sender=%2B{phone_number[1:]}")
    expect(live.rows().first).to_be_visible()
    end = live.page.get_by_text("That is all.")
    while not end.count():
        shown = live.rows().count()
        live.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        expect(end.or_(live.rows().nth(shown)).first).to_be_attached()
    expect(live.rows()).to_have_count(1000)
    ids = live.rows().evaluate_all("(rows) => rows.map((row) => row.dataset.id)")
    assert ids == sorted(set(ids), reverse=True)


def test_a_message_that_comes_while_one_reads_further_down_waits(live: Console, client: Api, phone_number: str) -> None:
    live.open(f"#/messages?sender=%2B{phone_number[1:]}")
    expect(live.page.get_by_text("No message fits these filters")).to_be_visible()
    _batch(client, 60, phone_number)
    expect(live.rows()).to_have_count(60)  # all of them came live: none is on its way when the next is sent
    live.page.mouse.move(700, 500)
    live.page.mouse.wheel(0, 900)
    expect(live.rows().nth(4)).not_to_be_in_viewport()
    sent = client.ok("POST", "/analyze", json={"message_content": HARMLESS, "phone_number": phone_number})
    waiting = live.page.get_by_role("button", name="1 new")
    expect(waiting).to_be_visible()
    expect(live.row(sent["message_id"])).to_have_count(0)
    waiting.click()
    expect(live.row(sent["message_id"])).to_be_in_viewport()


def test_exports_hold_what_is_shown_and_no_formula(live: Console, client: Api, phone_number: str) -> None:
    text = '=cmd|"/c calc"!A1, verify'
    sent = client.ok("POST", "/analyze", json={"message_content": text, "phone_number": phone_number})
    live.open(f"#/messages?sender=%2B{phone_number[1:]}")
    expect(live.rows()).to_have_count(1)
    (row,) = csv.DictReader(io.StringIO(_export(live, "CSV").removeprefix("\ufeff")))
    assert row["excerpt"] == f"'{text}"
    assert row["phone_number"] == f"'{phone_number}"
    assert row["message_id"] == sent["message_id"]
    (line,) = _export(live, "JSON Lines").splitlines()
    assert json.loads(line)["excerpt"] == text


def _export(console: Console, kind: str) -> str:
    console.page.locator("summary", has_text="Export").click()
    with console.page.expect_download() as started:
        console.page.get_by_role("button", name=f"1 rows as {kind}").click()
    return started.value.path().read_text(encoding="utf-8")
