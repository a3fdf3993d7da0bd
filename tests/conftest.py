"""For all tests: what the functions' own tools need to be imported at all."""

import os

os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "tests")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Hookline")
