"""The console, as somebody at a screen uses it."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from stack.chromium import NAMES
from tests.integration.support import Stack

# Chromium looks for hosts of its maker otherwise, and nothing here may leave the machine.
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT_MS = 30_000
"""Longer than anything on the page should take on a busy machine."""

_WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile ?? ""}`));
window.reached = [];
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => window.reached.push(name);
"""


@contextmanager
def chromium(playwright: Playwright, *arguments: str) -> Iterator[Browser]:
    """Run the machine's Chromium."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path, "no Chromium is installed: apt-get install chromium"
    browser = playwright.chromium.launch(executable_path=path, args=[*_ARGUMENTS, *arguments])
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def opened(browser: Browser, stack: Stack, **options: Any) -> Iterator["Console"]:
    """Return a console in a new profile. Whatever is done with it, it must stay whole."""
    usual = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "timezone_id": "Europe/Paris"}
    context = browser.new_context(**{**usual, **options})
    console = Console(context.new_page(), stack.dashboard_url)
    yield console
    violations = console.violations()
    context.close()
    assert violations == []
    assert console.errors == []


@dataclass
class Console:
    """An open console.

    Parameters
    ----------
    page
        The browser's page.
    url
        The console's address.
    """

    page: Page
    url: str
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Watch for everything that a page should not do."""
        self.page.set_default_timeout(WAIT_MS)
        expect.set_options(timeout=WAIT_MS)
        self.page.add_init_script(_WATCH)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, route: str = "") -> None:
        """Go to a page of the console."""
        self.page.goto(self.url + route)

    def sign_in(self, key: str, route: str = "") -> None:
        """Open the console and give it a key."""
        self.open(route)
        self.enter(key)
        self.expect_live()

    def arrive(self, key: str) -> None:
        """Open the console with a key that was given before."""
        self.page.add_init_script(f"sessionStorage.setItem('hookline.key', {json.dumps(key)})")
        self.open()
        self.expect_live()

    def enter(self, key: str) -> None:
        """Type a key and send it."""
        self.page.get_by_label("API key").fill(key)
        self.page.get_by_role("button", name="Open the console").click()

    def go(self, name: str) -> None:
        """Go to another page by the navigation; on a phone, some of its links are behind one more button."""
        pages = self.page.get_by_role("navigation", name="Pages")
        link = pages.get_by_role("link", name=re.compile(rf"^{name}\b"))
        more = pages.get_by_role("button", name="More")
        expect(link.or_(more).first).to_be_visible()
        if not link.is_visible():
            more.click()
        link.click()
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()

    def expect_live(self) -> None:
        """Wait for the live feed."""
        expect(self.page.locator('.connection[data-state="open"]')).to_be_visible()

    def toast(self, text: str) -> Locator:
        """Return a note about what was done."""
        return self.page.locator(".toast").filter(has_text=text)

    def row(self, message_id: str) -> Locator:
        """Return a message's row."""
        return self.page.locator(f'.row[data-id="{message_id}"]')

    def rows(self) -> Locator:
        """Return all rows."""
        return self.page.locator(".row")

    def detail(self) -> Locator:
        """Return the open message."""
        return self.page.get_by_role("complementary", name="Message")

    def show(self, message_id: str) -> Locator:
        """Open a message by its row."""
        self.row(message_id).get_by_role("button", name="Open message").click()
        expect(self.detail().locator(".message-text")).to_be_visible()
        return self.detail()

    def count(self, card: str) -> int:
        """Return the number on a card of the overview."""
        text = self.page.locator(f'[data-card="{card}"] .card-number').inner_text()
        return int(re.sub(r"\D", "", text))

    def waiting(self) -> int:
        """Return how many messages wait for review, by the navigation; it shows no number for none."""
        badge = self.page.locator('.rail-item[data-page="review"] .badge')
        return int(badge.inner_text()) if badge.count() else 0

    def violations(self) -> list[str]:
        """Return what broke the page's security policy, and calls that only an injected script makes."""
        found: list[str] = self.page.evaluate("[...(window.violations ?? []), ...(window.reached ?? [])]")
        return found

    def evaluate(self, script: str) -> Any:
        """Run a script in the page."""
        return self.page.evaluate(script)
