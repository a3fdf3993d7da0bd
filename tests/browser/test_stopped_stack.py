"""The stack stops and starts again under an open page. This stands last: nothing else can run meanwhile."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from stack import emulator
from stack.places import Home
from tests.browser.support import Console
from tests.integration.support import HARMLESS, STACK_FILE, Api


@pytest.fixture
def home() -> Iterator[Home]:
    """Return the home of the local stack, which runs again afterwards."""
    found = Home(STACK_FILE.parent)
    running = emulator.running(found)
    if running is None:
        pytest.skip("SKIPPED LOUDLY: only a stack on this machine can be stopped")
    yield found
    emulator.start(found, port=running.port)


# The emulator outlives whoever starts it.
@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_an_open_page_outlives_a_restart_of_the_stack(
    live: Console, client: Api, home: Home, phone_number: str
) -> None:
    message = {"message_content": HARMLESS, "phone_number": phone_number}
    live.open(f"#/messages?sender=%2B{phone_number[1:]}")
    sent = [client.ok("POST", "/analyze", json=message)["message_id"]]
    expect(live.row(sent[0])).to_be_visible()
    live.evaluate("window.sameDocument = true")
    running = emulator.running(home)
    assert running
    emulator.stop(home)
    expect(live.page.locator('.connection[data-state="waiting"]')).to_contain_text("Reconnecting in")
    live.go("Senders")
    failed = live.page.locator("main .error")
    expect(failed).to_be_visible()
    emulator.start(home, port=running.port)
    sent.append(client.ok("POST", "/analyze", json=message)["message_id"])
    # The page would come back by itself, too; the button does not let anybody wait for that.
    live.evaluate("document.querySelector('button.connection[data-state=\"waiting\"]')?.click()")
    live.expect_live()
    expect(failed).to_have_count(0)
    expect(live.page.get_by_role("heading", name="Senders", level=1)).to_be_visible()
    live.open(f"#/messages?sender=%2B{phone_number[1:]}")
    sent.append(client.ok("POST", "/analyze", json=message)["message_id"])
    for message_id in sent:
        expect(live.row(message_id)).to_have_count(1)
    assert live.evaluate("window.sameDocument") is True
