"""Nobody sees anything without a key that may read."""

from playwright.sync_api import expect

from tests.browser.support import Console
from tests.integration.support import Stack


def test_the_page_loads_without_a_key_and_asks_for_one(console: Console) -> None:
    console.open()
    expect(console.page.get_by_label("API key")).to_be_focused()
    expect(console.page.get_by_role("navigation")).to_have_count(0)


def test_an_unknown_key_is_refused_in_words(console: Console) -> None:
    console.open()
    console.enter("hk_this-key-was-never-given-to-anyone")
    expect(console.page.get_by_role("alert")).to_contain_text("refused the key")
    assert console.evaluate("[sessionStorage['hookline.key'], localStorage['hookline.key']]") == [None, None]


def test_a_clients_key_is_told_that_it_may_not_read(console: Console, stack: Stack) -> None:
    console.open()
    console.enter(stack.keys["client"])
    expect(console.page.get_by_role("alert")).to_contain_text("analyst")


def test_a_key_that_cannot_be_one_is_not_sent(console: Console) -> None:
    console.open()
    sent = []
    console.page.on("request", lambda request: sent.append(request.url) if request.resource_type == "fetch" else None)
    console.enter("schlüssel")
    expect(console.page.get_by_role("alert")).to_contain_text("Check what was pasted")
    assert sent == []


def test_a_key_is_kept_for_the_tab_until_somebody_signs_out(console: Console, stack: Stack) -> None:
    console.sign_in(stack.keys["analyst"])
    assert console.evaluate("localStorage.getItem('hookline.key')") is None
    console.page.reload()
    console.expect_live()
    console.page.get_by_role("button", name="Sign out").click()
    expect(console.page.get_by_label("API key")).to_be_visible()
    console.page.reload()
    expect(console.page.get_by_label("API key")).to_be_visible()


def test_a_key_is_remembered_on_the_device_if_wished(console: Console, stack: Stack) -> None:
    console.open()
    console.page.get_by_label("Remember on this device").check()
    console.enter(stack.keys["analyst"])
    console.expect_live()
    other = console.page.context.new_page()
    other.goto(stack.dashboard_url)
    expect(other.get_by_role("heading", name="Overview")).to_be_visible()


def test_a_key_that_is_revoked_while_the_page_is_open_ends_the_session(live: Console) -> None:
    live.page.evaluate("sessionStorage.setItem('hookline.key', 'hk_revoked-in-the-meantime-0000000')")
    live.evaluate("location.hash = '#/senders'")  # no click: whatever asks the API first ends the session
    expect(live.page.get_by_role("alert")).to_contain_text("refused the key")


def test_the_network_failing_is_told_apart_from_a_bad_key(console: Console, stack: Stack) -> None:
    console.open()
    console.page.route("**/stats*", lambda route: route.abort())
    console.enter(stack.keys["analyst"])
    expect(console.page.get_by_role("alert")).to_contain_text("cannot be reached")


def test_too_many_calls_are_told_as_such(console: Console, stack: Stack) -> None:
    console.open()
    problem = '{"code": "throttled", "status": 429, "detail": "Slow down."}'
    console.page.route(
        "**/stats*", lambda route: route.fulfill(status=429, body=problem, content_type="application/problem+json")
    )
    console.enter(stack.keys["analyst"])
    expect(console.page.get_by_role("alert")).to_contain_text("Too many calls")
