"""How long labels, feedback and search take on the running local stack, beside a plain read of the API.

``python -m bench.bench_labels`` (after ``make up``). Bounded: some thousand labels and messages, to this machine only.
They stay in the stack, so take one that nobody needs. The last column says how many times longer a call takes than
showing one message, in the same run: machines differ, ratios less.
"""

import argparse
import json
import secrets
import statistics
import sys
import time
from collections.abc import Callable

import requests

from bench.local import running

_SCAM = "Chase Alert: your account is suspended. Verify at https://chase.com-secure-verify.top/login today."
_JSON_LINES = {"Content-Type": "application/x-ndjson"}


class Bench:
    """Calls the API over one connection and prints how long it took."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.headers["X-API-KEY"] = key
        self._unit = 0.0

    def call(self, method: str, path: str, **options: object) -> requests.Response:
        """Send a request that must succeed."""
        answer = self._session.request(method, self._url + path, timeout=60, **options)  # type: ignore[arg-type]
        answer.raise_for_status()
        return answer

    def time(self, what: str, do: Callable[[], object], *, times: int = 1) -> None:
        """Do a thing some times and print the median."""
        took: list[float] = []
        for _ in range(times):
            start = time.perf_counter()
            do()
            took.append((time.perf_counter() - start) * 1000)
        median = statistics.median(took)
        self._unit = self._unit or median
        print(f"{what:<44} {times:>6} {median:>10.1f} {median / self._unit:>8.1f}")

    def export(self) -> int:
        """Export all labels and return how many bytes they are."""
        size, query = 0, {"format": "csv"}
        while True:
            answer = self.call("GET", "/labels/export", params=query)
            size += len(answer.content)
            if "X-Next-Cursor" not in answer.headers:
                return size
            query["cursor"] = answer.headers["X-Next-Cursor"]

    def search(self) -> int:
        """Look through all messages for a text that none holds, and return in how many requests."""
        requests_made, body = 0, {"text": "no such text anywhere"}
        while True:
            page = self.call("POST", "/messages/search", json=body).json()
            requests_made += 1
            if page["next"] is None:
                return requests_made
            body["cursor"] = page["next"]


def run(bench: Bench, largest: int) -> None:
    """Measure and print."""
    run_id = secrets.token_hex(4)
    print(f"{'what':<44} {'times':>6} {'median ms':>10} {'reads':>8}")
    scam = {"message_content": _SCAM, "phone_number": "+12025550199"}
    message_id = bench.call("POST", "/analyze", json=scam).json()["message_id"]
    path = f"/messages/{message_id}"
    for _ in range(5):
        bench.call("GET", path)  # warms the worker
    bench.time("GET /messages/{id}", lambda: bench.call("GET", path), times=30)
    word = {"verdict": "scam", "list_action": "block"}
    bench.time("PUT /messages/{id}/feedback", lambda: bench.call("PUT", f"{path}/feedback", json=word), times=30)
    bench.time("POST /messages/{id}/retest", lambda: bench.call("POST", f"{path}/retest"), times=30)
    bench.time("GET /stats", lambda: bench.call("GET", "/stats"), times=10)
    harmless = [{"message_content": f"Hello, lunch tomorrow at {number}?"} for number in range(100)]
    for _ in range(20):
        bench.call("POST", "/analyze/batch", json={"messages": harmless})
    bench.time("POST /messages/search, through 2 000 messages", bench.search)
    for count in (largest // 10, largest):
        rows = [{"text": f"{run_id} parcel {count} {number}, pay the fee", "label": "scam"} for number in range(count)]
        body = "".join(json.dumps(row) + "\n" for row in rows).encode()

        def send(upload: bytes = body) -> None:
            bench.call("POST", "/labels/import", data=upload, headers=_JSON_LINES)

        bench.time(f"POST /labels/import, {count} new", send)
        bench.time(f"POST /labels/import, {count} known", send)
    bench.time("GET /labels/export, all of them as CSV", bench.export)
    bench.time("GET /labels/summary", lambda: bench.call("GET", "/labels/summary"))


def main() -> int:
    """Find the stack and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=10_000, help="labels of the largest import (default: 10000)")
    options = parser.parse_args()
    stack = running()
    run(Bench(stack["api_url"], stack["keys"]["admin"]), options.largest)
    return 0


if __name__ == "__main__":
    sys.exit(main())
