"""Settings of the REST API."""

from typing import Annotated

from hookline_core.settings import CutoffSettings, ModelSettings, NonEmpty
from pydantic import Field


class AnalyzeSettings(CutoffSettings, ModelSettings):
    """What the REST API reads from its environment."""

    table_messages: NonEmpty
    table_senders: NonEmpty
    table_counters: NonEmpty
    table_tickets: NonEmpty
    table_feedback: NonEmpty
    table_labels: NonEmpty
    default_region_code: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "US"
    retention_days: Annotated[int, Field(ge=1)] = 90
    ws_url: str = ""
