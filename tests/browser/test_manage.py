"""What an admin keeps: keys, labels, endpoints, models."""

import json
import re
import secrets

from playwright.sync_api import Route, expect

from tests.browser.support import WAIT_MS, Console
from tests.integration.support import Api, Stack


def test_a_key_is_shown_once_works_and_is_revoked(desk: Console, stack: Stack) -> None:
    name = f"<b>Billing</b> {secrets.token_hex(4)}"
    desk.go("Keys")
    desk.page.get_by_role("button", name="New key").click()
    form = desk.page.get_by_role("dialog")
    form.get_by_label("Name").fill(name)
    form.get_by_label("Role").select_option("analyst")
    form.get_by_role("button", name="Create").click()
    shown = desk.page.locator(".secret code")
    expect(shown).to_be_visible()
    key = shown.inner_text()
    assert Api(stack.api_url, key).ok("GET", "/me")["name"] == name
    desk.page.get_by_role("button", name="I have kept it").click()
    row = desk.page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("active")
    expect(desk.page.locator("body")).not_to_contain_text(key)
    row.get_by_role("button", name="Revoke").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(desk.toast("Revoked.")).to_be_visible()
    expect(row.filter(has_text="active")).to_have_count(0)
    # Keys that work come first; the others are on the pages behind them.
    expect(row.or_(desk.page.get_by_role("button", name="Show more")).first).to_be_visible()
    if not row.count():
        desk.page.get_by_role("button", name="Show more").click()
    expect(row).to_contain_text("revoked")


def test_labels_are_imported_line_by_line_and_exported(desk: Console) -> None:
    mark = secrets.token_hex(6)
    rows = [f"Win a prize {mark} now,scam,prize_lottery", f"Lunch at {mark}?,legitimate,", f"What is {mark},nonsense,"]
    desk.go("Labels")
    desk.page.locator('input[type="file"]').set_input_files(
        {"name": "labels.csv", "mimeType": "text/csv", "buffer": "\n".join(["text,label,category", *rows]).encode()}
    )
    expect(desk.page.locator(".drop")).to_contain_text("labels.csv")
    desk.page.get_by_role("button", name="Import").click()
    result = desk.page.get_by_role("region", name="Result of the import")
    expect(result.locator('[data-card="accepted"] .card-number')).to_have_text("2")
    expect(result.locator('[data-card="refused"] .card-number')).to_have_text("1")
    expect(result.get_by_role("row").filter(has_text="refused")).to_contain_text("4")
    desk.page.locator("summary", has_text="Export").click()
    with desk.page.expect_download() as started:
        desk.page.get_by_role("button", name="All labels as JSON Lines").click()
    lines = started.value.path().read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines if mark in line]
    assert sorted(label["label"] for label in found) == ["legitimate", "scam"]


def test_an_endpoint_is_made_changed_and_deleted(desk: Console, admin: Api) -> None:
    name = f"Fraud desk {secrets.token_hex(4)}"
    desk.open("#/alerts?tab=endpoints")
    desk.page.get_by_role("button", name="New endpoint").click()
    form = desk.page.get_by_role("dialog")
    form.get_by_label("Name").fill(name)
    form.get_by_label("Address").fill("http://not-encrypted.example.test/")
    form.get_by_role("button", name="Create").click()
    expect(form.get_by_role("alert")).not_to_be_empty()
    form.get_by_label("Address").fill("https://hooks.example.test/in/secret-token")
    form.get_by_label("From level").select_option("High")
    form.get_by_label("Bank Impersonation").check()
    form.get_by_role("button", name="Create").click()
    expect(desk.page.locator(".secret code")).to_be_visible()
    desk.page.get_by_role("button", name="I have kept it").click()
    card = desk.page.locator(".endpoint").filter(has_text=name)
    expect(card).to_contain_text("High and above, Bank Impersonation")
    expect(card).not_to_contain_text("secret-token")
    card.get_by_role("button", name="Disable").click()
    expect(card.get_by_role("button", name="Enable")).to_be_visible()
    card.get_by_role("button", name="Edit").click()
    expect(form.get_by_label("Name")).to_have_value(name)
    form.get_by_label("Name").fill(f"{name} II")
    form.get_by_role("button", name="Save").click()
    expect(card).to_contain_text(f"{name} II")
    card.get_by_role("button", name="Delete").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(card).to_have_count(0)
    assert name not in json.dumps(admin.ok("GET", "/alerts/endpoints"))


def test_a_version_challenges_the_champion_and_rests(desk: Console, admin: Api) -> None:
    listing = admin.ok("GET", "/models")
    other = f"v-{secrets.token_hex(4)}"
    # A version of its own would take a training; what the page sends for it is looked at instead.
    card = {**listing["items"][0], "version": other, "aliases": [], "status": "candidate"}
    seen = {**listing, "items": [card, *listing["items"]]}
    sent: list[str] = []
    desk.page.route("**/models", lambda route: route.fulfill(json=seen))

    def answer(route: Route) -> None:
        body = route.request.post_data or ""
        sent.append(f"{route.request.method} {body}")
        seen["challenger"] = json.loads(body) if body else None
        route.fulfill(json=seen["challenger"]) if body else route.fulfill(status=204)

    desk.page.route("**/models/challenger", answer)
    desk.go("Models")
    desk.page.locator(".version").filter(has_text=other).get_by_role("button", name="Challenge").click()
    form = desk.page.get_by_role("dialog")
    form.get_by_label("For real").check()
    form.get_by_label(re.compile("percent")).fill("12.5")
    form.get_by_role("button", name="Start").click()
    expect(desk.page.locator(".challenger")).to_contain_text("answers 12.5 % of the senders")
    desk.page.locator(".challenger").get_by_role("button", name="End").click()
    expect(desk.page.locator(".challenger")).to_have_count(0)
    assert json.loads(sent[0].removeprefix("PUT ")) == {"version": other, "mode": "live", "percent": 12.5}
    assert sent[1] == "DELETE "


def test_every_part_of_the_models_page_loads(desk: Console) -> None:
    desk.go("Models")
    parts = desk.page.get_by_role("navigation", name="Parts of this page")
    for part in ("Compare", "Drift", "Training", "Audit", "Versions"):
        parts.get_by_role("link", name=part).click()
        expect(parts.get_by_role("link", name=part)).to_have_attribute("aria-current", "page")
        expect(desk.page.locator("main .skeleton")).to_have_count(0, timeout=2 * WAIT_MS)  # another function wakes
        expect(desk.page.locator("main .error")).to_have_count(0)
    expect(desk.page.locator(".version[data-serves]")).to_have_count(1)


def test_senders_come_from_a_file_with_a_word_for_each_that_does_not(live: Console, phone_number: str) -> None:
    live.go("Senders")
    live.page.get_by_role("button", name="Import CSV").click()
    content = f'phone_number,reason\n{phone_number},"\'=cmd, from a list"\n12,impossible\n'.encode()
    live.page.get_by_label("CSV file").set_input_files({"name": "list.csv", "mimeType": "text/csv", "buffer": content})
    live.page.get_by_role("dialog").get_by_role("button", name="Import").click()
    result = live.page.get_by_role("dialog", name="1 imported, 1 refused")
    expect(result).to_contain_text("row 3")
    result.get_by_role("button", name="Close").click()
    expect(live.page.get_by_role("row").filter(has_text=phone_number)).to_contain_text("=cmd, from a list")


def test_every_part_of_the_alerts_page_loads(desk: Console) -> None:
    desk.go("Alerts")
    parts = desk.page.get_by_role("navigation", name="Parts of this page")
    for part in ("Endpoints", "Deliveries", "Policy", "Alerts"):
        parts.get_by_role("link", name=part).click()
        expect(parts.get_by_role("link", name=part)).to_have_attribute("aria-current", "page")
        expect(desk.page.locator("main .skeleton")).to_have_count(0)
        expect(desk.page.locator("main .error")).to_have_count(0)


def test_an_alert_is_acknowledged(desk: Console) -> None:
    alert = {
        "alert_id": "01JALERT",
        "group": "campaign:1",
        "title": "Parcel <b>Delivery</b>",
        "risk_level": "Critical",
        "category_code": "parcel_delivery",
        "phone_number": None,
        "first_at": "2026-11-23T06:00:00.000Z",
        "last_at": "2026-11-23T06:05:00.000Z",
        "messages": 12,
        "notified": 1,
        "status": "open",
        "acknowledged_by": None,
        "latest_message_id": "01JMESSAGE",
    }
    # Whether an alert is open on a stack that all tests share is left to chance.
    items = [alert]
    desk.page.route("**/alerts?*", lambda route: route.fulfill(json={"items": items, "next": None}))

    def acknowledge(route: Route) -> None:
        items.clear()
        route.fulfill(json={**alert, "status": "acknowledged"})

    desk.page.route(f"**/alerts/{alert['alert_id']}/acknowledge", acknowledge)
    desk.go("Alerts")
    expect(desk.page.locator(".alert")).to_contain_text("Parcel <b>Delivery</b>")
    desk.page.get_by_role("button", name="Acknowledge", exact=True).click()
    expect(desk.toast("Acknowledged.")).to_be_visible()
    expect(desk.page.get_by_text("No open alert")).to_be_visible()
