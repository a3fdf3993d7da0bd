"""Cursors come back as they went out, and belong to one list."""

import base64
import json

import pytest
from analyze import cursor
from hookline_core.errors import CursorInvalidError
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=3), st.dictionaries(st.text(), st.text()))
def test_a_cursor_comes_back_as_it_went_out(position: list[str], filters: dict[str, str]) -> None:
    given_out = cursor.encode(position, filters)
    if len(given_out) <= 512:
        assert cursor.decode(given_out, filters, length=len(position)) == position


def test_a_cursor_belongs_to_one_list() -> None:
    given_out = cursor.encode(["x"], {"level": "High"})
    with pytest.raises(CursorInvalidError):
        cursor.decode(given_out, {"level": "Low"}, length=1)
    with pytest.raises(CursorInvalidError):
        cursor.decode(given_out, {"level": "High"}, length=2)


@given(st.text(max_size=600))
def test_no_text_breaks_the_decoder(text: str) -> None:
    with pytest.raises(CursorInvalidError):
        cursor.decode(text, {"a": "b"}, length=1)


@pytest.mark.parametrize("content", [{}, [1, 2], ["x"], "text", None, [[], "a"]])
def test_foreign_content_is_refused(content: object) -> None:
    text = base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
    with pytest.raises(CursorInvalidError):
        cursor.decode(text, {}, length=1)
