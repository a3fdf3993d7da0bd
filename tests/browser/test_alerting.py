"""Alerts on the stack itself: when they are raised, who has seen to them, and what is sent again."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.support import Console
from tests.integration.receiver import Receiver, listening
from tests.integration.support import SCAM, Api, Stack, eventually


@pytest.fixture
def policy(admin: Api) -> Iterator[dict[str, Any]]:
    """Return the policy, and put it back afterwards."""
    found: dict[str, Any] = admin.ok("GET", "/alerts/policy")
    yield found
    admin.ok("PUT", "/alerts/policy", json=found)


@pytest.fixture
def alert(policy: dict[str, Any], admin: Api, client: Api, phone_number: str) -> dict[str, Any]:
    """Return an open alert of one sender."""
    admin.ok("PUT", "/alerts/policy", json={**policy, "group_by": "sender", "min_level": "Critical"})
    sent: list[str] = []

    def look() -> dict[str, Any] | None:
        found = [one for one in admin.ok("GET", "/alerts")["items"] if one["phone_number"] == phone_number]
        if not found:  # functions go by the policy of before for a moment
            message = {"message_content": SCAM, "phone_number": phone_number}
            sent.append(client.ok("POST", "/analyze", json=message)["message_id"])
        elif found[0]["latest_message_id"] == sent[-1]:
            return dict(found[0])
        return None

    return eventually(look, what="the alert")


@pytest.fixture
def receiver(stack: Stack) -> Iterator[Receiver]:
    """Run a receiver that the stack may deliver to."""
    name = stack.outputs["AlertsFunctionName"]
    settings = stack.aws("lambda").get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    if settings.get("WEBHOOK_ALLOW_LOOPBACK") != "true":
        pytest.skip("SKIPPED LOUDLY: this stack may not deliver to this machine (parameter WebhookAllowLoopback)")
    with listening() as found:
        yield found


@pytest.fixture
def endpoint_id(admin: Api, receiver: Receiver) -> Iterator[str]:
    """Return an endpoint that delivers to the receiver."""
    url = f"http://127.0.0.1:{receiver.port}/hook"
    made = admin.ok("POST", "/alerts/endpoints", json={"type": "webhook", "name": "Night desk", "url": url})
    yield str(made["endpoint_id"])
    admin.ok("DELETE", f"/alerts/endpoints/{made['endpoint_id']}")


def test_the_policy_is_saved(desk: Console, admin: Api, policy: dict[str, Any]) -> None:
    desk.open("#/alerts?tab=policy")
    desk.page.get_by_role("button", name="Change").click()
    form = desk.page.get_by_role("dialog", name="Alert policy")
    form.get_by_label("Alerts begin at").select_option("High")
    form.get_by_label("One alert for each").select_option("rule")
    form.get_by_label("Told again after").fill("25")
    form.get_by_label("Digest every").fill("15")
    form.get_by_label("From").fill("22:00")
    form.get_by_label("Zone").fill("Nowhere/Land")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("Quiet hours need both ends.")
    form.get_by_label("To", exact=True).fill("06:30")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).not_to_contain_text("Quiet hours need both ends.")
    expect(form.get_by_role("alert")).not_to_be_empty()
    assert admin.ok("GET", "/alerts/policy") == policy
    form.get_by_label("Zone").fill("Europe/Paris")
    form.get_by_role("button", name="Save").click()
    expect(desk.toast("Saved.")).to_be_visible()
    facts = desk.page.locator("main .facts")
    expect(facts).to_contain_text("22:00 to 06:30 (Europe/Paris), but for Critical and above")
    expect(facts).to_contain_text("every 15 minutes")
    assert admin.ok("GET", "/alerts/policy") == {
        **policy,
        "min_level": "High",
        "group_by": "rule",
        "cooldown_minutes": 25,
        "digest_minutes": 15,
        "quiet_hours": {"from": "22:00", "to": "06:30", "zone": "Europe/Paris", "min_level": "Critical"},
    }


def test_an_alert_of_the_stack_is_acknowledged(desk: Console, admin: Api, alert: dict[str, Any]) -> None:
    desk.go("Alerts")
    card = desk.page.locator(f'.alert[data-id="{alert["alert_id"]}"]')
    expect(card.locator(".alert-count")).to_have_text(str(alert["messages"]))
    card.get_by_role("button", name="Latest message").click()
    expect(desk.detail().locator("code", has_text=alert["latest_message_id"])).to_be_visible()
    desk.page.keyboard.press("Escape")
    card.get_by_role("button", name="Acknowledge").click()
    expect(desk.toast("Acknowledged.")).to_be_visible()
    expect(card).to_have_count(0)
    desk.page.get_by_role("group", name="Status").get_by_role("button", name="Acknowledged").click()
    expect(card).to_contain_text(f"acknowledged by {admin.ok('GET', '/me')['key_id']}")
    assert alert["alert_id"] not in [one["alert_id"] for one in admin.ok("GET", "/alerts")["items"]]


def test_what_was_given_up_is_tried_again_and_what_was_delivered_is_sent_again(
    desk: Console, admin: Api, receiver: Receiver, endpoint_id: str, request: pytest.FixtureRequest
) -> None:
    receiver.status = 410  # gone: given up at once, and the endpoint disabled
    request.getfixturevalue("alert")

    event_id = eventually(lambda: receiver.received, what="the delivery")[0][0]["webhook-id"]

    def delivery(status: str) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            found = admin.ok("GET", "/alerts/deliveries", params={"endpoint": endpoint_id, "status": status})["items"]
            return next((one for one in found if one["event_id"] == event_id), None)

        return eventually(look, what=f"the delivery's being {status}")

    def arrived() -> list[tuple[dict[str, str], bytes]]:
        return [(headers, body) for headers, body in receiver.received if headers["webhook-id"] == event_id]

    dead = delivery("dead")
    endpoint = f"/alerts/endpoints/{endpoint_id}"
    eventually(lambda: admin.ok("GET", endpoint)["disabled_reason"] == "gone", what="the end of the endpoint")
    receiver.status = 200  # first: what else is on its way would end the endpoint again
    admin.ok("PATCH", endpoint, json={"status": "enabled"})
    desk.open(f"#/alerts?tab=deliveries&endpoint={endpoint_id}")
    row = desk.page.locator(f'tr[data-id="{dead["delivery_id"]}"]')
    expect(row).to_contain_text("Given up")
    desk.page.get_by_role("button", name="Retry what was given up").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Try again").click()
    expect(desk.toast("tried again.")).to_be_visible()
    delivery("delivered")
    desk.page.reload()
    expect(row).to_contain_text("Delivered")
    assert ["hookline-replay" in headers for headers, _ in arrived()] == [False, False]

    row.get_by_role("button", name="Send again").click()
    expect(desk.toast("It is sent again.")).to_be_visible()
    eventually(lambda: len(arrived()) == 3, what="the replay")
    (_, first), _, (headers, again) = arrived()
    assert headers["hookline-replay"] == "true"
    assert again == first
