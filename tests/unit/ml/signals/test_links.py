"""What links give away, without a network."""

import pytest
from hookline_ml.links import MAX_LINKS, Link, brand_book, find_links, registrable
from hookline_ml.links.brands import one_edit_apart, parse_brands
from hookline_ml.links.hosts import known_hosts
from hookline_ml.links.suffixes import is_ending
from hookline_ml.normalise import normalise
from hookline_ml.patterns import Folded
from hookline_ml.signals.sender import calling_codes
from publicsuffixlist import PublicSuffixList


def links(text: str) -> tuple[Link, ...]:
    normalised = normalise(text)
    return find_links(normalised, Folded.of(normalised.text))


def codes(text: str) -> set[str]:
    (link,) = links(text)
    return set(link.codes)


@pytest.mark.parametrize(
    "host",
    [
        "usps.com-track.xin",
        "www.hsbc.co.uk",
        "foo.github.io",
        "a.b.web.app",
        "hmrc.gov.uk",
        "www.ck",
        "foo.ck",
        "a.foo.ck",
        "city.kawasaki.jp",
        "a.b.kawasaki.jp",
        "com",
        "localhost",
        "a.b.no-such-ending",
        "blog.blogspot.com.br",
        "例子.中国",
    ],
)
def test_registrable_domains_agree_with_the_library(host: str) -> None:
    assert registrable(host) == PublicSuffixList().privatesuffix(host)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://usps.com-track.xin/a", {"URL_BRAND_SUB", "URL_TLD"}),
        ("see https://com-parcel-help.net", {"URL_BRAND_SUB"}),
        ("see http://www.paypal.com.account-desk.net/login", {"URL_BRAND_SUB"}),
        ("see paypa1.com today", {"URL_LOOKALIKE"}),
        ("see https://netfllx.com", {"URL_LOOKALIKE"}),
        ("see hsbc-payee-cancel.com", {"URL_LOOKALIKE"}),
        ("see netflixbilling.net", {"URL_LOOKALIKE"}),
        ("see https://www.paypal.com/activity", {"OFFICIAL_LINK"}),
        ("see https://www.gov.uk/tax", {"OFFICIAL_LINK"}),
        ("see https://sede.agenciatributaria.gob.es", {"OFFICIAL_LINK"}),
        ("see bit.ly/3xYz", {"URL_SHORT"}),
        ("see gov.uk/renew-driving-licence", {"OFFICIAL_LINK"}),
        ("see https://flower-shop.com.br/wp-content/a/verify", {"URL_HACKED"}),
        ("see https://flower-shop.com.br/netflix/verify", {"URL_BRAND_PATH"}),
        ("see https://flower-shop.com.br/.well-known/paypal/x", {"URL_HACKED", "URL_BRAND_PATH"}),
        ("see https://www.paypal.com/netflix/pay", {"OFFICIAL_LINK"}),
        ("see https://my-page.web.app/x", {"URL_FREEHOST"}),
        ("see https://docs.google.com/forms/d/1", {"URL_FREEHOST"}),
        ("write https://t.me/somebody", {"URL_CHAT"}),
        ("see http://185.12.33.4/login", {"URL_IP"}),
        ("see 185.12.33.4/login", {"URL_IP"}),
        ("see http://3232235777/x", {"URL_IP"}),
        ("see http://xn--pypal-4ve.com/x", {"URL_PUNY", "URL_LOOKALIKE"}),
        ("see https://paypal.com@help-desk.net/x", {"URL_USERINFO"}),
        ("see tiktok.com@help-desk.net/x", {"URL_USERINFO"}),
        ("get http://files.example.net/wedding.apk", {"URL_APK"}),
        ("see pine-confirm.me/a", {"URL_LURE"}),
        ("see https://kycupdateonline.org/a", {"URL_LURE"}),
        ("see https://securepaylogin24.com", {"URL_LURE"}),
        ("see https://boi-loginreview.com", {"URL_LURE"}),
        ("see https://onlineaccount.org", set()),  # companions alone do not lure
        ("see https://finewine.com", set()),
        ("see https://stone-path.org", set()),  # the words must be ones that lure
        ("see https://www.example.org/page", set()),
        ("see https://amazon.pl", set()),  # most likely the brand's own national site
        ("see https://netflix.zendesk.com/help", set()),
        ("see http:bit.ly/3xYz", {"URL_SHORT"}),
        ("see https:/bit.ly/3xYz", {"URL_SHORT"}),
        ("see http://http://185.12.33.4/login", {"URL_IP"}),
        ("see http:owly/3xYz", set()),
    ],
)
def test_a_link_is_judged_by_its_shape(text: str, expected: set[str]) -> None:
    assert codes(text) == expected


def test_letters_of_another_script_make_a_lookalike_of_an_official_domain() -> None:
    assert codes("see https://p\u0430yp\u0430l.com/x") == {"URL_LOOKALIKE"}


@pytest.mark.parametrize(
    "text",
    [
        "hello.how are you",
        "see you at 5.30 then",
        "write to anna.smith@gmail.com",
        "ok.so what",
        "e.g. this",
        "...",
        "a@b.com",
        "1.2.3.4",
    ],
)
def test_prose_addresses_and_numbers_are_no_links(text: str) -> None:
    assert links(text) == ()


def test_a_link_ends_before_the_punctuation_of_its_sentence() -> None:
    text = "Go to https://www.example.org/a?b=1, then rest."
    (link,) = links(text)
    assert text[slice(*link.span)] == "https://www.example.org/a?b=1"


def test_only_so_many_links_are_looked_at() -> None:
    assert len(links("https://a.example.com/x " * 5000)) == MAX_LINKS


def test_one_edit() -> None:
    assert one_edit_apart("paypal", "paypaI".lower())
    assert one_edit_apart("netflix", "netlfix")
    assert one_edit_apart("amazon", "amazn")
    assert not one_edit_apart("amazon", "amazon")
    assert not one_edit_apart("amazon", "amzoon2")


def test_the_brand_table_is_sound() -> None:
    brands = brand_book().brands
    assert len(brands) >= 200
    assert len({brand.name for brand in brands}) == len(brands)
    for brand in brands:
        assert brand.country == "*" or brand.country in calling_codes(), brand
        for domain in brand.domains:
            assert domain == domain.lower(), brand
            assert is_ending(domain.rsplit(".", 1)[-1]), brand
        assert all(label.isascii() and label == label.lower() for label in brand.labels), brand


def test_a_bad_brand_line_is_named() -> None:
    with pytest.raises(ValueError, match="line 2"):
        parse_brands("# comment\nonly\tthree\tfields")


def test_the_host_table_is_sound() -> None:
    hosts = known_hosts()
    assert hosts.is_government("gov.uk")
    assert not hosts.is_government("co.uk")
    assert all(is_ending(ending) for ending in hosts.risky_endings | hosts.word_endings)
