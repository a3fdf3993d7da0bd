"""The block and allow lists."""

from tests.integration.support import Api, eventually


def test_a_sender_is_listed_shown_and_taken_off(analyst: Api, phone_number: str) -> None:
    put = {"list": "block", "reason": "spoofs a bank", "expires_at": "2099-01-01T00:00:00Z"}
    stored = analyst.ok("PUT", f"/senders/{phone_number}", json=put)
    assert stored["list"] == "block"
    assert stored["expires_at"] == "2099-01-01T00:00:00.000Z"
    assert analyst.ok("GET", f"/senders/{phone_number}") == stored

    def listed() -> bool:
        page = analyst.ok("GET", "/senders", params={"list": "block", "limit": "100"})
        return phone_number in {entry["phone_number"] for entry in page["items"]}

    eventually(listed, what="the listing")
    assert analyst("DELETE", f"/senders/{phone_number}").status_code == 204
    assert analyst("GET", f"/senders/{phone_number}").status_code == 404
    assert analyst("DELETE", f"/senders/{phone_number}").status_code == 404


def test_any_notation_of_a_number_means_the_same_sender(analyst: Api, phone_number: str) -> None:
    national = f"({phone_number[2:5]}) {phone_number[5:8]}-{phone_number[8:]}"
    analyst.ok("PUT", f"/senders/{national}", json={"list": "allow", "reason": "known"})
    assert analyst.ok("GET", f"/senders/{phone_number}")["phone_number"] == phone_number


def test_an_entry_in_the_past_is_refused(analyst: Api, phone_number: str) -> None:
    put = {"list": "block", "reason": "late", "expires_at": "2001-01-01T00:00:00Z"}
    answer = analyst("PUT", f"/senders/{phone_number}", json=put)
    assert answer.status_code == 422
    assert analyst("GET", f"/senders/{phone_number}").status_code == 404
