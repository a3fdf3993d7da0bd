"""``/messages/{message_id}/feedback``: what people say about a message."""

from typing import Annotated

from fastapi import APIRouter, Response
from hookline_core.clock import Clock, isoformat
from hookline_core.contracts import Feedback, ListAction, Opinion
from hookline_core.errors import InvalidRequestError
from hookline_core.web.app import Analyst, router
from pydantic import BaseModel, Field, StringConstraints

from analyze.inputs import Input
from analyze.judging import Judging
from analyze.opinions import check_category


class FeedbackRequest(Input):
    """What somebody says about a message. What it is, whether to learn from it and what to do about its sender are
    choices of their own."""

    verdict: Opinion
    category: str | None = Field(default=None, description="The right `category_code`")
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] | None = Field(
        default=None, description="Why, for whoever looks next"
    )
    learn: bool | None = Field(
        default=None,
        description="Whether the text becomes a label that retraining learns from; if absent: unless `unsure`",
    )
    list_action: ListAction = Field(default="none", description="Whether to block or allow the sender as well")

    def feedback(self, *, given_by: str, given_at: str) -> Feedback:
        """Return the feedback.

        Raises
        ------
        InvalidRequestError
            If the category does not go with the verdict, or there is nothing to learn.
        """
        check_category(self.verdict, self.category, pointer="/body/category")
        if self.learn and self.verdict == "unsure":
            raise InvalidRequestError("Nothing can be learnt from `unsure`.", pointer="/body/learn")
        return Feedback(
            verdict=self.verdict,
            category=self.category,
            note=self.note or None,
            learn=self.verdict != "unsure" if self.learn is None else self.learn,
            list_action=self.list_action,
            given_by=given_by,
            given_at=given_at,
        )


class GivenFeedback(Feedback):
    """Feedback that was given once."""

    withdrawn: bool
    withdrawn_by: str | None
    withdrawn_at: str | None


class FeedbackHistory(BaseModel):
    """The last word on a message, and all that was said about it, newest first."""

    current: Feedback | None
    history: list[GivenFeedback]


def routes(judging: Judging, clock: Clock) -> APIRouter:
    """Return the routes of feedback."""
    paths = router()

    @paths.put("/messages/{message_id}/feedback", tags=["feedback"], summary="Say what a message is")
    def put_feedback(message_id: str, body: FeedbackRequest, caller: Analyst) -> Feedback:
        """The last word counts; what was said before stays in the history."""
        return judging.give(message_id, body.feedback(given_by=caller.key_id, given_at=isoformat(clock())))

    @paths.get("/messages/{message_id}/feedback", tags=["feedback"], summary="Show who said what about a message")
    def get_feedback(message_id: str, _caller: Analyst) -> FeedbackHistory:
        current, history = judging.show(message_id)
        return FeedbackHistory(
            current=current,
            history=[
                GivenFeedback(
                    **dict(entry.feedback),
                    withdrawn=entry.withdrawn_at is not None,
                    withdrawn_by=entry.withdrawn_by,
                    withdrawn_at=entry.withdrawn_at,
                )
                for entry in history
            ],
        )

    @paths.delete(
        "/messages/{message_id}/feedback", tags=["feedback"], status_code=204, summary="Take the last word back"
    )
    def delete_feedback(message_id: str, caller: Analyst) -> Response:
        """The label goes with it. The sender's place on a list stays: it has a path of its own."""
        judging.withdraw(message_id, by=caller.key_id)
        return Response(status_code=204)

    return paths
