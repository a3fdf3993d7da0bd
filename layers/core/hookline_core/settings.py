"""Settings from the environment: small groups, one per concern, that each function composes and validates once.

Notes
-----
A group is a pydantic model whose field names, in capitals, are the environment variables' names.
"""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

NonEmpty = Annotated[str, Field(min_length=1)]
Cutoff = Annotated[int, Field(ge=1, le=100)]


class SettingsError(Exception):
    """The environment lacks a setting, or one is wrong. Names the settings, never their values."""


class Settings(BaseModel):
    """Base of all groups."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read this group.

        Raises
        ------
        SettingsError
            If a setting is missing or wrong.
        """
        try:
            return cls.model_validate({name.lower(): value for name, value in environment.items()})
        except ValidationError as error:
            wrong = ", ".join(
                f"{'.'.join(map(str, item['loc'])).upper() or 'settings'}: {item['msg']}"
                for item in error.errors(include_input=False, include_url=False)
            )
            raise SettingsError(wrong) from None


class CutoffSettings(Settings):
    """The scores at which the levels begin."""

    cutoff_medium: Cutoff = 40
    cutoff_high: Cutoff = 70
    cutoff_critical: Cutoff = 90

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if not self.cutoff_medium < self.cutoff_high < self.cutoff_critical:
            raise ValueError("CUTOFF_MEDIUM, CUTOFF_HIGH and CUTOFF_CRITICAL must rise")
        return self


class ModelSettings(Settings):
    """Where models live."""

    table_models: NonEmpty
    model_bucket: NonEmpty
    signing_key_id: NonEmpty
