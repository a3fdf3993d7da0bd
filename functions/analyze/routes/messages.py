"""``/messages``: what was analysed."""

from typing import Annotated

from fastapi import APIRouter, Query
from hookline_core.clock import Clock
from hookline_core.contracts import LevelName, Message
from hookline_core.errors import InvalidRequestError, NotFoundError
from hookline_core.ids import NEWEST_ID, first_id_at, is_id, last_id_at
from hookline_core.stores.messages import MessageFilter, MessageStore
from hookline_core.web.app import Analyst, router
from hookline_ml import CATEGORIES
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from analyze import cursor, phone, ranges
from analyze.inputs import PhoneText


class MessageQuery(BaseModel):
    """Which messages a list shows."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: str | None = Field(default=None, description="`next` of the page before, with the same filters")
    level: LevelName | None = None
    category: str | None = Field(default=None, description="A `category_code`")
    sender: PhoneText | None = None
    from_: AwareDatetime | None = Field(default=None, alias="from")
    to: AwareDatetime | None = None

    def filters(self) -> dict[str, object]:
        """Return what must be the same on every page."""
        return self.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)

    def wanted(self, *, region: str) -> MessageFilter:
        """Return the filter for the store."""
        if self.category is not None and self.category not in CATEGORIES:
            raise InvalidRequestError("There is no such category.", pointer="/query/category")
        ranges.check(self.from_, self.to)
        return MessageFilter(
            level=self.level,
            category=self.category,
            phone_number=phone.canonical(self.sender, region=region) if self.sender is not None else None,
            oldest_id=first_id_at(self.from_) if self.from_ else "",
            newest_id=last_id_at(self.to) if self.to else NEWEST_ID,
        )


class MessageList(BaseModel):
    """A page of messages, newest first."""

    items: list[Message]
    next: str | None = Field(description="Pass it as `cursor` for the next page; null on the last one")


def routes(messages: MessageStore, clock: Clock, *, region: str) -> APIRouter:
    """Return the routes that show messages."""
    paths = router()

    @paths.get("/messages", tags=["messages"], summary="List messages, newest first")
    def get_messages(query: Annotated[MessageQuery, Query()], _caller: Analyst) -> MessageList:
        """A page can be shorter than `limit`, or even empty, and still have a `next`: a rare filter over a long time
        is answered in parts."""
        filters = query.filters()
        before = cursor.decode(query.cursor, filters, length=1)[0] if query.cursor else None
        page = messages.page(query.wanted(region=region), limit=query.limit, before=before, moment=clock())
        following = cursor.encode([page.next_before], filters) if page.next_before else None
        return MessageList(items=page.items, next=following)

    @paths.get("/messages/{message_id}", tags=["messages"], summary="Show a message")
    def get_message(message_id: str, _caller: Analyst) -> Message:
        message = messages.get(message_id, moment=clock()) if is_id(message_id) else None
        if message is None:
            raise NotFoundError("There is no such message, or it has expired.")
        return message

    return paths
