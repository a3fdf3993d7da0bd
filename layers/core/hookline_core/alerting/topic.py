"""The alert topic: one publication reaches people as text and machines as JSON."""

import json
from collections.abc import Callable
from contextlib import suppress
from math import prod
from typing import TYPE_CHECKING, Any

from hookline_core.alerting.endpoints import LEVELS, Endpoint, Filter
from hookline_core.alerting.events import Event
from hookline_core.alerting.notices import sms_of, subject_of, text_of
from hookline_core.stores.aws import unavailable_as

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

_WHAT = "the alert topic"
_NONE = "-"
"""Stands for a level or category that an event does not have, since a filter drops what lacks the attribute."""

TEST = "endpoint.test"
_TYPES = ({"anything-but": {"prefix": TEST}},)
"""What goes out to everybody whose filter wants it: all types but the tests of other endpoints."""

_MOST_COMBINATIONS = 150
"""SNS takes no policy in which the lengths of the lists, multiplied, give more."""


class AlertTopic:
    """Publishes events, and keeps the subscriptions of e-mail and short messages.

    Parameters
    ----------
    sns
        Gives the client. It is asked for with the first use, since it takes long to make.
    """

    def __init__(self, sns: "Callable[[], SNSClient]", topic_arn: str) -> None:
        self._sns = sns
        self._topic_arn = topic_arn

    def publish(self, event: Event, *, only: str | None = None) -> None:
        """Tell the world about an event.

        Parameters
        ----------
        only
            Id of the endpoint that alone is to hear of it.

        Raises
        ------
        UnavailableError
            If the topic does not take it.
        """
        text = text_of(event)
        attributes = {
            "event_type": f"{TEST}.{only}" if only else event.type,
            "risk_level": event.level or _NONE,
            "category_code": event.category_code or _NONE,
        }
        with unavailable_as(_WHAT):
            self._sns().publish(
                TopicArn=self._topic_arn,
                Subject=subject_of(event),
                Message=json.dumps(
                    {"default": text, "email": text, "sms": sms_of(event), "sqs": event.model_dump_json()}
                ),
                MessageStructure="json",
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
            )

    def subscribe(self, endpoint: Endpoint, address: str) -> str:
        """Let an address hear of what an endpoint wants, and return the subscription's name.

        An e-mail address must confirm before anything is sent to it.
        """
        with unavailable_as(_WHAT):
            answer = self._sns().subscribe(
                TopicArn=self._topic_arn,
                Protocol=endpoint.type,
                Endpoint=address,
                Attributes={"FilterPolicy": _filter(endpoint.endpoint_id, endpoint.filter)},
                ReturnSubscriptionArn=True,
            )
        return answer["SubscriptionArn"]

    def refilter(self, endpoint: Endpoint, *, enabled: bool) -> None:
        """Change what the subscription of an endpoint lets pass: what it wants, or only its tests."""
        with unavailable_as(_WHAT):
            self._sns().set_subscription_attributes(
                SubscriptionArn=endpoint.subscription or "",
                AttributeName="FilterPolicy",
                AttributeValue=_filter(endpoint.endpoint_id, endpoint.filter, enabled=enabled),
            )

    def unsubscribe(self, subscription: str) -> None:
        """End a subscription. One that was never confirmed ends by itself."""
        with unavailable_as(_WHAT), suppress(self._sns().exceptions.InvalidParameterException):
            self._sns().unsubscribe(SubscriptionArn=subscription)


def fits(wanted: Filter) -> bool:
    """Tell whether a subscription can have this filter."""
    return prod(map(len, _policy("", wanted, enabled=True).values())) <= _MOST_COMBINATIONS


def _filter(endpoint_id: str, wanted: Filter, *, enabled: bool = True) -> str:
    """Write a filter as SNS reads it."""
    return json.dumps(_policy(endpoint_id, wanted, enabled=enabled))


def _policy(endpoint_id: str, wanted: Filter, *, enabled: bool) -> dict[str, list[Any]]:
    types = (wanted.event_types or _TYPES) if enabled else ()
    policy: dict[str, list[Any]] = {"event_type": [*types, f"{TEST}.{endpoint_id}"]}
    if len(levels := wanted.levels_wanted()) < len(LEVELS):
        policy["risk_level"] = [*levels, _NONE]
    if wanted.categories:
        policy["category_code"] = [*wanted.categories, _NONE]
    return policy
