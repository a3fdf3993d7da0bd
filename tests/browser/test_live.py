"""New messages appear by themselves, and none is lost or shown twice when the connection breaks."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Playwright, Route, expect

from tests.browser.relay import Relay, relay
from tests.browser.support import WAIT_MS, Console, chromium
from tests.integration.support import HARMLESS, SCAM, Api, Stack, eventually

_WATCH_COUNT = """() => {
  window.counts = [];
  new MutationObserver(() => {
    const shown = document.querySelector('[data-card="messages"] .card-number');
    if (shown) window.counts.push(Number(shown.textContent.replace(/\\D/g, "")));
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""Writes down every number of messages that the overview shows."""


def test_a_message_changes_rows_and_counters_without_a_reload(live: Console, client: Api, phone_number: str) -> None:
    expect(live.page.locator('[data-card="messages"] .card-number')).to_be_visible()
    live.evaluate("window.sameDocument = true")
    before = {card: live.count(card) for card in ("messages", "Critical", "blocked")}

    sent = client.ok("POST", "/analyze", json={"message_content": SCAM, "phone_number": phone_number})

    assert sent["risk_level"] == "Critical"
    row = live.row(sent["message_id"])
    expect(row).to_be_visible()
    expect(row).to_contain_text("Chase Alert")
    expect(row).to_contain_text("Sender blocked")
    eventually(lambda: {card: live.count(card) for card in before} == {card: n + 1 for card, n in before.items()})
    assert live.evaluate("window.sameDocument") is True


def test_counters_stay_right_after_they_are_read_again(live: Console, client: Api) -> None:
    expect(live.page.locator('[data-card="messages"] .card-number')).to_be_visible()
    before = live.count("messages")
    live.evaluate(_WATCH_COUNT)
    with live.page.expect_response(lambda response: "/stats" in response.url, timeout=WAIT_MS):
        for _ in range(3):
            client.ok("POST", "/analyze", json={"message_content": HARMLESS})
    eventually(lambda: live.count("messages") == before + 3)
    live.go("Messages")
    with live.page.expect_response(lambda response: "/stats" in response.url, timeout=WAIT_MS):
        live.go("Overview")
    eventually(lambda: live.count("messages") == before + 3)
    assert max(live.evaluate("window.counts")) == before + 3


def test_the_list_can_be_paused(live: Console, client: Api, phone_number: str) -> None:
    live.open(f"#/messages?sender=%2B{phone_number[1:]}")
    live.page.get_by_role("button", name="Pause").click()
    message = {"message_content": HARMLESS, "phone_number": phone_number}
    sent = [client.ok("POST", "/analyze", json=message)["message_id"] for _ in range(3)]
    held = live.page.get_by_role("button", name="3 new")
    expect(held).to_be_visible()
    expect(live.row(sent[0])).to_have_count(0)
    held.click()
    for message_id in sent:
        expect(live.row(message_id)).to_have_count(1)
    expect(live.page.get_by_role("button", name="Pause")).to_be_visible()


def test_filters_hold_for_what_comes_live(live: Console, client: Api, phone_number: str) -> None:
    live.open(f"#/messages?sender=%2B{phone_number[1:]}")
    expect(live.page.get_by_text("No message fits these filters")).to_be_visible()
    other = client.ok("POST", "/analyze", json={"message_content": HARMLESS})
    mine = client.ok("POST", "/analyze", json={"message_content": HARMLESS, "phone_number": phone_number})
    expect(live.row(mine["message_id"])).to_be_visible()
    expect(live.row(other["message_id"])).to_have_count(0)


def test_a_cut_socket_comes_back_and_brings_what_was_missed_once(
    playwright: Playwright, stack: Stack, client: Api, phone_number: str
) -> None:
    place = urlsplit(stack.ws_url)
    port = place.port or (443 if place.scheme == "wss" else 80)
    with (
        relay(str(place.hostname), port) as line,
        chromium(playwright, f"--host-resolver-rules=MAP {place.hostname} 127.0.0.1:{line.port}") as browser,
    ):
        console = Console(browser.new_page(), stack.dashboard_url)
        console.sign_in(stack.keys["analyst"], f"#/messages?sender=%2B{phone_number[1:]}")
        _through_a_gap(console, line, client, phone_number)
        console.go("Overview")
        _through_a_gap(console, line, client, phone_number, scam=True)
        assert console.errors == []
        assert console.violations() == []


def _through_a_gap(console: Console, line: Relay, client: Api, phone_number: str, *, scam: bool = False) -> None:
    message = {"message_content": SCAM if scam else HARMLESS, "phone_number": phone_number}
    sent = [client.ok("POST", "/analyze", json=message)["message_id"]]
    expect(console.row(sent[0])).to_have_count(1)
    line.cut()
    expect(console.page.locator('.connection[data-state="waiting"]')).to_contain_text("Reconnecting in")
    sent += [client.ok("POST", "/analyze", json=message)["message_id"] for _ in range(3)]
    line.mend()
    console.expect_live()
    sent.append(client.ok("POST", "/analyze", json=message)["message_id"])
    for message_id in sent:
        expect(console.row(message_id)).to_have_count(1)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_ticket_stops_the_attempts(console: Console, stack: Stack, status: int) -> None:
    asked = []
    problem = '{"code": "key_refused", "detail": "This key does not work any more."}'

    def refuse(route: Route) -> None:
        asked.append(1)
        route.fulfill(status=status, body=problem, content_type="application/problem+json")

    console.page.route("**/dashboard/ticket", refuse)
    console.page.clock.install()
    console.open()
    console.enter(stack.keys["analyst"])
    expect(console.page.get_by_role("alert")).to_contain_text("key")
    console.page.clock.run_for(120_000)
    assert len(asked) == 1
