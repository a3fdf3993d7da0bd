"""A message travels: API, store, lists, counters."""

from tests.integration.support import HARMLESS, SCAM, Api, eventually


def test_a_scam_is_critical_and_its_reasons_add_up(client: Api, phone_number: str) -> None:
    verdict = client.ok("POST", "/analyze", json={"message_content": SCAM, "phone_number": phone_number})
    assert verdict["risk_level"] == "Critical"
    assert verdict["action"] == "automatically_blacklisted"
    assert verdict["sender"] == {"phone_number": phone_number, "list": "block"}
    assert abs(sum(reason["points"] for reason in verdict["reasons"]) - verdict["risk_score"]) <= 1
    for reason in verdict["reasons"]:
        for start, end in reason["spans"]:
            assert 0 <= start < end <= len(SCAM)


def test_a_harmless_message_is_low(client: Api) -> None:
    verdict = client.ok("POST", "/analyze", json={"message_content": HARMLESS})
    assert verdict["risk_level"] == "Low"
    assert verdict["action"] == "none"


def test_what_was_analysed_can_be_read_again(client: Api, analyst: Api, phone_number: str) -> None:
    sent = {
        "message_content": HARMLESS,
        "phone_number": phone_number,
        "channel": "whatsapp",
        "metadata": {"ticket": "A-17"},
    }
    verdict = client.ok("POST", "/analyze", json=sent)
    message = analyst.ok("GET", f"/messages/{verdict['message_id']}")
    assert message == {**verdict, **sent, "feedback": None}
    listed = eventually(
        lambda: analyst.ok("GET", "/messages", params={"sender": phone_number})["items"], what="the listing"
    )
    assert [item["message_id"] for item in listed] == [verdict["message_id"]]


def test_a_dry_run_keeps_nothing(client: Api, analyst: Api, phone_number: str) -> None:
    verdict = client.ok(
        "POST", "/analyze", json={"message_content": SCAM, "phone_number": phone_number, "dry_run": True}
    )
    assert verdict["risk_level"] == "Critical"
    assert verdict["action"] == "none"
    assert analyst("GET", f"/messages/{verdict['message_id']}").status_code == 404
    assert analyst("GET", f"/senders/{phone_number}").status_code == 404


def test_a_batch_answers_each_message_on_its_own(client: Api, analyst: Api, phone_number: str) -> None:
    messages = [
        {"message_content": SCAM, "phone_number": phone_number},
        {"message_content": ""},
        {"message_content": HARMLESS},
        {"message_content": HARMLESS, "phone_number": "12"},
        "not an object",
    ]
    results = client.ok("POST", "/analyze/batch", json={"messages": messages})["results"]
    assert [item.get("problem", {}).get("code") for item in results] == [
        None,
        "message_empty",
        None,
        "phone_number_invalid",
        "invalid_request",
    ]
    for position in (0, 2):
        analyst.ok("GET", f"/messages/{results[position]['result']['message_id']}")
    assert analyst.ok("GET", f"/senders/{phone_number}")["list"] == "block"


def test_the_allow_list_wins(client: Api, analyst: Api, phone_number: str) -> None:
    analyst.ok("PUT", f"/senders/{phone_number}", json={"list": "allow", "reason": "our own bank"})
    verdict = client.ok("POST", "/analyze", json={"message_content": SCAM, "phone_number": phone_number})
    assert verdict["risk_level"] == "Low"
    assert verdict["sender"]["list"] == "allow"
    assert analyst.ok("GET", f"/senders/{phone_number}")["list"] == "allow"


def test_a_blocked_sender_raises_the_score(client: Api, analyst: Api, phone_number: str) -> None:
    before = client.ok("POST", "/analyze", json={"message_content": HARMLESS, "phone_number": phone_number})
    analyst.ok("PUT", f"/senders/{phone_number}", json={"list": "block", "reason": "reported by three people"})
    after = client.ok("POST", "/analyze", json={"message_content": HARMLESS, "phone_number": phone_number})
    assert after["risk_score"] > before["risk_score"]
    assert "SENDER_BLOCKED" in {reason["code"] for reason in after["reasons"]}


def test_lists_page_without_gaps_or_repeats(client: Api, analyst: Api, phone_number: str) -> None:
    sent = [
        client.ok("POST", "/analyze", json={"message_content": f"{HARMLESS} {n}", "phone_number": phone_number})
        for n in range(7)
    ]
    newest_first = [verdict["message_id"] for verdict in reversed(sent)]

    def all_pages() -> list[str] | None:
        seen: list[str] = []
        query = {"sender": phone_number, "limit": "3"}
        page = analyst.ok("GET", "/messages", params=query)
        seen += [item["message_id"] for item in page["items"]]
        while page["next"]:
            page = analyst.ok("GET", "/messages", params={**query, "cursor": page["next"]})
            seen += [item["message_id"] for item in page["items"]]
        return seen if len(seen) >= len(newest_first) else None

    assert eventually(all_pages, what="seven rows") == newest_first


def test_time_and_level_filters(client: Api, analyst: Api, phone_number: str) -> None:
    low = client.ok("POST", "/analyze", json={"message_content": HARMLESS, "phone_number": phone_number})
    critical = client.ok("POST", "/analyze", json={"message_content": SCAM, "phone_number": phone_number})
    query = {"from": critical["analyzed_at"], "to": critical["analyzed_at"], "level": "Critical"}
    found = eventually(lambda: analyst.ok("GET", "/messages", params=query)["items"], what="the Critical row")
    assert critical["message_id"] in {item["message_id"] for item in found}
    assert low["message_id"] not in {item["message_id"] for item in found}


def test_every_message_is_counted_once(client: Api, analyst: Api) -> None:
    def total() -> int:
        return int(analyst.ok("GET", "/stats")["totals"]["messages"])

    settled = total()
    while (again := total()) != settled:
        settled = again
    client.ok("POST", "/analyze/batch", json={"messages": [{"message_content": HARMLESS}] * 30})
    assert eventually(lambda: total() if total() >= settled + 30 else None, what="30 counts") == settled + 30
    stats = analyst.ok("GET", "/stats")
    assert sum(stats["totals"]["by_level"].values()) == stats["totals"]["messages"]
    assert sum(hour["messages"] for hour in stats["hours"]) == stats["totals"]["messages"]
