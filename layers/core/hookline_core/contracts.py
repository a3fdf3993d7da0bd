"""The shapes that leave Hookline: verdicts and messages, as REST, the live feed and alerts show them."""

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    # Only the function that scores has the detector; the others know verdicts by their contract.
    from hookline_ml import Verdict

Action = Literal["none", "flagged", "automatically_blacklisted", "already_blacklisted"]
"""What was done about a message.

``flagged``: Medium and above, shown to analysts. ``automatically_blacklisted``: this message put its sender on the
block list. ``already_blacklisted``: it is Critical, and its sender was on the list.
"""

Channel = Literal["sms", "whatsapp", "telegram", "email", "chat", "other"]
"""How a message came."""

ListName = Literal["block", "allow"]
"""The two lists that a sender can be on."""

LevelName = Literal["Low", "Medium", "High", "Critical"]
"""The levels of risk, least first."""

Opinion = Literal["scam", "legitimate", "spam", "unsure"]
"""What a person can say that a message is. ``spam``: unwanted marketing, which is no scam."""

ListAction = Literal["none", "block", "allow"]
"""What feedback can do about a message's sender."""

ModelRole = Literal["champion", "challenger"]
"""The two models that can score a message."""

EXCERPT_LENGTH = 160
"""Characters of a message that lists and live updates show."""


class Contract(BaseModel):
    """A shape that is never changed once built."""

    model_config = ConfigDict(frozen=True)


class ReasonOut(Contract):
    """One reason for a score. The points of all reasons add up to ``risk_score`` within rounding."""

    code: str
    source: Literal["rule", "model", "signal", "sender", "guard"]
    points: float
    text: str
    spans: list[tuple[int, int]] = Field(description="Half-open ranges of code points in the original message")


class SenderOut(Contract):
    """The sender of a message and the list it is on after the analysis."""

    phone_number: str | None
    list: ListName | None


class Analysis(Contract):
    """The verdict on one message."""

    message_id: str
    risk_score: Annotated[int, Field(ge=0, le=100)]
    risk_level: LevelName
    threat_category: str
    category_code: str
    primary_reason: str
    advice: str
    reasons: list[ReasonOut]
    action: Action
    sender: SenderOut
    model_version: str
    rules_version: str
    analyzed_at: str

    @classmethod
    def from_verdict(
        cls, verdict: "Verdict", *, message_id: str, action: Action, sender: SenderOut, analyzed_at: str
    ) -> Self:
        """Put a detector's verdict into the contract."""
        return cls(
            message_id=message_id,
            risk_score=verdict.risk_score,
            risk_level=verdict.risk_level.value,
            threat_category=verdict.category.name,
            category_code=verdict.category.code,
            primary_reason=verdict.primary_reason,
            advice=verdict.advice,
            reasons=[
                ReasonOut(
                    code=reason.code,
                    source=reason.source,
                    points=round(reason.points, 1),
                    text=reason.text,
                    spans=list(reason.spans),
                )
                for reason in verdict.reasons
            ],
            action=action,
            sender=sender,
            model_version=verdict.model_version,
            rules_version=verdict.rules_version,
            analyzed_at=analyzed_at,
        )


class Feedback(Contract):
    """What a person said about a message."""

    verdict: Opinion
    category: str | None = Field(description="The right `category_code`, if it was given")
    note: str | None
    learn: bool = Field(description="Whether the text became a label that retraining learns from")
    list_action: ListAction
    given_by: str = Field(description="Public id of the key")
    given_at: str


class FeedbackBrief(Contract):
    """Feedback as live updates carry it."""

    verdict: Opinion
    category: str | None
    given_at: str
    given_by: str

    @classmethod
    def of(cls, feedback: Feedback | None) -> Self | None:
        """Shorten feedback, if there is any."""
        return cls.model_validate(feedback, from_attributes=True) if feedback else None


class Shadow(Contract):
    """What the model that did not answer says of a message. There is one while a challenger is tried."""

    role: ModelRole
    model_version: str
    risk_score: int
    risk_level: LevelName
    category_code: str


class Message(Analysis):
    """A message and its verdict, as kept."""

    message_content: str
    phone_number: str | None
    channel: Channel | None
    metadata: dict[str, str]
    feedback: Feedback | None = Field(default=None, description="The last word about it; null if there is none")
    shadow: Shadow | None = Field(default=None, exclude=True)
    """Kept beside the message, and never shown with it."""

    @property
    def excerpt(self) -> str:
        """The beginning of the message, for lists."""
        text = " ".join(self.message_content.split())
        return text if len(text) <= EXCERPT_LENGTH else text[: EXCERPT_LENGTH - 1] + "…"


class Summary(Contract):
    """A message as live updates carry it."""

    message_id: str
    analyzed_at: str
    risk_score: int
    risk_level: LevelName
    category_code: str
    threat_category: str
    primary_reason: str
    action: Action
    phone_number: str | None
    channel: Channel | None
    excerpt: str
    feedback: FeedbackBrief | None

    @classmethod
    def of(cls, message: Message) -> Self:
        """Summarise a message."""
        same = message.model_dump(include=set(cls.model_fields) - {"excerpt", "feedback"})
        return cls(**same, excerpt=message.excerpt, feedback=FeedbackBrief.of(message.feedback))


class FeedbackUpdate(Contract):
    """A change of what people say about a message, as live updates carry it."""

    message_id: str
    feedback: FeedbackBrief | None = Field(description="The last word; null if it was taken back")
    changed_at: str


AlertType = Literal["critical_message", "high_message", "medium_message", "low_message"]
"""What an alert is about; the policy says which levels raise one. The predecessor knew the first."""

_ALERT_TYPES: dict[LevelName, AlertType] = {
    "Critical": "critical_message",
    "High": "high_message",
    "Medium": "medium_message",
    "Low": "low_message",
}


class Alert(Contract):
    """What a grave message tells the outside world: the predecessor's seven fields first, then what came later."""

    alert_type: AlertType = "critical_message"
    phone_number: str | None
    risk_score: int
    risk_level: LevelName
    threat_category: str
    primary_reason: str
    action: Action
    message_id: str
    reasons: list[str] = Field(description="Codes of the reasons, weightiest first")
    analyzed_at: str
    dashboard_url: str

    @classmethod
    def of(cls, message: Message, *, dashboard_url: str) -> Self:
        """Make the alert for a message."""
        weightiest = sorted(message.reasons, key=lambda reason: -reason.points)
        return cls(
            alert_type=_ALERT_TYPES[message.risk_level],
            phone_number=message.phone_number,
            risk_score=message.risk_score,
            risk_level=message.risk_level,
            threat_category=message.threat_category,
            primary_reason=message.primary_reason,
            action=message.action,
            message_id=message.message_id,
            reasons=[reason.code for reason in weightiest],
            analyzed_at=message.analyzed_at,
            dashboard_url=dashboard_url,
        )
