"""How long it takes from a promotion until every warm function answers by the new version.

``python -m bench.bench_promotion`` (after ``make up``). Bounded: eight senders, a few seconds, to this machine only.
"""

import argparse
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any

import requests

from bench.local import running

_BODY = {"message_content": "Hi Ana, running ten minutes late, see you at the cafe.", "dry_run": True}
_LABELS = {
    "scam_messages": ["Zorblax Rewards: pay the 3 glim release fee at zorblax-release.top now"],
    "legitimate_messages": ["Dinner at 7? I'll bring the salad"],
}


@dataclass(frozen=True)
class Answer:
    """When a request was sent and answered, and by which version."""

    sent: float
    answered: float
    version: str


class Caller:
    """Sends requests one after the other, over one connection."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.headers["X-API-KEY"] = key

    def __call__(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401  # JSON
        """Send one request that must succeed."""
        answer = self._session.request(method, self._url + path, json=body, timeout=120)
        answer.raise_for_status()
        return answer.json()

    def ask_until(self, stop: Event) -> list[Answer]:
        """Ask until somebody says stop."""
        answers = []
        while not stop.is_set():
            sent = time.monotonic()
            version = self("POST", "/analyze", _BODY)["model_version"]
            answers.append(Answer(sent, time.monotonic(), version))
        return answers


def measure(stack: dict[str, Any], functions: int) -> tuple[list[float], list[float]]:
    """Promote once under load. Return, for each sender, the seconds to its first new answer; and all late old ones."""
    admin = Caller(stack["api_url"], stack["keys"]["admin"])
    before = admin("GET", "/models")["champion"]
    made = admin("POST", "/retrain", _LABELS)["model_version"]
    admin("POST", "/models/rollback")
    stop = Event()
    callers = [Caller(stack["api_url"], stack["keys"]["client"]) for _ in range(functions)]
    with ThreadPoolExecutor(functions) as pool:
        asked = [pool.submit(caller.ask_until, stop) for caller in callers]
        time.sleep(15)  # until each of the parallel requests has a function of its own
        start = time.monotonic()
        admin("POST", f"/models/{made}/promote")
        moved = time.monotonic()
        time.sleep(5)
        stop.set()
        answers = [future.result() for future in asked]
    admin("POST", f"/models/{before}/promote")
    first = [min(a.answered for a in each if a.version == made) - start for each in answers]
    late = [a.answered - moved for each in answers for a in each if a.version != made and a.sent > moved]
    return first, late


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--functions", type=int, default=8, help="parallel senders (default: 8)")
    options = parser.parse_args()
    stack = running()
    first, late = measure(stack, options.functions)
    print(
        f"promotion to the first answer by the new version, {options.functions} senders: "
        f"first {min(first):.2f} s, median {statistics.median(first):.2f} s, last {max(first):.2f} s"
    )
    print(f"answers by the old version to requests sent after the promotion was confirmed: {len(late)}")
    return int(bool(late))


if __name__ == "__main__":
    sys.exit(main())
