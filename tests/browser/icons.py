"""Draws the app's icons from its mark: ``python -m tests.browser.icons console/public``."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.support import chromium

_MARK = (
    '<g fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" stroke-linejoin="round">'
    '<path d="M39 22.500V37a11 11 0 0 1-22 0v-3"/><path d="M17 34l7 6.500"/><circle cx="39" cy="16" r="4.500"/></g>'
)
# Systems cut icons that cover everything into shapes of their own, and leave the middle four fifths.
_SHAPES = {
    "icon-192.png": (192, f'<rect width="64" height="64" rx="15" fill="#0f6a73"/>{_MARK}'),
    "icon-512.png": (512, f'<rect width="64" height="64" rx="15" fill="#0f6a73"/>{_MARK}'),
    "icon-whole-512.png": (
        512,
        f'<rect width="64" height="64" fill="#0f6a73"/><g transform="translate(9 8.500) scale(0.74)">{_MARK}</g>',
    ),
    "icon-touch-180.png": (
        180,
        f'<rect width="64" height="64" fill="#0f6a73"/><g transform="translate(5.500 5) scale(0.85)">{_MARK}</g>',
    ),
}


def main() -> int:
    """Draw them."""
    folder = Path(sys.argv[1])
    with sync_playwright() as playwright, chromium(playwright) as browser:
        for name, (size, drawing) in _SHAPES.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="{size}" height="{size}">'
            page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{svg}{drawing}</svg>")
            page.screenshot(path=folder / name, omit_background=True)
            page.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
