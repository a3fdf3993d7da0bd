"""Which categories go with which opinion."""

from hookline_core.contracts import Opinion
from hookline_core.errors import InvalidRequestError
from hookline_ml import CATEGORIES

_HARMLESS: dict[Opinion, str] = {"legitimate": "legitimate", "spam": "spam_marketing"}
"""The only category of each opinion that is not about scams."""


def check_category(opinion: Opinion, category: str | None, *, pointer: str | None = None) -> None:
    """Make sure that a category exists and does not contradict an opinion.

    Raises
    ------
    InvalidRequestError
        If there is no such category, or it contradicts the opinion: a scam that is marketing, say.
    """
    if category is None:
        return
    if category not in CATEGORIES:
        raise InvalidRequestError("There is no such category.", pointer=pointer)
    if opinion == "scam" and category in _HARMLESS.values():
        raise InvalidRequestError("This category is not one of scams.", pointer=pointer)
    if opinion in _HARMLESS and category != _HARMLESS[opinion]:
        raise InvalidRequestError(f"The category of `{opinion}` is {_HARMLESS[opinion]}.", pointer=pointer)
