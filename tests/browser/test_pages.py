"""The other pages, and the API's documentation."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hookline_ml import CATEGORIES
from playwright.sync_api import expect

from tests.browser.support import Console
from tests.integration.support import SCAM, Api, Stack

_CONSOLE = Path(__file__).resolve().parents[2] / "console"


def test_the_console_knows_the_categories() -> None:
    names = json.loads((_CONSOLE / "src" / "categories.json").read_text())
    assert names == {code: category.name for code, category in CATEGORIES.items()}


def test_a_sender_is_put_on_a_list_and_taken_off(live: Console, analyst: Api, phone_number: str) -> None:
    live.go("Senders")
    live.page.get_by_role("button", name="Allowed").click()
    live.page.get_by_label("Phone number").fill(f"{phone_number[:2]} {phone_number[2:5]} {phone_number[5:]}")
    live.page.get_by_label("Reason").fill("Our own notices")
    live.page.get_by_label("Until").fill("2035-01-31T12:00")
    live.page.get_by_role("button", name="Allow", exact=True).click()
    row = live.page.get_by_role("row").filter(has_text=phone_number)
    expect(row).to_contain_text("Our own notices")
    expect(row).to_contain_text("2035")
    entry = analyst.ok("GET", f"/senders/{phone_number}")
    assert (entry["list"], entry["expires_at"]) == ("allow", "2035-01-31T11:00:00.000Z")  # typed in Paris
    row.get_by_role("button", name="Take off").click()
    expect(row).to_have_count(0)
    live.page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()


def test_an_impossible_number_is_refused_in_words(live: Console) -> None:
    live.go("Senders")
    live.page.get_by_label("Phone number").fill("12")
    live.page.get_by_label("Reason").fill("x")
    live.page.get_by_role("button", name="Block", exact=True).click()
    expect(live.page.locator('.toast[data-tone="bad"]')).to_be_visible()


def test_an_automatic_entry_shows_its_evidence(live: Console, client: Api, phone_number: str) -> None:
    client.ok("POST", "/analyze", json={"message_content": SCAM, "phone_number": phone_number})
    live.go("Senders")
    row = live.page.get_by_role("row").filter(has_text=phone_number)
    expect(row).to_contain_text("automatic")
    row.get_by_role("button", name="message").click()
    expect(live.detail().locator(".message-text")).to_have_text(SCAM)


def test_the_playground_judges_and_keeps_nothing(live: Console, analyst: Api) -> None:
    live.go("Playground")
    live.page.get_by_label("Message", exact=True).fill(SCAM)
    with live.page.expect_response("**/analyze") as answered:
        live.page.get_by_role("button", name="Judge it").click()
    verdict = answered.value.json()
    expect(live.page.locator(".verdict-score")).to_have_text(str(verdict["risk_score"]))
    expect(live.page.locator(".message-text")).to_have_text(SCAM)
    assert analyst("GET", f"/messages/{verdict['message_id']}").status_code == 404


def test_the_playground_counts_characters_as_the_api_does(live: Console) -> None:
    live.go("Playground")
    live.page.get_by_label("Message", exact=True).fill("\U0001f3a3" * 10_001)
    expect(live.page.locator(".count[data-over]")).to_be_visible()
    expect(live.page.get_by_role("button", name="Judge it")).to_be_disabled()


def test_models_show_which_one_serves(live: Console, analyst: Api) -> None:
    listing = analyst.ok("GET", "/models")
    live.go("Models")
    expect(live.page.locator(".version")).to_have_count(len(listing["items"]))
    expect(live.page.locator(".version[data-serves]")).to_contain_text(listing["champion"])


def test_an_analyst_is_offered_nothing_that_only_an_admin_may_do(live: Console) -> None:
    live.go("Models")
    expect(live.page.get_by_text("An admin's key is needed to change which version judges.")).to_be_visible()
    expect(live.page.get_by_role("button", name="Promote")).to_have_count(0)
    live.go("Keys")
    expect(live.page.get_by_text("Your key's role is analyst.")).to_be_visible()


def test_the_system_page_tells_how_things_are(live: Console) -> None:
    live.go("System")
    expect(live.page.get_by_text("Everything works")).to_be_visible()
    ill = {"status": "unavailable", "checks": {"tables": "unavailable"}, "model_version": "m", "rules_version": "r"}
    live.page.route("**/health", lambda route: route.fulfill(status=503, json=ill))
    live.page.get_by_role("button", name="Check now").click()
    expect(live.page.get_by_text("Something does not work")).to_be_visible()


@pytest.mark.parametrize("range_name", ["1 h", "7 d", "30 d"])
def test_the_overview_covers_other_times(live: Console, client: Api, range_name: str) -> None:
    client.ok("POST", "/analyze", json={"message_content": SCAM})
    live.page.get_by_role("button", name=range_name, exact=True).click()
    expect(live.page.locator('[data-card="messages"] .card-number')).to_be_visible()
    expect(live.page.get_by_role("img", name="messages.")).to_be_visible()
    assert live.count("messages") >= live.count("Critical") >= 1


@pytest.mark.parametrize(("path", "found"), [("docs", "analysis"), ("redoc", "Score a message")])
def test_the_documentation_works_offline_and_under_the_policy(
    console: Console, stack: Stack, path: str, found: str
) -> None:
    outside: list[str] = []
    host = stack.api_url.split("/")[2]
    console.page.on("request", lambda request: outside.append(request.url) if _leaves(request.url, host) else None)
    console.page.goto(f"{stack.api_url}/{path}")
    expect(console.page.get_by_role("heading", name=found).first).to_be_visible()
    assert outside == []


def test_no_file_is_larger_than_a_megabyte(console: Console, stack: Stack) -> None:
    sizes = {}
    for path in ("dashboard", "docs", "redoc"):
        with console.page.expect_response("**/openapi.json") if path != "dashboard" else nullcontext():
            console.page.goto(f"{stack.api_url}/{path}")
        names = "performance.getEntriesByType('resource').map((entry) => [entry.name, entry.encodedBodySize])"
        sizes |= dict(console.evaluate(names))
    assert any("docs-" in name for name in sizes)
    assert max(sizes.values()) <= 1_000_000, sizes


def _leaves(url: str, host: str) -> bool:
    return not url.startswith(("data:", "blob:")) and url.split("/")[2] != host


@pytest.mark.parametrize("context_options", [{"timezone_id": "Asia/Kolkata", "locale": "de-DE"}], ids=["Kolkata"])
def test_times_and_numbers_are_the_viewers(live: Console, client: Api, context_options: dict[str, Any]) -> None:
    sent = client.ok("POST", "/analyze", json={"message_content": SCAM})
    live.go("Messages")
    hour, minute = map(int, sent["analyzed_at"][11:16].split(":"))
    ahead = (hour * 60 + minute + 330) % (24 * 60)
    expect(live.row(sent["message_id"]).locator("time")).to_contain_text(f"{ahead // 60:02d}:{ahead % 60:02d}")
    live.go("Playground")
    expect(live.page.locator(".count")).to_contain_text("10.000")
