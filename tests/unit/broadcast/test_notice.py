"""E-mail about a scam must not carry it further."""

import json
import re
import unicodedata
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from hookline_core.alerting.events import Event, Notice
from hookline_core.alerting.notices import sms_of, subject_of, text_of
from hookline_core.alerting.topic import AlertTopic
from hookline_core.errors import UnavailableError
from hookline_core.plain import plain
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import DASHBOARD, an_event
from tests.unit.faults import fault

HOSTILE = [
    "\r\nBcc: everybody@example.test",
    "\u2028\u2029\x0b\x0c\x85line separators",
    "\u202egnp.exe\u202c \u2066isolated\u2069 \u200ezero\u200bwidth\ufeff",
    "https://evil.example.test/a?b=c#d HTTP://EVIL.EXAMPLE.TEST hxxp://x.test",
    "www.evil.example.test and evil.test/login and 192.168.0.1",
    "javascript:alert(1) mailto:a@b.test tel:+15551234567",
    "<a href='https://evil.test'>your bank</a>",
    "\x1b]8;;https://evil.test\x07click\x1b]8;;\x07",
    "\ud800 lone surrogate",
    "A" * 10_000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_strangers_text_is_harmless(text: str) -> None:
    safe = plain(text)
    assert "\n" not in safe
    assert not re.search(r"(?i)https?:", safe)
    assert not re.search(r"\w\.\w", safe)
    assert all(unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in safe)


@given(st.text())
def test_any_text_becomes_one_visible_line_that_stays_as_it_is(text: str) -> None:
    safe = plain(text)
    assert safe.splitlines() in ([], [safe])
    assert plain(safe) == safe
    assert not re.search(r"(?i)\bhttps?:|\w\.\w", safe)


def test_words_stay_words() -> None:
    assert plain("Claims to be a bank. Threatens you, in 24 h!") == "Claims to be a bank. Threatens you, in 24 h!"


def _titled(title: str) -> Event:
    return an_event().model_copy(update={"notice": Notice(title=title, facts={})})


@pytest.mark.parametrize("text", HOSTILE)
def test_a_short_message_is_one_short_line(text: str) -> None:
    short = sms_of(_titled(text))
    assert len(short) <= 140
    assert not re.search(r"(?i)https?:|\w\.\w|[\n\r]", short)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_subject_is_one_short_ascii_line(text: str) -> None:
    subject = subject_of(_titled(f"Critical message {text}"))
    assert subject.isascii()
    assert subject.isprintable()
    assert len(subject) < 100
    assert subject.startswith("Hookline: Critical message")


@pytest.mark.parametrize("text", HOSTILE)
def test_the_text_has_its_lines_whatever_the_reason_says(text: str) -> None:
    harmless = text_of(an_event()).splitlines()
    lines = text_of(an_event(primary_reason=text, threat_category=text, phone_number=text)).splitlines()
    assert [line.split(":")[0] for line in lines] == [line.split(":")[0] for line in harmless]
    assert re.findall(r"(?i)https?:\S+", "\n".join(lines)) == [DASHBOARD]


def test_the_text_does_not_quote_the_message() -> None:
    assert "account suspended" not in text_of(an_event())


def test_one_publication_speaks_to_people_and_to_machines() -> None:
    sns = boto3.client("sns", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    event = an_event()
    published: dict[str, Any] = {}
    sns.meta.events.register("provide-client-params.sns.Publish", lambda params, **_: published.update(params))
    with Stubber(sns) as stub:
        stub.add_response("publish", {"MessageId": "1"}, dict.fromkeys(_PUBLISHED, ANY))
        AlertTopic(lambda: sns, "arn:aws:sns:us-east-1:123456789012:alerts").publish(event)
    assert published["MessageStructure"] == "json"
    forms = json.loads(published["Message"])
    assert forms["default"] == forms["email"] == text_of(event)
    assert forms["sms"] == sms_of(event)
    assert Event.model_validate_json(forms["sqs"]) == event
    assert {name: value["StringValue"] for name, value in published["MessageAttributes"].items()} == {
        "event_type": "analysis.critical",
        "risk_level": "Critical",
        "category_code": "bank_impersonation",
    }


_PUBLISHED = ["TopicArn", "Subject", "Message", "MessageStructure", "MessageAttributes"]


def test_a_topic_that_refuses_is_an_error() -> None:
    sns = boto3.client("sns", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    topic = AlertTopic(lambda: sns, "arn:aws:sns:us-east-1:123456789012:alerts")
    with fault(sns, "Publish", code="Throttled", status=429), pytest.raises(UnavailableError):
        topic.publish(an_event())
