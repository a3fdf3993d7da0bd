"""Only the files that were there are served."""

from pathlib import Path

import pytest
from analyze.pages import Pages


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "static" / "assets").mkdir(parents=True)
    (tmp_path / "static" / "index.html").write_text("<!doctype html>")
    (tmp_path / "static" / "assets" / "app-1a2b.js").write_text("1")
    return Pages(tmp_path / "static")


def test_pages_are_asked_for_again_and_assets_are_kept(pages: Pages) -> None:
    page, asset = pages.get("index.html"), pages.get("assets/app-1a2b.js")
    assert page
    assert asset
    assert (page.media_type, page.cache_control) == ("text/html", "no-cache")
    assert asset.media_type == "text/javascript"
    assert "immutable" in asset.cache_control


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "", ".", "assets", "assets/../../secret.txt"])
def test_nothing_else_is_served(pages: Pages, name: str) -> None:
    assert pages.get(name) is None
