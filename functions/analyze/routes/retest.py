"""``/messages/{message_id}/retest``: what would be said about a message today."""

from fastapi import APIRouter
from hookline_core.clock import Clock
from hookline_core.contracts import Analysis
from hookline_core.errors import NotFoundError
from hookline_core.ids import is_id
from hookline_core.stores.messages import MessageStore
from hookline_core.web.app import Analyst, router
from pydantic import BaseModel, Field

from analyze.analysis import Analyze, Submission


class Retest(BaseModel):
    """A message's verdict when it came, and the verdict that it would get now."""

    then: Analysis
    now: Analysis = Field(description="By today's model, rules and lists. Nothing was done, so `action` is `none`")


def routes(messages: MessageStore, analyze: Analyze, clock: Clock) -> APIRouter:
    """Return the route that scores a message again."""
    paths = router()

    @paths.post("/messages/{message_id}/retest", tags=["messages"], summary="Score a message again")
    def post_retest(message_id: str, _caller: Analyst) -> Retest:
        """Keeps nothing, blocks nobody and alerts nobody."""
        message = messages.get(message_id, moment=clock()) if is_id(message_id) else None
        if message is None:
            raise NotFoundError("There is no such message, or it has expired.")
        again = Submission(message.message_content, message.phone_number, message.channel, dry_run=True)
        return Retest(
            then=Analysis.model_validate(message, from_attributes=True),
            now=analyze.one(again).model_copy(update={"message_id": message_id}),
        )

    return paths
