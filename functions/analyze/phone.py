"""Phone numbers as people write them, and as Hookline keeps them."""

import phonenumbers
from hookline_core.errors import PhoneNumberInvalidError
from phonenumbers import CountryCodeSource, NumberParseException, PhoneNumberFormat, shortnumberinfo

LONGEST = 40
"""Characters of the longest text that is looked at as a phone number."""


def canonical(text: str, *, region: str) -> str:
    """Return a number as E.164, or a short code as its digits.

    Parameters
    ----------
    text
        A number in any usual notation; national ones are read as the region's.
    region
        ISO 3166 code of the default region.

    Raises
    ------
    PhoneNumberInvalidError
        If no such number can exist.

    Example
    -------
    >>> canonical("(555) 123-4567", region="US")
    '+15551234567'
    """
    if len(text) > LONGEST:
        raise PhoneNumberInvalidError("This is too long for a phone number.")
    try:
        number = phonenumbers.parse(text, region, keep_raw_input=True)
    except NumberParseException as error:
        raise PhoneNumberInvalidError("This is not a phone number.") from error
    if phonenumbers.is_possible_number(number) and number.national_number:
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    # A short code belongs to one country, so nobody writes it with a country code.
    national = number.country_code_source == CountryCodeSource.FROM_DEFAULT_COUNTRY
    if national and shortnumberinfo.is_possible_short_number_for_region(number, region):
        return str(number.national_number)
    raise PhoneNumberInvalidError("No such phone number can exist.")
