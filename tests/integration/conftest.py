"""Integration tests run against a deployed stack: the local one, LocalStack or AWS.

Where it is stands in the stack file that ``make up`` writes; ``HOOKLINE_STACK`` names another.
"""

from collections.abc import Iterator

import pytest

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
def nobody(stack: Stack) -> Api:
    """Return the API without a key."""
    return Api(stack.api_url, None)


@pytest.fixture
def phone_number(admin: Api) -> Iterator[str]:
    """Return a number that no other test uses, and take it off the lists afterwards."""
    number = next(UNUSED_NUMBERS)
    admin("DELETE", f"/senders/{number}")
    yield number
    admin("DELETE", f"/senders/{number}")
