"""The alert topic: one publication reaches e-mail as text and machines as JSON."""

import json
from typing import TYPE_CHECKING

from hookline_core.contracts import Alert, Message
from hookline_core.stores.aws import unavailable_as

from broadcast.notice import subject_of, text_of

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

EVENT_TYPE = "analysis.critical"


class AlertTopic:
    """Publishes alerts on SNS."""

    def __init__(self, sns: "SNSClient", topic_arn: str, *, dashboard_url: str) -> None:
        self._sns = sns
        self._topic_arn = topic_arn
        self._dashboard_url = dashboard_url

    def publish(self, message: Message) -> None:
        """Tell the world about a Critical message.

        Raises
        ------
        UnavailableError
            If the topic does not take it.
        """
        alert = Alert.of(message, dashboard_url=self._dashboard_url)
        text = text_of(alert)
        attributes = {
            "event_type": EVENT_TYPE,
            "risk_level": message.risk_level,
            "category_code": message.category_code,
        }
        with unavailable_as("the alert topic"):
            self._sns.publish(
                TopicArn=self._topic_arn,
                Subject=subject_of(alert),
                Message=json.dumps({"default": text, "email": text, "sqs": alert.model_dump_json()}),
                MessageStructure="json",
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
            )
