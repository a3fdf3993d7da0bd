"""Each signal on messages of our own."""

import pytest
from hookline_ml.normalise import normalise
from hookline_ml.signals import extract
from hookline_ml.signals.catalog import signal_kinds
from hookline_ml.types import Sender


def codes(text: str, sender: str | None = None, channel: str | None = None) -> frozenset[str]:
    return extract(normalise(text), sender=Sender(phone_number=sender), channel=channel).codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Please act now, this is urgent", "URGENCY"),
        ("Your account will be suspended", "THREAT"),
        ("Do not tell anyone about this", "SECRECY"),
        ("Pay with gift cards", "PAY_ODD"),
        ("Can you send me the code you got", "ASK_CODE"),
        ("Confirm your password on our page", "ASK_CRED"),
        ("Install AnyDesk on your phone", "ASK_REMOTE"),
        ("Call us now on +44 20 7946 0000", "ASK_CALL"),
        ("You must pay the outstanding fee", "ASK_MONEY"),
        ("Click here for more", "ASK_CLICK"),
        ("Add me on WhatsApp", "CHANNEL_MOVE"),
        ("Reply Y, then exit and reopen the message to activate the link", "REPLY_TO_UNLOCK"),
        ("The fee is $1.99", "SMALL_FEE"),
        ("It costs €250", "AMOUNT"),
        ("Write to somebody@gmail.com", "EMAIL_FREE"),
        ("Send it to 0x52908400098527886E0F7030069857D2E4169EE7", "WALLET"),
        ("482913 is your login code", "HAM_OTP"),
        ("Never share this code with anyone", "DONT_SHARE"),
        ("Reply STOP to opt out", "HAM_OPTOUT"),
        ("Call the number on the back of your card", "HAM_CARD_NUMBER"),
        ("Your parcel has been delivered", "HAM_NOREQ"),
        ("Reminder: your dental appointment is on 4 May", "HAM_APPOINTMENT"),
        ("Haz clic aquí", "ASK_CLICK"),
        ("Clique no link abaixo", "ASK_CLICK"),
        ("Cliquez sur le lien", "ASK_CLICK"),
        ("Bitte klicken Sie hier", "ASK_CLICK"),
        ("Clicca sul link", "ASK_CLICK"),
        ("Klik op de link", "ASK_CLICK"),
        ("Hemen tıklayın", "ASK_CLICK"),
        ("Klik link berikut", "ASK_CLICK"),
        ("กรุณาคลิกลิงก์", "ASK_CLICK"),
        ("اضغط على الرابط", "ASK_CLICK"),
        ("请点击链接", "ASK_CLICK"),
        ("लिंक पर क्लिक करें", "ASK_CLICK"),
    ],
)
def test_a_signal_fires(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("482913 is your code. Do not share it with anyone.", "ASK_CODE"),
        ("Your code is 482913. Do not share it with anyone.", "ASK_CODE"),
        ("Call me when you are home", "ASK_CALL"),
        ("Your parcel has been delivered, click here to rate us", "HAM_NOREQ"),
        ("See https://bit.ly/1234567890123", "PHONE"),
        ("Tickets for the concert", "AMOUNT"),
        ("See https://www.paypal.com and http://other.example.net", "OFFICIAL_LINK"),
        ("Grüße aus Köln 😀", "OBFUSC"),
    ],
)
def test_a_signal_stays_silent(text: str, code: str) -> None:
    assert code not in codes(text)


def test_disguised_words_are_noticed() -> None:
    assert "OBFUSC" in codes("cl\u0456ck h\u0435re to cl\u0430im")


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("+639171234567", "SENDER_ODD"),
        ("somebody@example.com", "SENDER_ODD"),
        ("+12025550100", None),
        ("28777", "SENDER_SHORT_CODE"),
        (None, None),
    ],
)
def test_the_sender_is_held_against_the_organisation_that_is_named(sender: str | None, expected: str | None) -> None:
    found = {code for code in codes("USPS: your parcel is here", sender) if code.startswith("SENDER_")}
    assert found == ({expected} if expected else set())


def test_a_world_wide_brand_may_write_from_anywhere() -> None:
    assert "SENDER_ODD" not in codes("DHL: your parcel is here", "+639171234567")


def test_an_email_address_is_no_odd_sender_of_an_email() -> None:
    assert "SENDER_ODD" not in codes("USPS: your parcel is here", "somebody@example.com", "email")


def test_signals_come_with_what_the_catalogue_says() -> None:
    for item in extract(normalise("USPS: pay $1.99 now at usps.com-held.xin")).items:
        kind = signal_kinds()[item.code]
        assert (item.text, item.points) == (kind.text, kind.points)


def test_guards_take_points_away_and_no_other_signal_does() -> None:
    for kind in signal_kinds().values():
        assert kind.source == "sender" or (kind.points < 0) == (kind.source == "guard"), kind
