"""Pictures of every page, for people to look at: ``.local/screenshots``."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.pictures import take
from tests.integration.support import SCAM, Api, Stack

_FOLDER = Path(__file__).resolve().parents[2] / ".local" / "screenshots"


def test_every_page_has_its_picture(browser: Browser, stack: Stack, client: Api, phone_number: str) -> None:
    client.ok("POST", "/analyze", json={"message_content": SCAM, "phone_number": phone_number})
    taken = take(browser, stack.dashboard_url, stack.keys["admin"], _FOLDER)
    assert len(taken) == 3 * 12
    assert all(file.stat().st_size > 5_000 for file in taken)
