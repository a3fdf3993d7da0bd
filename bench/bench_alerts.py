"""What becomes of alerts under each fault: how many are sent, delivered, doubled and lost.

``python -m bench.bench_alerts`` runs ``tests/component/test_alert_faults.py`` with 1 000 alerts for each fault and
prints the counts as a table; what the tests say goes to the standard error. It takes most of an hour.
"""

import argparse
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

_TESTS = Path(__file__).parents[1] / "tests" / "component" / "test_alert_faults.py"


class Counts:
    """Collects what the tests counted."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, object]] = {}

    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Keep the tests in their own order, whichever ends first."""
        self.rows = self.rows or {test: {} for test in ids}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a test's counts."""
        if report.when == "call":
            self.rows[report.nodeid] = dict(report.user_properties)


def main() -> int:
    """Count and print. The exit status is that of the tests."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=1000, help="alerts for each fault (default: 1000)")
    parser.add_argument("--processes", type=int, default=2, help="faults that are tried at once (default: 2)")
    parser.add_argument("--only", default="", help="which faults, as pytest's -k takes it (default: all)")
    options = parser.parse_args()
    os.environ["HOOKLINE_ALERTS"] = str(options.alerts)
    counts = Counts()
    how = [
        "--verbose",
        "-k",
        options.only,
        "--numprocesses",
        str(options.processes),
        "--dist",
        "load",
        "--maxschedchunk",
        "1",
    ]
    with redirect_stdout(sys.stderr):
        failed = pytest.main([str(_TESTS), *how], plugins=[counts])
    rows = [row for row in counts.rows.values() if row]
    if rows:
        print("| " + " | ".join(name.capitalize() for name in rows[0]) + " |")
        print("|" + "---|" * len(rows[0]))
    for row in rows:
        print("| " + " | ".join(map(str, row.values())) + " |")
    return failed


if __name__ == "__main__":
    sys.exit(main())
