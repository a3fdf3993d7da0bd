"""Only the files that were there are served."""

import gzip
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


def test_what_lies_there_compressed_is_found_by_its_own_name(pages: Pages, tmp_path: Path) -> None:
    (tmp_path / "static" / "assets" / "large-3c4d.js").with_suffix(".js.gz").write_bytes(gzip.compress(b"large"))
    found = Pages(tmp_path / "static").get("assets/large-3c4d.js")
    assert found
    assert (found.packed, found.media_type, found.unpacked()) == (True, "text/javascript", b"large")
