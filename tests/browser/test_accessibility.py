"""Everybody can use the console: axe finds no serious fault, and all of it fits on a phone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.support import Console
from tests.integration.support import SCAM, Api

_AXE = Path(__file__).resolve().parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
_PAGES = ("Overview", "Review", "Messages", "Senders", "Alerts", "Models", "Labels", "Keys", "Playground", "System")
_PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def _faults(console: Console) -> list[str]:
    console.page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = console.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(
    "context_options",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"color_scheme": "light", **_PHONE}],
    ids=["light", "dark", "phone"],
)
def test_no_page_has_a_serious_fault(live: Console, client: Api, phone_number: str) -> None:
    sent = client.ok("POST", "/analyze", json={"message_content": SCAM, "phone_number": phone_number})
    for name in _PAGES:
        live.go(name)
        expect(live.page.locator(".skeleton")).to_have_count(0)
        assert _faults(live) == [], name
        assert live.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    live.go("Messages")
    live.show(sent["message_id"])
    expect(live.detail().get_by_role("button", name="Take off")).to_be_visible()
    assert _faults(live) == []


def test_the_sign_in_page_has_no_serious_fault(console: Console) -> None:
    console.open()
    expect(console.page.get_by_label("API key")).to_be_visible()
    assert _faults(console) == []


def test_no_dialog_has_a_serious_fault(live: Console) -> None:
    for name in ("Keys", "Preferences"):
        live.page.get_by_role("button", name=name, exact=True).click()
        expect(live.page.get_by_role("dialog", name=name)).to_be_visible()
        assert _faults(live) == [], name
        live.page.keyboard.press("Escape")
        expect(live.page.get_by_role("dialog")).to_have_count(0)


_ICONS = """async (manifest) => {
  const { icons } = await (await fetch(manifest)).json();
  return Promise.all(icons.map(async ({ src, sizes, purpose }) => {
    const image = new Image();
    image.src = new URL(src, manifest).href;
    await image.decode();
    return [purpose, sizes, `${image.naturalWidth}x${image.naturalHeight}`];
  }));
}"""


def test_it_can_be_installed(console: Console) -> None:
    console.open()
    href = console.page.locator('link[rel="manifest"]').get_attribute("href")
    manifest = console.evaluate(f"fetch({href!r}).then((answer) => answer.json())")
    assert (manifest["name"], manifest["display"]) == ("Hookline", "standalone")
    start = console.evaluate(f"new URL({manifest['start_url']!r}, new URL({href!r}, document.baseURI)).href")
    assert start == console.url
    icons = console.page.evaluate(_ICONS, console.evaluate(f"new URL({href!r}, document.baseURI).href"))
    assert [sizes for _, sizes, drawn in icons if sizes == drawn] == ["192x192", "512x512", "512x512"]
    assert {purpose for purpose, *_ in icons} == {"any", "maskable"}
