"""Settings of the delivery of alerts."""

from typing import Annotated

from hookline_core.settings import NonEmpty, Settings
from pydantic import BeforeValidator, Field

LONGEST_WAIT = 43_000
"""Seconds. SQS hides a message for 12 hours at most, counted from when it was received."""


def _split(value: object) -> object:
    return value.split(",") if isinstance(value, str) else value


Wait = Annotated[int, Field(ge=0)]


class AlertsSettings(Settings):
    """What the delivery of alerts reads from its environment. Without ``WEBHOOK_URL`` there is no webhook."""

    table_deliveries: NonEmpty
    alert_queue_url: NonEmpty
    webhook_secret_arn: NonEmpty
    webhook_url: str = ""
    webhook_retry_seconds: Annotated[tuple[Wait, ...], BeforeValidator(_split), Field(min_length=1, max_length=20)] = (
        5,
        300,
        1800,
        7200,
        18_000,
        36_000,
        43_200,
        43_200,
    )
    webhook_allow_loopback: bool = False
