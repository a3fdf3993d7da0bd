"""Browser tests drive the deployed console in headless Chromium, against the same stack as the integration tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.support import Console, chromium, opened
from tests.integration.support import UNUSED_NUMBERS, Api, Stack, deployed


@pytest.fixture(scope="session")
def stack() -> Stack:
    """Return the stack under test."""
    return deployed()


@pytest.fixture(scope="session")
def client(stack: Stack) -> Api:
    """Return the API as a client sees it."""
    return Api(stack.api_url, stack.keys["client"])


@pytest.fixture(scope="session")
def analyst(stack: Stack) -> Api:
    """Return the API as an analyst sees it."""
    return Api(stack.api_url, stack.keys["analyst"])


@pytest.fixture(scope="session")
def admin(stack: Stack) -> Api:
    """Return the API as an admin sees it."""
    return Api(stack.api_url, stack.keys["admin"])


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Return Playwright, running."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Return a browser for all tests; each has its own profile in it."""
    with chromium(playwright) as running:
        yield running


@pytest.fixture
def context_options() -> dict[str, Any]:
    """Return the options of the browser's profile; a test parametrizes them."""
    return {}


@pytest.fixture
def console(browser: Browser, stack: Stack, context_options: dict[str, Any]) -> Iterator[Console]:
    """Return a console nobody has signed in to. Whatever a test does, the page must stay whole."""
    with opened(browser, stack, **context_options) as console:
        yield console


@pytest.fixture
def live(console: Console, stack: Stack) -> Console:
    """Return a console whose tab has an analyst's key."""
    console.arrive(stack.keys["analyst"])
    return console


@pytest.fixture
def desk(console: Console, stack: Stack) -> Console:
    """Return a console whose tab has an admin's key."""
    console.arrive(stack.keys["admin"])
    return console


@pytest.fixture
def phone_number(analyst: Api) -> Iterator[str]:
    """Return a number that no other test uses, and take it off the lists afterwards."""
    number = next(UNUSED_NUMBERS)
    analyst("DELETE", f"/senders/{number}")
    yield number
    analyst("DELETE", f"/senders/{number}")
