"""Hostile input never raises, and what is said about it stays inside the text."""

from collections import Counter

import pytest
from hookline_ml.links import MAX_LINKS
from hookline_ml.normalise import normalise
from hookline_ml.patterns import Folded, Pattern, fold
from hookline_ml.rules import load_rules
from hookline_ml.signals import extract
from hookline_ml.types import Sender
from hypothesis import given, settings
from hypothesis import strategies as st

EVERY_PLANE = "".join(chr(plane * 0x10000 + offset) for plane in range(17) for offset in range(0, 0x10000, 97))
CASES = {
    "nothing": "",
    "spaces": " \n\t",
    "nulls": "\0" * 5000,
    "one letter": "a" * 10_000,
    "one mark": "e" + "\u0301" * 10_000,
    "surrogates": "\ud800\udfff pay \udc00 now",
    "planes": EVERY_PLANE,
    "emoji": "😀🏴󠁧󠁢󠁥󠁮󠁧󠁿👩‍👩‍👧‍👦" * 400,
    "long link": "https://example.com/" + "a/" * 4500,
    "long host": "https://" + "a." * 4500 + "com",
    "long label": "https://" + "a" * 9000 + ".com",
    "many links": "https://paypal.com-x.top/ " * 5000,
    "many bare links": "a.co " * 2000,
    "many addresses": "a@b.co " * 1500,
    "only a link": "bit.ly/x",
    "at signs": "https://" + "@" * 9000,
    "dots": "." * 10_000,
    "slashes": "http://" * 1500,
    "brackets": "([{<" * 2500,
    "digits": "1" * 10_000,
    "grouped digits": "1 234-567 " * 1000,
    "almost a number": "+1 (800 " * 1200,
    "your": "your " * 2000,
    "account": "your account account " * 500,
    "sentence": "please confirm your account or it will be suspended within 24 hours " * 140,
    "punycode": "http://xn--" + "a" * 200 + "-9999999999.com http://xn--.com http://xn--\ud800.com",
    "numbers as hosts": "http://999.999.999.999/ http://0xffffffff/ http://[::1]/ http://[/",
    "digits for letters": "p4yp4l acc0unt v3r1fy 1mm3d14t3ly " * 300,
    "spaced letters": "f r e e " * 1250,
    "split words": "acc.ount pass_w.ord " * 500,
    "overrides": "\u202e" * 9_999 + "x",
    "nested encodings": "&amp;#38;%2525#102;" * 500,
    "sums": "$1,234.56 " * 1000,
    "scripts": "paypal пэйпал 支付宝 पेपैल بايبال ページ " * 150,
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in CASES.items()])
def test_hostile_text_is_read_to_the_end(text: str) -> None:
    normalised = normalise(text)
    signals = extract(normalised, sender=Sender(phone_number=text[:40]), channel=text[:10])
    hits = load_rules().match(normalised, signals)
    assert len(signals.links) <= MAX_LINKS
    spans = [span for item in (*signals.items, *hits) for span in item.spans]
    assert all(0 <= start <= end <= len(normalised.text) for start, end in spans)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in CASES.items()])
def test_no_pattern_runs_twice(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: Counter[Pattern] = Counter()
    run = Pattern.run

    def counted(self: Pattern, raw: bytes) -> tuple[int, int] | None:
        runs[self] += 1
        return run(self, raw)

    monkeypatch.setattr(Pattern, "run", counted)
    normalised = normalise(text)
    load_rules().match(normalised, extract(normalised))

    assert all(count == 1 for count in runs.values())


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_is_read_to_the_end(text: str) -> None:
    normalised = normalise(text)
    load_rules().match(normalised, extract(normalised))


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in CASES.items()])
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
    folded = Folded.of(text)
    assert folded.offset(len(folded.raw)) == len(text)
