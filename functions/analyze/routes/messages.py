"""``/messages``: what was analysed."""

from typing import Annotated, ClassVar, Literal

from fastapi import APIRouter, Query
from hookline_core.clock import Clock
from hookline_core.contracts import LevelName, Message, Opinion
from hookline_core.errors import InvalidRequestError, NotFoundError
from hookline_core.ids import NEWEST_ID, first_id_at, is_id, last_id_at
from hookline_core.stores.messages import MessageFilter, MessageStore
from hookline_core.web.app import Analyst, router
from hookline_ml import CATEGORIES
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from analyze import cursor, phone, ranges
from analyze.inputs import PhoneText


class MessageQuery(BaseModel):
    """Which messages a list shows."""

    model_config = ConfigDict(extra="forbid")
    where: ClassVar[str] = "/query"
    """Pointer to the part of the request that holds these fields."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: str | None = Field(default=None, description="`next` of the page before, with the same filters")
    level: LevelName | None = None
    category: str | None = Field(default=None, description="A `category_code`")
    sender: PhoneText | None = None
    from_: AwareDatetime | None = Field(default=None, alias="from")
    to: AwareDatetime | None = None
    feedback: Opinion | Literal["none", "any"] | None = Field(
        default=None, description="What people said about it; `none`: nobody said anything, `any`: somebody did"
    )
    review: Literal["waiting"] | None = Field(
        default=None, description="`waiting`: High and Critical messages about which nobody has said anything yet"
    )

    def filters(self) -> dict[str, object]:
        """Return what must be the same on every page."""
        return self.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)

    def before(self) -> str | None:
        """Return the id below which the page begins."""
        if self.cursor is None:
            return None
        return cursor.decode(self.cursor, self.filters(), length=1, where=self.where)[0]

    def wanted(self, *, region: str, text: str | None = None) -> MessageFilter:
        """Return the filter for the store."""
        if self.category is not None and self.category not in CATEGORIES:
            raise InvalidRequestError("There is no such category.", pointer=f"{self.where}/category")
        ranges.check(self.from_, self.to, where=self.where)
        return MessageFilter(
            level=self.level,
            category=self.category,
            phone_number=phone.canonical(self.sender, region=region) if self.sender is not None else None,
            oldest_id=first_id_at(self.from_) if self.from_ else "",
            newest_id=last_id_at(self.to) if self.to else NEWEST_ID,
            judged=self.feedback,
            waiting=self.review == "waiting",
            text=text,
        )


class MessageSearch(MessageQuery):
    """Which messages a search shows: those of a list that hold a text."""

    where: ClassVar[str] = "/body"

    text: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        description="Part of the message, in whatever case"
    )


class MessageList(BaseModel):
    """A page of messages, newest first."""

    items: list[Message]
    next: str | None = Field(description="Pass it as `cursor` for the next page; null on the last one")


def routes(messages: MessageStore, clock: Clock, *, region: str) -> APIRouter:
    """Return the routes that show messages."""
    paths = router()

    def page(query: MessageQuery, *, text: str | None = None) -> MessageList:
        wanted = query.wanted(region=region, text=text)
        found = messages.page(wanted, limit=query.limit, before=query.before(), moment=clock())
        following = cursor.encode([found.next_before], query.filters()) if found.next_before else None
        return MessageList(items=found.items, next=following)

    @paths.get("/messages", tags=["messages"], summary="List messages, newest first")
    def get_messages(query: Annotated[MessageQuery, Query()], _caller: Analyst) -> MessageList:
        """A page can be shorter than `limit`, or even empty, and still have a `next`: a rare filter over a long time
        is answered in parts."""
        return page(query)

    @paths.post("/messages/search", tags=["messages"], summary="List messages that hold a text, newest first")
    def post_search(body: MessageSearch, _caller: Analyst) -> MessageList:
        """Like the list, with the same filters. It is a POST because the text is part of somebody's message, and
        addresses end up in logs."""
        return page(body, text=body.text)

    @paths.get("/messages/{message_id}", tags=["messages"], summary="Show a message")
    def get_message(message_id: str, _caller: Analyst) -> Message:
        message = messages.get(message_id, moment=clock()) if is_id(message_id) else None
        if message is None:
            raise NotFoundError("There is no such message, or it has expired.")
        return message

    return paths
