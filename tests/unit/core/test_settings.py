"""Settings name what is wrong, and never show a value."""

import pytest
from hookline_core.settings import CutoffSettings, ModelSettings, SettingsError

GOOD = {"TABLE_MODELS": "models", "MODEL_BUCKET": "bucket", "SIGNING_KEY_ID": "key", "UNRELATED": "x"}


def test_settings_come_from_the_environment() -> None:
    assert ModelSettings.from_environment(GOOD).model_bucket == "bucket"


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(SettingsError, match="MODEL_BUCKET"):
        ModelSettings.from_environment({**GOOD, "MODEL_BUCKET": ""})


def test_a_wrong_value_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as raised:
        CutoffSettings.from_environment({"CUTOFF_HIGH": "s3cret"})
    assert "CUTOFF_HIGH" in str(raised.value)
    assert "s3cret" not in str(raised.value)


def test_cutoffs_must_rise() -> None:
    with pytest.raises(SettingsError, match="must rise"):
        CutoffSettings.from_environment({"CUTOFF_MEDIUM": "80"})
