"""For all tests: what the functions' own tools need to be imported at all."""

import os

# Before numpy is there: threads that wait for each other on shared processors burn more than half of a test's time.
for library in ("OMP", "OPENBLAS"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "tests")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Hookline")
