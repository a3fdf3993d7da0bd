"""The normaliser undoes disguises, leaves genuine writing alone, and never loses the way back."""

import pytest
from hookline_ml.normalise import Normalised, normalise
from hypothesis import given, settings
from hypothesis import strategies as st

from training.corpus import generate

PLAIN = "Your account has been suspended, claim your free gift"

DISGUISES = {
    "zero_width": "Your acc\u200bo\u200bunt has been susp\u2060ended, claim your fr\u00adee gift",
    "bidi": "Your account has been \u202ednessep\u202c".replace("dnessep", "dednepsus") + ", claim your free gift",
    "combining": "Your a\u0336c\u0337count has been s\u0334uspended, claim your fre\u0335e gift",
    "confusables": "Yоur ассоunt hаs bееn suspеndеd, clаim yоur frее gift",
    "spaced_letters": "Your a.c.c.o.u.n.t has been s-u-s-p-e-n-d-e-d, claim your f r e e gift",
    "leetspeak": "Your acc0unt has been $uspended, cl4im your fr33 g1ft",
}


@pytest.mark.parametrize("trick", DISGUISES)
def test_each_disguise_is_undone_and_named(trick: str) -> None:
    found = normalise(DISGUISES[trick])

    assert found.text == PLAIN
    assert found.tricks == {trick}


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("go to hxxps://example[.]com/x", "go to https://example.com/x"),
        ("go to example(dot)com", "go to example.com"),
        ("go to http //example.com", "go to http://example.com"),
        ("go to example. com/login", "go to example.com/login"),
        ("fr&#101;e gift", "free gift"),
        ("𝗬𝗼𝘂𝗿 𝗮𝗰𝗰𝗼𝘂𝗻𝘁", "Your account"),
        ("ꜰʀᴇᴇ ɢɪꜰᴛ", "free gift"),
        ("claim y o u r f r e e g i f t today", "claim your free gift today"),
        ("acc.ount and pass_w.ord", "account and password"),
        ("y\u20600ur p4с.k.a.g.e", "your package"),
        ("call I.n.d.u.s B a n k now", "call Indus Bank now"),
        ("c l a i m y.o.u.r f r e e gift", "claim your free gift"),
        ("made by m-i-s-t-a-k-e p-h-o-n-e 1-800-555-0123", "made by mistake phone 1-800-555-0123"),
        ("see \u0440\u0430\u0443\u0440\u0430l.com and \u0440\u0430\u0443", "see paypal.com and pay"),
        ("yo.ur ca_rd th*is pass_word", "your card this password"),
        ("r3l34$3 the 4cqu1$1t10n m3$$4g3", "release the acquisition message"),
        ("\u202ellabrewoP\u202c winner", "Powerball winner"),
    ],
)
def test_more_disguises(disguised: str, plain: str) -> None:
    assert normalise(disguised).text == plain


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("pay at http:// evri-fee.com/x now", "pay at http://evri-fee.com/x now"),
        ("see http://paypal -user.com", "see http://paypal-user.com"),
        ("see http://paypal\nlogin.com/a", "see http://paypal-login.com/a"),
        ("see http://mail2a .ngrok.io/x or call", "see http://mail2a.ngrok.io/x or call"),
        ("http:// 203.0.113.7 today", "http://203.0.113.7 today"),
        ("http://intranet and tell me. Bye", "http://intranet and tell me. Bye"),
        ("http://example.com shop.com", "http://example.com shop.com"),
    ],
)
def test_a_torn_link_becomes_whole_and_is_no_disguise(torn: str, whole: str) -> None:
    found = normalise(torn)

    assert (found.text, found.tricks) == (whole, frozenset())
    assert len(found.offsets) == len(whole)


@pytest.mark.parametrize(
    "text",
    [
        "Café, naïve, Zürich, Łódź, İstanbul, Việt Nam, São Paulo, Ærø",
        "Привет! Ваш код 1234. Никому его не сообщайте.",
        "Ο κωδικός σας είναι 1234",
        "รหัส OTP ของคุณคือ 1234 กรุณาอย่าบอกผู้อื่น",
        "رمز التحقق الخاص بك هو 1234",
        "आपका ओटीपी 1234 है। किसी को न बताएँ।",
        "你的验证码是1234,请勿告诉他人",
        "認証コードは1234です",
        "See you 🎉 👨‍👩‍👧 at 8pm b4 the show, it was gr8",
        "Flight BA0117, gate B22, seat 14A, ref X7K2PQ, COVID19 rules, iPhone 15, 3D, H&M, G-482913",
        "Meet at 5 p.m. at St. Mary's, not e-mail; check-in is self-service.",
        "می‌خواهم",
        "What's the plan? You've said it wasn't, we'll see, o'clock, rock'n'roll, y'all, l'été, Qur'an, d'accord",
        "The 1st at 8am or 10pm, VV3 2AB, r u 4 real, U.S.A., B.B.C., see u 2moro, be4 9",
        "Co-op, G4S, CA$3,600, k.its, snake_case_name, a*b",
        "We are open. Shop / parking behind the house. Top offers. info.hotel.com has more.",
        "Netflix: карта 1234",
        "Магазин «М.Видео»: заказ готов, смотрите на https://example.ru/orders/long-path-in-latin-letters",
    ],
)
def test_genuine_writing_stays_as_it_is(text: str) -> None:
    found = normalise(text)

    assert found.text == text
    assert found.tricks == frozenset()


@pytest.mark.parametrize(
    ("written", "plain"),
    [("I\x92ve got it \x96 that\x92s all", "I've got it – that's all"), ("i\u0307ş günü", "iş günü")],
)
def test_what_a_wrong_code_page_or_case_left_is_no_disguise(written: str, plain: str) -> None:
    assert normalise(written) == Normalised(plain, written, normalise(written).offsets, frozenset())


WORDS = [
    "café",
    "naïve",
    "Zürich",
    "Łódź",
    "señor",
    "façade",
    "über",
    "coração",
    "İstanbul",
    "şirket",
    "Việt",
    "Nam",
    "được",
    "รหัส",
    "ยืนยัน",
    "ของคุณ",
    "กรุณา",
    "ที่นี่",
    "เงิน",
    "น้ำ",
    "رمز",
    "التحقق",
    "الخاص",
    "بك",
    "يُرجى",
    "شكرًا",
    "لك",
    "आपका",
    "ओटीपी",
    "है",
    "किसी",
    "को",
    "न",
    "बताएँ",
    "क्योंकि",
    "验证码",
    "请勿",
    "告诉他人",
    "認証コード",
    "ありがとう",
    "인증번호",
    "감사합니다",
    "Привет",
    "ваш",
    "код",
    "никому",
    "Ελλάδα",
    "κωδικός",
    "🎉",
    "👨\u200d👩\u200d👧",
    "🇬🇧",
    "❤️",
    "1️⃣",
    "می\u200cخواهم",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
def test_no_mixture_of_genuine_words_is_called_a_disguise(words: list[str]) -> None:
    found = normalise(" ".join(words))

    assert found.tricks == frozenset()
    assert len(found.text.split()) == len(words)


def test_the_corpus_holds_no_genuine_message_that_is_called_a_disguise() -> None:
    genuine = [row["text"] for row in generate("train", 7, 1) if row["label"] == "legit"]

    disguised = [text for text in genuine if normalise(text).tricks - {"entities"}]

    assert len(disguised) <= len(genuine) / 1000, disguised


def test_a_span_leads_back_to_the_disguised_words() -> None:
    original = "Hi, your p.a.c.k.a.g.e is he1d at hxxp://x[.]com"
    found = normalise(original)
    start = found.text.index("package")

    first, last = found.span(start, start + len("package"))

    assert original[first:last] == "p.a.c.k.a.g.e"


HOSTILE = {
    "empty": "",
    "repeated characters": "a" * 10_000,
    "combining marks": "\u0301" * 10_000,
    "marks on a letter": "a" + "\u0301" * 9_999,
    "every plane": "".join(chr(plane << 16 | 0x1234) for plane in range(17)),
    "lone surrogates": "\ud800\udc00\udfff free \ud83d",
    "only emoji": "🎉🎉🎉",
    "only a link": "https://example.com",
    "long link": "https://example.com/" + "a" * 9_000,
    "links": "http://a.b " * 5_000,
    "mixed scripts": "аbγ" * 3_000,
    "nested encodings": "&amp;#38;#102;" * 500,
    "overrides": "\u202e" * 10_000,
    "spaced letters": "f r e e " * 1_250,
    "controls": "\x00\x07\x1b" * 3_000,
    "tags": "\U000e0041" * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read(name: str) -> None:
    _check(normalise(HOSTILE[name]))


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_any_text_is_read_and_every_character_has_its_place(text: str) -> None:
    _check(normalise(text))


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("fre \u200b\u0301\u202e\u202ca.@3$0-1оа[]:/h"), max_size=80))
def test_any_mixture_of_tricks_is_read(text: str) -> None:
    _check(normalise(text))


def _check(found: Normalised) -> None:
    assert len(found.offsets) == len(found.text)
    assert all(0 <= offset < len(found.original) for offset in found.offsets)
    start, end = found.span(0, len(found.text))
    assert 0 <= start <= end <= len(found.original)
    found.text.encode()  # no surrogate is left
