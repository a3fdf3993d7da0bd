"""The webhook's contract is the Standard Webhooks specification; its own library is the judge."""

import base64
import json
import re
from typing import Any

import pytest
from alerts.channels.port import Access
from alerts.channels.webhook import Webhook
from hookline_core.alerting.endpoints import Target
from hookline_core.alerting.signing import SecretMalformedError, sign
from hookline_core.clock import epoch_seconds, utc_now
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook as Verifier

from tests.builders import an_event
from tests.unit.alerts.fakes import Receiver, Request

SECRETS = ["whsec_" + base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2)]


def _delivered(*secrets: str, **changes: Any) -> Request:
    receiver = Receiver()
    access = Access(Target(url="https://hooks.example.test/"), secrets)
    Webhook(receiver, utc_now).send(an_event(**changes), access, replay=False)
    (request,) = receiver.requests
    return request


def test_the_library_verifies_it() -> None:
    request = _delivered(SECRETS[0])
    event = Verifier(SECRETS[0]).verify(request.body, dict(request.headers))
    assert event == json.loads(request.body)


def test_while_a_secret_is_replaced_both_verify() -> None:
    request = _delivered(*SECRETS)
    for secret in SECRETS:
        Verifier(secret).verify(request.body, dict(request.headers))
    assert re.fullmatch(r"v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=", request.headers["webhook-signature"])


def test_headers_are_those_of_the_specification() -> None:
    request = _delivered(SECRETS[0])
    assert re.fullmatch(r"[A-Za-z0-9_-]+", request.headers["webhook-id"])
    assert abs(int(request.headers["webhook-timestamp"]) - epoch_seconds(utc_now())) <= 60
    assert request.headers["Content-Type"] == "application/json"


def test_the_body_is_small_and_typed() -> None:
    body = _delivered(SECRETS[0], primary_reason="x" * 2000).body
    assert len(body) < 20_000
    assert re.fullmatch(r"[a-zA-Z0-9_]+(\.[a-zA-Z0-9_]+)*", json.loads(body)["type"])


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=2000))
def test_any_secret_and_any_body_sign_as_the_library_does(key: bytes, body: bytes) -> None:
    moment = utc_now()
    secret = "whsec_" + base64.b64encode(key).decode()
    ours = sign([secret], event_id="evt_1", timestamp=epoch_seconds(moment), body=body)
    text = body.decode(errors="replace")
    theirs = Verifier(secret).sign("evt_1", moment, text)
    assert (ours == theirs) is (text.encode() == body)


@pytest.mark.parametrize("length", [0, 1, 23, 65])
def test_secrets_have_the_length_of_the_specification(length: int) -> None:
    secret = "whsec_" + base64.b64encode(b"k" * length).decode()
    with pytest.raises(SecretMalformedError):
        sign([secret], event_id="evt_1", timestamp=0, body=b"")
