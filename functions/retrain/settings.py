"""Settings of retraining."""

from hookline_core.settings import ModelSettings, NonEmpty


class RetrainSettings(ModelSettings):
    """What retraining reads from its environment."""

    table_labels: NonEmpty
    table_counters: NonEmpty
    retrain_queue_url: NonEmpty
