"""What callers may send."""

from datetime import UTC, datetime
from typing import Annotated, Any

from hookline_core.contracts import Channel
from hookline_core.errors import PhoneNumberInvalidError
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from analyze import phone
from analyze.analysis import Submission

LONGEST_MESSAGE = 10_000
LARGEST_BATCH = 100

MessageContent = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_MESSAGE)]
PhoneText = Annotated[str, StringConstraints(min_length=1, max_length=phone.LONGEST)]
MetadataKey = Annotated[str, StringConstraints(min_length=1, max_length=40)]
MetadataValue = Annotated[str, StringConstraints(max_length=200)]

Expiry = Annotated[AwareDatetime, Field(lt=datetime(3000, 1, 1, tzinfo=UTC))]
"""Later moments are slips of the pen, and the latest of them have no place in any calendar."""


class Input(BaseModel):
    """Base of all bodies: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AnalyzeRequest(Input):
    """A message to score."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message_content": "Your account is suspended. Verify at https://secure-login.example.top",
                    "phone_number": "+15551234567",
                }
            ]
        }
    )

    message_content: MessageContent = Field(description="The message, 1 to 10 000 characters")
    phone_number: PhoneText | None = Field(default=None, description="The sender, in any usual notation")
    channel: Channel | None = Field(default=None, description="How the message came")
    metadata: Annotated[dict[MetadataKey, MetadataValue], Field(max_length=20)] = Field(
        default_factory=dict, description="Kept with the message and given back, never looked at"
    )
    dry_run: bool = Field(default=False, description="Score only: keep nothing, block nobody, alert nobody")

    def submission(self, *, region: str) -> Submission:
        """Return the message with its sender's number in canonical form.

        Raises
        ------
        PhoneNumberInvalidError
            If no such number can exist.
        """
        try:
            number = phone.canonical(self.phone_number, region=region) if self.phone_number is not None else None
        except PhoneNumberInvalidError as error:
            raise PhoneNumberInvalidError(error.detail, pointer="/body/phone_number") from error
        return Submission(self.message_content, number, self.channel, self.metadata, self.dry_run)


class BatchRequest(Input):
    """Several messages to score. Each is checked on its own, so one bad message does not spoil the others."""

    messages: Annotated[
        list[Any],
        Field(min_length=1, max_length=LARGEST_BATCH),
        WithJsonSchema(
            {
                "type": "array",
                "minItems": 1,
                "maxItems": LARGEST_BATCH,
                "items": {"$ref": "#/components/schemas/AnalyzeRequest"},
            }
        ),
    ]
