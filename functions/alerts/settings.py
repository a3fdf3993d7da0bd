"""Settings of the delivery of alerts."""

from typing import Annotated

from hookline_core.settings import NonEmpty, Settings
from pydantic import BeforeValidator, Field


def _split(value: object) -> object:
    return value.split(",") if isinstance(value, str) else value


Wait = Annotated[int, Field(ge=0)]


class AlertsSettings(Settings):
    """What the delivery of alerts reads from its environment. Without ``WEBHOOK_URL`` the template has no webhook."""

    table_deliveries: NonEmpty
    table_endpoints: NonEmpty
    endpoint_secrets: NonEmpty
    alert_queue_url: NonEmpty
    alert_dead_letters_url: NonEmpty
    alert_topic_arn: NonEmpty
    operations_topic_arn: NonEmpty
    webhook_secret_arn: NonEmpty
    webhook_url: str = ""
    webhook_retry_seconds: Annotated[tuple[Wait, ...], BeforeValidator(_split), Field(min_length=1, max_length=20)] = (
        5,
        300,
        1800,
        7200,
        18_000,
        36_000,
        50_400,
        72_000,
        86_400,
    )
    webhook_allow_loopback: bool = False
