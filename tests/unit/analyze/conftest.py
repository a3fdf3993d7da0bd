"""The REST API on moto: real stores, the real detector, and events as the gateway sends them."""

import asyncio
import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from analyze.bootstrap import bootstrap
from fastapi import FastAPI
from hookline_core.identity import Role
from hookline_core.stores.aws import client
from hookline_core.web.entry import gateway_handler

from tests.builders import Context

BUCKET = "models-of-the-tests"


@dataclass(frozen=True)
class Answer:
    """What the API answered."""

    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        """Return the body."""
        return json.loads(self.text)


@dataclass
class Api:
    """Sends gateway events to the handler."""

    app: FastAPI

    def __call__(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        raw: bytes | None = None,
        query: dict[str, str] | None = None,
        role: Role | None = Role.ANALYST,
        key_id: str = "0123456789ab",
        content_type: str = "application/json",
    ) -> Answer:
        """Send one request."""
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        query = query or {}
        event = {
            "resource": "/{proxy+}",
            "path": path,
            "httpMethod": method,
            "headers": {"content-type": content_type},
            "multiValueHeaders": {"content-type": [content_type]},
            "queryStringParameters": query,
            "multiValueQueryStringParameters": {name: [value] for name, value in query.items()},
            "requestContext": {
                "requestId": "request-1",
                "authorizer": {"role": role.value, "key_id": key_id} if role else None,
                "identity": {"sourceIp": "192.0.2.1"},
            },
            "body": base64.b64encode(data).decode() if data is not None else None,
            "isBase64Encoded": data is not None,
        }
        response = gateway_handler(lambda: self.app)(event, Context())  # type: ignore[arg-type]  # a stand-in
        headers = {name.lower(): value for name, value in response.get("headers", {}).items()}
        headers |= {name.lower(): values[0] for name, values in response.get("multiValueHeaders", {}).items()}
        text = response["body"] or ""
        if response.get("isBase64Encoded"):
            text = base64.b64decode(text).decode()
        return Answer(response["statusCode"], headers, text)


@pytest.fixture(autouse=True, scope="session")
def event_loop_of_the_process() -> Iterator[None]:
    """Give the adapter the one event loop that a container has."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture
def environment(tables: dict[str, str]) -> dict[str, str]:
    """Return the function's environment, with its bucket and key made."""
    client("s3").create_bucket(Bucket=BUCKET)
    key = client("kms").create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
    alerting = _alerting()
    client("ssm").put_parameter(
        Name="/hookline/usage-plans", Type="String", Value=json.dumps({"standard": "plan-1", "staff": "plan-2"})
    )
    queue, dead = alerting["ALERT_QUEUE_URL"], alerting["ALERT_DEAD_LETTERS_URL"]
    return {
        **tables,
        **alerting,
        "MODEL_BUCKET": BUCKET,
        "SIGNING_KEY_ID": key,
        "WS_URL": "wss://live.example.test/v1",
        "RETRAIN_QUEUE_URL": queue,
        "STACK_NAME": "hookline",
        "PLANS_PARAMETER": "/hookline/usage-plans",
        "QUEUES": json.dumps([{"name": "alerts", "url": queue, "dead": dead}, {"name": "more", "url": queue}]),
    }


def _alerting() -> dict[str, str]:
    sqs = client("sqs")
    queue, dead = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("alerts", "dead-letters"))
    return {
        "ENDPOINT_SECRETS": "/hookline/endpoints/",
        "ALERT_TOPIC_ARN": client("sns").create_topic(Name="alerts")["TopicArn"],
        "ALERT_QUEUE_URL": queue,
        "ALERT_DEAD_LETTERS_URL": dead,
    }


@pytest.fixture
def api(environment: dict[str, str]) -> Api:
    """Return the API."""
    return Api(bootstrap(environment=environment))


@pytest.fixture
def calls(api: Api) -> Iterator[list[str]]:
    """Count the AWS calls that are made from here on, by operation."""
    made: list[str] = []

    def count(event_name: str = "", **_: Any) -> None:
        made.append(event_name.rsplit(".", 1)[-1])

    services = [client("dynamodb"), client("s3"), client("kms")]
    for service in services:
        service.meta.events.register("before-call", count)
    yield made
    for service in services:
        service.meta.events.unregister("before-call", count)
