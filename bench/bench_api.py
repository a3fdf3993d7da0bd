"""How long ``POST /analyze`` takes on the running local stack, with one client and with eight.

``python -m bench.bench_api`` (after ``make up``). Bounded: a few hundred dry runs, to this machine only.
"""

import argparse
import statistics
import sys
import threading
import time

import requests

from bench.local import running

MESSAGE = {
    "message_content": "Your parcel is held. Pay the 1.99 fee at https://usps.com-redelivery.top/pay today.",
    "phone_number": "+12025550123",
}


def _measure(url: str, key: str, count: int, times: list[float]) -> None:
    with requests.Session() as session:
        session.headers["X-API-KEY"] = key
        for _ in range(count):
            start = time.perf_counter()
            session.post(url, json=MESSAGE, timeout=30).raise_for_status()
            times.append((time.perf_counter() - start) * 1000)


def run(url: str, key: str, *, clients: int, count: int) -> list[float]:
    """Return the times in milliseconds of ``clients`` times ``count`` requests."""
    times: list[float] = []
    threads = [threading.Thread(target=_measure, args=(url, key, count, times)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="requests of each client (default: 100)")
    options = parser.parse_args()
    stack = running()
    url, key = f"{stack['api_url']}/analyze", stack["keys"]["admin"]
    print(f"{'clients':>8} {'requests':>9} {'p50 ms':>8} {'p95 ms':>8} {'req/s':>8}")
    for clients in (1, 8):
        run(url, key, clients=clients, count=10)  # starts and warms the workers
        start = time.perf_counter()
        times = run(url, key, clients=clients, count=options.count)
        took = time.perf_counter() - start
        cuts = statistics.quantiles(times, n=20)
        print(f"{clients:>8} {len(times):>9} {cuts[9]:>8.1f} {cuts[18]:>8.1f} {len(times) / took:>8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
