"""For all tests: what the functions' own tools need to be imported at all."""

import os

from hypothesis import settings

# Before numpy is there: threads that wait for each other on shared processors burn more than half of a test's time.
for library in ("OMP", "OPENBLAS"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "tests")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Hookline")

# The same examples in every run, so that a run judges the change and not the dice.
# To look for new ones: pytest --hypothesis-profile=default
settings.register_profile("same", derandomize=True)
settings.load_profile("same")
