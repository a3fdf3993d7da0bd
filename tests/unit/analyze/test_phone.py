"""Phone numbers: many notations, one form."""

import pytest
from analyze.phone import canonical
from hookline_core.errors import PhoneNumberInvalidError
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("+15551234567", "US", "+15551234567"),
        ("(555) 123-4567", "US", "+15551234567"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("+91 98765 43210", "US", "+919876543210"),
        ("tel:+1-555-123-4567", "US", "+15551234567"),
        ("62226", "US", "62226"),
        ("+1555１２３4567", "US", "+15551234567"),
    ],
)
def test_numbers_have_one_form(text: str, region: str, number: str) -> None:
    assert canonical(text, region=region) == number


@pytest.mark.parametrize(
    "text", ["", "call me", "1", "+1555", "+999123456789", "0" * 41, "+" + "1" * 30, "+0000000000"]
)
def test_impossible_numbers_are_refused(text: str) -> None:
    with pytest.raises(PhoneNumberInvalidError):
        canonical(text, region="US")


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    try:
        number = canonical(text, region="US")
    except PhoneNumberInvalidError:
        return
    assert number.removeprefix("+").isdigit()
