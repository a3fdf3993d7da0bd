"""What the integration tests share: the deployed stack, its API, and waiting."""

import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import boto3
import pytest
import requests

_ROOT = Path(__file__).resolve().parents[2]
STACK_FILE = Path(os.environ.get("HOOKLINE_STACK", _ROOT / ".local" / "stack.json"))

SCAM = (
    "Chase Alert: your account has been suspended due to unusual activity. Verify your identity within 24 hours at "
    "https://chase.com-secure-verify.top/login or it will be closed. Reply Y to activate the link."
)
HARMLESS = "Hi Ana, running ten minutes late, see you at the cafe. Order me a flat white?"

_AREAS = (206, 212, 213, 303, 305, 312, 404, 415, 503, 512, 602, 617, 702, 713, 808, 917)


def _unused_numbers() -> Iterator[str]:
    """Yield phone numbers, none of them twice. Where it begins is left to chance, as a stack may live for many runs."""
    start = secrets.randbelow(10_000)
    for step in range(10_000):
        for area in _AREAS:
            yield f"+1{area}555{(start + step) % 10_000:04d}"


UNUSED_NUMBERS = _unused_numbers()
"""Shared by everything that runs in this process, so that no test meets another one's messages."""


@dataclass(frozen=True)
class Stack:
    """A deployed stack."""

    api_url: str
    ws_url: str
    dashboard_url: str
    endpoint_url: str | None
    region: str
    keys: dict[str, str]
    outputs: dict[str, str]

    @property
    def local(self) -> bool:
        """Whether the stack runs on this machine."""
        return bool(self.endpoint_url)

    def aws(self, service: str) -> Any:
        """Return an AWS client for this stack. The local emulator takes any credentials."""
        anybody = {"aws_access_key_id": "test", "aws_secret_access_key": "test"} if self.local else {}
        return boto3.client(service, endpoint_url=self.endpoint_url, region_name=self.region, **anybody)


class Api:
    """Calls the API with one key, over one connection."""

    def __init__(self, url: str, key: str | None) -> None:
        self._url = url
        self._session = requests.Session()
        if key is not None:
            self._session.headers["X-API-KEY"] = key

    def __call__(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request; no answer may take longer than the gateway lets it."""
        return self._session.request(method, self._url + path, timeout=30, **options)

    def ok(self, method: str, path: str, **options: Any) -> Any:
        """Send a request that must succeed, and return its JSON."""
        answer = self(method, path, **options)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


def deployed() -> Stack:
    """Return the stack under test."""
    if not STACK_FILE.exists():
        pytest.fail(f"no stack runs: {STACK_FILE} is missing; start one with `make up`")
    found = json.loads(STACK_FILE.read_text())
    return Stack(**{name: found.get(name) for name in Stack.__dataclass_fields__})


Found = TypeVar("Found")


def eventually(look: Callable[[], Found | None], *, seconds: float = 30, what: str = "it") -> Found:
    """Look again until something is found."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    pytest.fail(f"{what} did not happen within {seconds} s")
