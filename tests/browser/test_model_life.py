"""An admin changes which version judges, on the stack itself."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.support import Console
from tests.integration.support import HARMLESS, Api

_LABELS = {
    "scam_messages": ["Quandrix Rewards: your 700 crels are held, pay the 2 crel release fee at quandrix-release.top"],
    "legitimate_messages": ["Lunch at noon? I'll book the table"],
}


@dataclass(frozen=True)
class Versions:
    """The champion, and a version that may follow it."""

    champion: str
    made: str


@pytest.fixture(scope="module")
def versions(admin: Api) -> Iterator[Versions]:
    """Return the champion and a version that was trained from it, and put the champion back afterwards."""
    champion = str(admin.ok("GET", "/models")["champion"])
    try:
        made = str(admin.ok("POST", "/retrain", json=_LABELS)["model_version"])
        admin.ok("POST", f"/models/{champion}/promote")
        yield Versions(champion, made)
    finally:
        admin("DELETE", "/models/challenger")
        admin.ok("POST", f"/models/{champion}/promote")


def _version(console: Console, version: str) -> Locator:
    return console.page.locator(".version").filter(has=console.page.locator("h2 code", has_text=version))


def _confirm(console: Console, action: str) -> None:
    console.page.get_by_role("dialog").get_by_role("button", name=action, exact=True).click()


def _judge(client: Api) -> str:
    """Return the version that judges a message now."""
    return str(client.ok("POST", "/analyze", json={"message_content": HARMLESS, "dry_run": True})["model_version"])


def test_a_version_is_promoted_and_rolled_back(desk: Console, admin: Api, client: Api, versions: Versions) -> None:
    desk.go("Models")
    expect(_version(desk, versions.champion)).to_contain_text("Serving")
    _version(desk, versions.made).get_by_role("button", name="Promote").click()
    _confirm(desk, "Promote")
    expect(desk.toast("Promoted.")).to_be_visible()
    expect(_version(desk, versions.made)).to_contain_text("Serving")
    expect(_version(desk, versions.champion).locator('[data-alias="previous"]')).to_be_visible()
    expect(desk.page.locator(".version[data-serves]")).to_have_count(1)
    assert _judge(client) == versions.made

    desk.page.get_by_role("button", name="Roll back").click()
    expect(desk.page.get_by_role("dialog")).to_contain_text(f"Go back to {versions.champion}?")
    _confirm(desk, "Roll back")
    expect(desk.toast("Rolled back.")).to_be_visible()
    expect(_version(desk, versions.champion)).to_contain_text("Serving")
    assert admin.ok("GET", "/models")["champion"] == versions.champion
    assert _judge(client) == versions.champion


def test_a_challenger_judges_in_the_shadow_until_it_is_ended(
    desk: Console, admin: Api, client: Api, versions: Versions
) -> None:
    desk.go("Models")
    _version(desk, versions.made).get_by_role("button", name="Challenge").click()
    form = desk.page.get_by_role("dialog")
    form.get_by_label("In silence").check()
    form.get_by_role("button", name="Start").click()
    challenger = desk.page.locator(".challenger")
    expect(challenger).to_contain_text(f"{versions.made} judges every message in silence")
    expect(_version(desk, versions.made).locator('[data-alias="challenger"]')).to_be_visible()
    kept = admin.ok("GET", "/models")["challenger"]
    assert (kept["version"], kept["mode"]) == (versions.made, "shadow")
    assert _judge(client) == versions.champion

    challenger.get_by_role("button", name="End").click()
    expect(desk.toast("The challenger rests.")).to_be_visible()
    expect(challenger).to_have_count(0)
    assert admin.ok("GET", "/models")["challenger"] is None
