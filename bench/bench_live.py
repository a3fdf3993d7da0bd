"""How long a message takes from its POST to its row in a browser, and how smooth the page stays under a flood.

``python -m bench.bench_live`` (after ``make up``). Bounded: a few hundred messages, to this machine only.
"""

import argparse
import statistics
import sys
import time
from typing import Any

import requests
from playwright.sync_api import Browser, Page, sync_playwright

from bench.local import running
from tests.browser.support import Console, chromium

_HARMLESS = "Hi Ana, running ten minutes late, see you at the cafe. Order me a flat white?"

_WATCH_ROWS = """() => {
  window.drawn = {};
  const note = () => {
    const now = performance.timeOrigin + performance.now();
    for (const row of document.querySelectorAll(".row")) window.drawn[row.dataset.id] ??= now;
  };
  note();
  new MutationObserver(note).observe(document.body, { childList: true, subtree: true });
}"""
_WATCH_FRAMES = """() => {
  window.frames_ms = [];
  let last = performance.now();
  const next = (now) => { window.frames_ms.push(now - last); last = now; requestAnimationFrame(next); };
  requestAnimationFrame(next);
}"""


def rows(page: Page, post: "requests.Session", url: str, count: int) -> list[float]:
    """Return the milliseconds from a POST's start to its row, for messages sent one by one."""
    page.evaluate(_WATCH_ROWS)
    times = []
    for _ in range(count):
        start = time.time()
        answer = post.post(f"{url}/analyze", json={"message_content": _HARMLESS}, timeout=30)
        answer.raise_for_status()
        message_id = answer.json()["message_id"]
        page.locator(f'.row[data-id="{message_id}"]').wait_for(timeout=15_000)
        drawn = page.evaluate("(id) => window.drawn[id]", message_id)
        times.append(drawn - start * 1000)
    return times


def flood(page: Page, post: "requests.Session", url: str, *, rate: int, seconds: int) -> tuple[list[float], int, int]:
    """Send ``rate`` messages a second. Return the frames' milliseconds, the messages sent, and those not shown."""
    batch = [{"message_content": _HARMLESS}] * (rate // 5)
    page.evaluate(_WATCH_FRAMES)
    ids: list[str] = []
    begin = time.monotonic()
    for tick in range(seconds * 5):
        results = post.post(f"{url}/analyze/batch", json={"messages": batch}, timeout=30).json()["results"]
        ids += [item["result"]["message_id"] for item in results]
        page.wait_for_timeout(max(0.0, begin + (tick + 1) / 5 - time.monotonic()) * 1000)
    page.wait_for_timeout(3000)
    frames = page.evaluate("window.frames_ms")
    missing = page.evaluate("(ids) => ids.filter((id) => !document.querySelector(`[data-id='${id}']`)).length", ids)
    return frames, len(ids), missing


def _open(browser: Browser, stack: dict[str, Any]) -> Page:
    """Return the list of messages, live."""
    console = Console(browser.new_page(), stack["dashboard_url"])
    console.arrive(stack["keys"]["analyst"])
    console.go("Messages")
    return console.page


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60, help="messages sent one by one (default: 60)")
    options = parser.parse_args()
    stack = running()
    url = stack["api_url"]
    with sync_playwright() as playwright, chromium(playwright) as browser, requests.Session() as post:
        post.headers["X-API-KEY"] = stack["keys"]["admin"]
        page = _open(browser, stack)
        rows(page, post, url, 5)  # warms the workers
        times = rows(page, post, url, options.count)
        cuts = statistics.quantiles(times, n=20)
        print(f"POST to row, {len(times)} times: p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms, most {max(times):.0f} ms")
        page.close()
        page = _open(browser, stack)
        frames, sent, missing = flood(page, post, url, rate=50, seconds=10)
        cuts = statistics.quantiles(frames, n=100)
        print(
            f"50 a second, {sent} messages, {missing} not shown: frame p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, "
            f"p99 {cuts[98]:.1f} ms, longest {max(frames):.0f} ms; {page.locator('.row').count()} rows at the end"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
