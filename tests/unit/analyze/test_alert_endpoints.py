"""``/alerts/endpoints``: an admin says where alerts go; what is secret about it is shown once."""

import json
from typing import Any

import boto3
import pytest
from analyze.bootstrap import bootstrap
from hookline_core.alerting.topic import AlertTopic
from hookline_core.clock import utc_now
from hookline_core.identity import Role
from hookline_core.stores.aws import client
from hookline_core.stores.endpoint_secrets import EndpointSecrets
from hookline_core.stores.endpoints import EndpointStore
from hookline_ml import CATEGORIES

from tests.builders import an_event
from tests.unit.analyze.conftest import Answer, Api
from tests.unit.faults import fault

PATH = "/alerts/endpoints"
WEBHOOK = {"type": "webhook", "name": "Fraud desk", "url": "https://hooks.example.test/in/token-1?key=token-2"}


def admin(api: Api, method: str, path: str, body: Any = None) -> Answer:
    return api(method, path, body=body, role=Role.ADMIN)


def added(api: Api, **changes: Any) -> Any:
    answer = admin(api, "POST", PATH, {**WEBHOOK, **changes})
    assert answer.status == 201, answer.text
    return answer.json()


def jobs(environment: dict[str, str]) -> list[Any]:
    answer = boto3.client("sqs").receive_message(QueueUrl=environment["ALERT_QUEUE_URL"], MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def policies(environment: dict[str, str]) -> list[tuple[str, str, Any]]:
    sns = boto3.client("sns")
    found = sns.list_subscriptions_by_topic(TopicArn=environment["ALERT_TOPIC_ARN"])["Subscriptions"]
    return [
        (
            entry["Protocol"],
            entry["Endpoint"],
            json.loads(
                sns.get_subscription_attributes(SubscriptionArn=entry["SubscriptionArn"])["Attributes"]["FilterPolicy"]
            ),
        )
        for entry in found
    ]


def test_a_webhook_is_added_with_a_secret_that_is_shown_once(api: Api) -> None:
    endpoint = added(api, filter={"min_level": "High", "categories": ["bank_impersonation"]})
    secret = endpoint.pop("secret")
    assert secret.startswith("whsec_")
    assert endpoint["url"] == "https://hooks.example.test/…"
    assert endpoint["address"] is None
    assert endpoint["status"] == "enabled"
    assert endpoint["last_delivery"] is None
    assert endpoint["filter"] == {
        "min_level": "High",
        "levels": [],
        "categories": ["bank_impersonation"],
        "event_types": [],
    }
    shown = admin(api, "GET", f"{PATH}/{endpoint['endpoint_id']}")
    assert shown.json() == endpoint
    listed = admin(api, "GET", PATH)
    assert listed.json() == {"items": [endpoint], "next": None}
    for answer in (shown, listed):
        for hidden in ("token-1", "token-2", secret):
            assert hidden not in answer.text


def kept_secrets() -> list[Any]:
    """Return the parameters under the endpoints' prefix; others have the same store."""
    return list(boto3.client("ssm").get_parameters_by_path(Path="/hookline/endpoints", Recursive=True)["Parameters"])


def test_what_is_secret_is_in_the_parameter_store_and_not_in_the_table(api: Api, environment: dict[str, str]) -> None:
    endpoint = added(api)
    assert [(found["Name"], found["Type"]) for found in kept_secrets()] == [
        (f"/hookline/endpoints/{endpoint['endpoint_id']}", "SecureString")
    ]
    rows = boto3.client("dynamodb").scan(TableName=environment["TABLE_ENDPOINTS"])["Items"]
    assert "token" not in json.dumps(rows)
    assert endpoint["secret"] not in json.dumps(rows)


def test_only_an_admin_sees_and_changes_endpoints(api: Api) -> None:
    endpoint_id = added(api)["endpoint_id"]
    for method, path in (
        ("GET", PATH),
        ("POST", PATH),
        ("GET", f"{PATH}/{endpoint_id}"),
        ("PATCH", f"{PATH}/{endpoint_id}"),
        ("DELETE", f"{PATH}/{endpoint_id}"),
        ("POST", f"{PATH}/{endpoint_id}/rotate"),
        ("POST", f"{PATH}/{endpoint_id}/test"),
    ):
        body = WEBHOOK if method in {"POST", "PATCH"} and "/r" not in path and "/test" not in path else None
        assert api(method, path, body=body, role=Role.ANALYST).json()["code"] == "role_forbidden"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"url": None}, "/body/url"),
        ({"url": ""}, "/body/url"),
        ({"url": "http://hooks.example.test/"}, "/body/url"),
        ({"url": "ftp://hooks.example.test/"}, "/body/url"),
        ({"url": "https://user:pass@hooks.example.test/"}, "/body/url"),
        ({"url": "https://hooks.example.test:25/"}, "/body/url"),
        ({"url": "https://169.254.169.254/latest"}, "/body/url"),
        ({"url": "https://[fe80::1]/"}, "/body/url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "/body/url"),
        ({"url": "https://2130706433/"}, "/body/url"),
        ({"url": "https://0x7f.1/"}, "/body/url"),
        ({"url": "https://100.64.0.1/"}, "/body/url"),
        ({"url": "https://localhost/"}, "/body/url"),
        ({"url": "https://metadata.google.internal/"}, "/body/url"),
        ({"url": "https://"}, "/body/url"),
        ({"address": "me@example.test"}, "/body/address"),
        ({"sender": "me@example.test"}, "/body/sender"),
        ({"name": " "}, "/body/name"),
        ({"type": "fax"}, "/body/type"),
        ({"filter": {"categories": ["no_such"]}}, "/body/filter/categories/0"),
        ({"filter": {"min_level": "Grave"}}, "/body/filter/min_level"),
        ({"filter": {"event_types": ["analysis.sneezed"]}}, "/body/filter/event_types/0"),
        ({"filter": {"min_lvl": "High"}}, "/body/filter/min_lvl"),
        ({"type": "pagerduty", "url": None, "address": "short"}, "/body/address"),
        ({"type": "smtp", "url": "smtp://mail.example.test", "address": "a@b\r\nBcc: c@d"}, "/body/address"),
        ({"type": "smtp", "url": "smtp://mail.example.test:80", "address": "a@b.test"}, "/body/url"),
        ({"type": "smtp", "url": "https://mail.example.test", "address": "a@b.test"}, "/body/url"),
        ({"type": "smtp", "url": "smtp://10.0.0.1", "address": "a@b.test"}, "/body/url"),
        ({"type": "email", "url": None, "address": "nobody"}, "/body/address"),
        ({"type": "email", "address": "a@b.test"}, "/body/url"),
    ],
)
def test_where_nothing_can_be_sent_is_refused_and_nothing_is_kept(api: Api, changes: Any, pointer: str) -> None:
    body = {name: value for name, value in {**WEBHOOK, **changes}.items() if value is not None}
    answer = admin(api, "POST", PATH, body)
    assert answer.status == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert admin(api, "GET", PATH).json()["items"] == []
    assert kept_secrets() == []


def test_a_number_that_cannot_exist_is_refused(api: Api) -> None:
    answer = admin(api, "POST", PATH, {"type": "sms", "name": "Duty phone", "address": "12"})
    assert (answer.status, answer.json()["code"]) == (422, "phone_number_invalid")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"type": "slack", "url": "https://hooks.slack.com/services/T0/B0/k"}, ("https://hooks.slack.com/…", None)),
        (
            {"type": "teams", "url": "https://p1.logic.azure.com/x?sig=k"},
            ("https://p1.logic.azure.com/…", None),
        ),
        ({"type": "discord", "url": "https://discord.com/api/webhooks/1/k"}, ("https://discord.com/…", None)),
        ({"type": "pagerduty", "address": "k" * 28 + "1234"}, ("https://events.pagerduty.com/…", "…1234")),
        (
            {"type": "smtp", "url": "smtp://me:k@mail.example.test:587", "address": "desk@example.test"},
            ("smtp://mail.example.test:587/", "desk@example.test"),
        ),
        ({"type": "email", "address": "desk@example.test"}, (None, "desk@example.test")),
        ({"type": "sms", "address": "(202) 555-0143"}, (None, "+12025550143")),
    ],
)
def test_every_type_is_added_and_shows_no_secret(api: Api, body: Any, shown: Any) -> None:
    answer = admin(api, "POST", PATH, {"name": "Desk", **body})
    assert answer.status == 201, answer.text
    found = answer.json()
    assert (found["url"], found["address"]) == shown
    assert found["secret"] is None


def test_a_rotation_shows_a_new_secret_and_keeps_the_one_before_for_a_day(
    api: Api, environment: dict[str, str]
) -> None:
    endpoint = added(api)
    rotated = admin(api, "POST", f"{PATH}/{endpoint['endpoint_id']}/rotate").json()
    assert rotated["secret"] != endpoint["secret"]
    secret = EndpointSecrets(lambda: client("ssm"), environment["ENDPOINT_SECRETS"]).get(endpoint["endpoint_id"])
    assert secret.signing_at(utc_now()) == [rotated["secret"], endpoint["secret"]]
    assert secret.signing_at(utc_now().replace(year=2030)) == [rotated["secret"]]
    again = admin(api, "POST", f"{PATH}/{endpoint['endpoint_id']}/rotate").json()
    assert again["secret"] not in {rotated["secret"], endpoint["secret"]}


def test_only_webhooks_have_a_secret_to_rotate(api: Api) -> None:
    endpoint = added(api, type="slack")
    answer = admin(api, "POST", f"{PATH}/{endpoint['endpoint_id']}/rotate")
    assert (answer.status, answer.json()["code"]) == (409, "conflict")


def test_a_change_keeps_what_it_does_not_name(api: Api) -> None:
    endpoint = added(api, filter={"min_level": "High"})
    path = f"{PATH}/{endpoint['endpoint_id']}"
    changed = admin(api, "PATCH", path, {"name": "Night desk", "status": "disabled"}).json()
    assert (changed["name"], changed["status"], changed["disabled_reason"]) == ("Night desk", "disabled", "by_admin")
    assert changed["filter"]["min_level"] == "High"
    moved = admin(api, "PATCH", path, {"url": "https://other.example.test/x", "status": "enabled"}).json()
    assert (moved["url"], moved["status"], moved["disabled_reason"]) == (
        "https://other.example.test/…",
        "enabled",
        None,
    )


def test_an_endpoint_that_is_not_there_is_not_found(api: Api) -> None:
    path = f"{PATH}/ep_none"
    for method, where, body in (
        ("GET", path, None),
        ("PATCH", path, {"name": "x"}),
        ("DELETE", path, None),
        ("POST", f"{path}/rotate", None),
        ("POST", f"{path}/test", None),
    ):
        assert admin(api, method, where, body).status == 404


def test_a_deleted_endpoint_leaves_nothing_behind(api: Api) -> None:
    endpoint = added(api)
    assert admin(api, "DELETE", f"{PATH}/{endpoint['endpoint_id']}").status == 204
    assert admin(api, "GET", PATH).json()["items"] == []
    assert kept_secrets() == []
    assert admin(api, "DELETE", f"{PATH}/{endpoint['endpoint_id']}").status == 404


def test_a_deletion_that_broke_off_can_be_made_again(api: Api) -> None:
    path = f"{PATH}/{added(api)['endpoint_id']}"
    with fault(client("dynamodb"), "DeleteItem"):
        assert admin(api, "DELETE", path).status == 503
    assert admin(api, "DELETE", path).status == 204


def test_a_test_is_a_job_for_one_endpoint(api: Api, environment: dict[str, str]) -> None:
    endpoint = added(api)
    answer = admin(api, "POST", f"{PATH}/{endpoint['endpoint_id']}/test")
    assert answer.status == 202
    (job,) = jobs(environment)
    assert job["endpoint_id"] == endpoint["endpoint_id"]
    assert job["event"]["type"] == "endpoint.test"
    assert answer.json() == {
        "event_id": job["event"]["id"],
        "delivery_id": f"{job['event']['id']}.{endpoint['endpoint_id']}",
    }


def test_mail_is_a_subscription_with_the_endpoints_filter(api: Api, environment: dict[str, str]) -> None:
    body = {"type": "email", "name": "Desk", "address": "desk@example.test", "filter": {"min_level": "High"}}
    endpoint = admin(api, "POST", PATH, body).json()
    path = f"{PATH}/{endpoint['endpoint_id']}"
    test = f"endpoint.test.{endpoint['endpoint_id']}"
    ((protocol, address, policy),) = policies(environment)
    assert (protocol, address) == ("email", "desk@example.test")
    assert policy["risk_level"] == ["High", "Critical", "-"]
    assert policy["event_type"] == [{"anything-but": {"prefix": "endpoint.test"}}, test]
    admin(api, "PATCH", path, {"filter": {"categories": ["parcel_delivery"]}})
    assert policies(environment)[0][2]["category_code"] == ["parcel_delivery", "-"]
    admin(api, "PATCH", path, {"status": "disabled"})
    assert policies(environment)[0][2]["event_type"] == [test]
    assert admin(api, "PATCH", path, {"address": "other@example.test"}).status == 409
    assert admin(api, "DELETE", path).status == 204
    assert policies(environment) == []


def test_a_subscription_hears_all_that_is_told_and_no_test_of_others(api: Api, environment: dict[str, str]) -> None:
    endpoint = admin(api, "POST", PATH, {"type": "email", "name": "Desk", "address": "desk@example.test"}).json()
    policy = json.dumps(policies(environment)[0][2])
    sqs, sns, topic = boto3.client("sqs"), boto3.client("sns"), environment["ALERT_TOPIC_ARN"]
    queue = sqs.create_queue(QueueName="desk")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"FilterPolicy": policy})
    event = an_event()
    for only in (None, endpoint["endpoint_id"], "ep_other"):
        AlertTopic(lambda: sns, topic).publish(event, only=only)
    assert len(sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]) == 2


def test_a_subscription_takes_what_sns_takes(api: Api, environment: dict[str, str]) -> None:
    body = {"type": "email", "name": "Desk", "address": "desk@example.test"}
    wide = {"min_level": "Critical", "categories": list(CATEGORIES)}
    wider = {**wide, "min_level": "Medium"}
    endpoint = admin(api, "POST", PATH, {**body, "filter": wide}).json()
    assert len(policies(environment)[0][2]["category_code"]) == len(CATEGORIES) + 1
    for answer in (
        admin(api, "POST", PATH, {**body, "filter": wider}),
        admin(api, "PATCH", f"{PATH}/{endpoint['endpoint_id']}", {"filter": wider}),
    ):
        assert (answer.status, answer.json()["errors"][0]["pointer"]) == (422, "/body/filter")
    assert len(policies(environment)) == 1
    assert (
        admin(api, "POST", PATH, {"type": "webhook", "name": "W", "url": "https://a.test", "filter": wider}).status
        == 201
    )


def test_the_templates_webhook_is_listed_and_stays(environment: dict[str, str]) -> None:
    url = "https://hooks.slack.com/services/T0/B0/token-1"
    api = Api(bootstrap(environment={**environment, "WEBHOOK_URL": url}))
    (found,) = admin(api, "GET", PATH).json()["items"]
    assert (found["endpoint_id"], found["type"], found["url"]) == ("ep_template", "slack", "https://hooks.slack.com/…")
    path = f"{PATH}/ep_template"
    assert admin(api, "DELETE", path).status == 409
    assert admin(api, "POST", f"{path}/rotate").status == 409
    assert admin(api, "PATCH", path, {"url": "https://x.example.test/"}).status == 409
    changed = admin(api, "PATCH", path, {"status": "disabled", "filter": {"min_level": "Critical"}}).json()
    assert (changed["status"], changed["filter"]["min_level"]) == ("disabled", "Critical")
    without = Api(bootstrap(environment=environment))
    assert admin(without, "GET", PATH).json()["items"] == []


def test_there_is_an_end_to_how_many(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hookline_core.stores.endpoints.MOST_ENDPOINTS", 2)
    for _ in range(2):
        added(api)
    answer = admin(api, "POST", PATH, WEBHOOK)
    assert (answer.status, answer.json()["code"]) == (409, "too_many_endpoints")


def test_what_fails_says_so_and_shows_nothing(api: Api, environment: dict[str, str]) -> None:
    with fault(client("ssm"), "PutParameter"):
        answer = admin(api, "POST", PATH, WEBHOOK)
    assert answer.status == 503
    assert "token" not in answer.text
    assert EndpointStore(client("dynamodb"), environment["TABLE_ENDPOINTS"]).all() == []
