"""What waits, what answers, and what codes mean."""

import boto3
import pytest
from hookline_core.identity import Role
from hookline_core.stores.aws import client
from hookline_ml import CATEGORIES, reason_codes

from tests.unit.analyze.conftest import Api
from tests.unit.faults import fault


def test_the_system_counts_what_waits_and_what_is_dead(api: Api) -> None:
    sqs = boto3.client("sqs")
    for name, messages in (("alerts", 3), ("dead-letters", 2)):
        for number in range(messages):
            sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"], MessageBody=str(number))
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="alerts")["QueueUrl"], MessageBody="later", DelaySeconds=600)
    sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="alerts")["QueueUrl"], MaxNumberOfMessages=1)
    found = api("GET", "/system").json()
    assert found["queues"] == [
        {"name": "alerts", "waiting": 3, "in_flight": 1, "dead": 2},
        {"name": "more", "waiting": 3, "in_flight": 1, "dead": 0},
    ]
    assert found["cutoffs"] == {"medium": 40, "high": 70, "critical": 90}
    health = api("GET", "/health").json()
    assert (found["model_version"], found["rules_version"]) == (health["model_version"], health["rules_version"])


def test_a_queue_that_does_not_answer_is_said_to(api: Api) -> None:
    with fault(client("sqs"), "GetQueueAttributes"):
        answer = api("GET", "/system")
    assert (answer.status, answer.json()["code"]) == (503, "unavailable")


def test_any_key_may_learn_what_codes_mean(api: Api) -> None:
    categories = api("GET", "/categories", role=Role.CLIENT).json()["items"]
    assert {item["code"] for item in categories} == set(CATEGORIES)
    assert all(item["name"] and item["advice"] for item in categories)
    codes = api("GET", "/reason-codes", role=Role.CLIENT).json()["items"]
    assert [item["code"] for item in codes] == [known.code for known in reason_codes()]
    assert {item["category_code"] for item in codes} - {None} <= set(CATEGORIES)


@pytest.mark.parametrize("role", [Role.CLIENT, None])
def test_clients_do_not_see_the_system(api: Api, role: Role | None) -> None:
    assert api("GET", "/system", role=role).status == 403


@pytest.mark.parametrize(("query", "target"), [({}, "../dashboard"), ({"level": "High"}, "../dashboard?level=High")])
def test_a_slash_too_many_leads_to_the_console(api: Api, query: dict[str, str], target: str) -> None:
    answer = api("GET", "/dashboard/", query=query, role=None)
    assert (answer.status, answer.headers["location"]) == (308, target)
