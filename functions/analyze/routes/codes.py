"""``/reason-codes`` and ``/categories``: what the codes in a verdict mean."""

from fastapi import APIRouter
from hookline_core.web.app import Client, router
from hookline_ml import CATEGORIES, reason_codes
from hookline_ml.types import Source
from pydantic import BaseModel, Field


class ReasonCodeResponse(BaseModel):
    """A reason that a verdict can give."""

    code: str
    source: Source
    category_code: str | None = Field(description="The category that it speaks for")
    text: str


class ReasonCodeList(BaseModel):
    """All reasons."""

    items: list[ReasonCodeResponse]


class CategoryResponse(BaseModel):
    """A category."""

    code: str
    name: str
    reason: str = Field(description="Why such a message is flagged")
    advice: str


class CategoryList(BaseModel):
    """All categories."""

    items: list[CategoryResponse]


def routes() -> APIRouter:
    """Return the routes that explain codes. Any key may call them."""
    paths = router()

    @paths.get("/reason-codes", tags=["codes"], summary="What the codes of reasons mean")
    def get_reason_codes(_caller: Client) -> ReasonCodeList:
        return ReasonCodeList(
            items=[ReasonCodeResponse.model_validate(known, from_attributes=True) for known in reason_codes()]
        )

    @paths.get("/categories", tags=["codes"], summary="What the codes of categories mean")
    def get_categories(_caller: Client) -> CategoryList:
        return CategoryList(
            items=[CategoryResponse.model_validate(known, from_attributes=True) for known in CATEGORIES.values()]
        )

    return paths
