"""Settings of the stream's follower."""

from hookline_core.settings import NonEmpty, Settings


class BroadcastSettings(Settings):
    """What the stream's follower reads from its environment. Without ``WS_ENDPOINT`` there are no live updates."""

    table_connections: NonEmpty
    table_counters: NonEmpty
    table_idempotency: NonEmpty
    table_endpoints: NonEmpty
    table_alerts: NonEmpty
    alert_topic_arn: NonEmpty
    retry_queue_url: NonEmpty
    timer_queue_url: NonEmpty
    model_bucket: NonEmpty
    dashboard_url: NonEmpty
    ws_endpoint: str = ""
