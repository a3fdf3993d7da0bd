"""Settings of the REST API."""

from typing import Annotated

from hookline_core.settings import CutoffSettings, ModelSettings, NonEmpty
from pydantic import BaseModel, Field, Json


class QueueUrls(BaseModel):
    """A queue, and where goes what kept failing; nothing if that is counted with another queue of the same function."""

    name: NonEmpty
    url: NonEmpty
    dead: NonEmpty | None = None


class AnalyzeSettings(CutoffSettings, ModelSettings):
    """What the REST API reads from its environment."""

    table_messages: NonEmpty
    table_senders: NonEmpty
    table_counters: NonEmpty
    table_tickets: NonEmpty
    table_feedback: NonEmpty
    table_labels: NonEmpty
    table_endpoints: NonEmpty
    table_deliveries: NonEmpty
    table_alerts: NonEmpty
    endpoint_secrets: NonEmpty
    alert_topic_arn: NonEmpty
    alert_queue_url: NonEmpty
    alert_dead_letters_url: NonEmpty
    webhook_url: str = ""
    webhook_allow_loopback: bool = False
    default_region_code: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "US"
    retention_days: Annotated[int, Field(ge=1)] = 90
    ws_url: str = ""
    table_keys: NonEmpty
    stack_name: NonEmpty
    plans_parameter: NonEmpty
    queues: Json[list[QueueUrls]]
