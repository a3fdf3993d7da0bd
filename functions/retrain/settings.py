"""Settings of retraining."""

from hookline_core.settings import ModelSettings


class RetrainSettings(ModelSettings):
    """What retraining reads from its environment."""
