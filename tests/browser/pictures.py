"""Takes pictures of the console: ``python -m tests.browser.pictures FOLDER`` (after ``make up``).

Every page in light, dark and on a phone goes to the folder; ``--best`` takes only those that the documentation shows.
"""

import argparse
import json
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.support import Console, chromium
from tests.integration.support import STACK_FILE

_PAGES = ("Overview", "Review", "Messages", "Senders", "Alerts", "Models", "Labels", "Keys", "Playground", "System")
_LOOKS = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "device_scale_factor": 2},
}
_BEST = frozenset(
    {
        "overview-light",
        "overview-dark",
        "review-light",
        "detail-light",
        "detail-dark",
        "playground-dark",
        "messages-phone",
    }
)
_LARGEST = 400_000


def take(browser: Browser, url: str, key: str, folder: Path, *, only: frozenset[str] | None = None) -> list[Path]:
    """Take the pictures. Return their files."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []

    def shoot(name: str) -> None:
        if only is None or name in only:
            expect(console.page.locator(".skeleton")).to_have_count(0)
            expect(console.page.locator(".toast")).to_have_count(0)
            file = folder / f"{name}.png"
            console.page.screenshot(path=file, animations="disabled")
            taken.append(file)

    for look, options in _LOOKS.items():
        context = browser.new_context(locale="en-GB", **options)  # type: ignore[arg-type]  # a table of keywords
        console = Console(context.new_page(), url)
        console.open()
        expect(console.page.get_by_label("API key")).to_be_visible()
        shoot(f"sign-in-{look}")
        console.arrive(key)
        for name in _PAGES:
            console.go(name)
            if name == "Playground":
                console.page.get_by_role("button", name="Disguised").click()
                expect(console.page.locator(".verdict-score")).to_be_visible()
            shoot(f"{name.lower()}-{look}")
            if name == "Messages":
                console.page.locator('.row[data-level="Critical"] .row-open').first.click()
                expect(console.detail().get_by_role("button", name="Take off")).to_be_visible()
                shoot(f"detail-{look}")
                console.page.keyboard.press("Escape")
        context.close()
    return taken


def main() -> int:
    """Take pictures of the running stack's console."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--best", action="store_true", help="only those that the documentation shows")
    options = parser.parse_args()
    stack = json.loads(STACK_FILE.read_text())
    with sync_playwright() as playwright, chromium(playwright) as browser:
        only = _BEST if options.best else None
        taken = take(browser, stack["dashboard_url"], stack["keys"]["admin"], options.folder, only=only)
    for file in taken:
        size = file.stat().st_size
        sys.stdout.write(f"{file} {size // 1000} KB{'' if size <= _LARGEST else ', too large'}\n")
    return 0 if all(file.stat().st_size <= _LARGEST for file in taken) else 1


if __name__ == "__main__":
    sys.exit(main())
