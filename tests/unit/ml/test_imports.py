"""The detector imports nothing but numpy, the regex library and small helpers."""

import subprocess
import sys

_FORBIDDEN = ("boto3", "botocore", "fastapi", "pydantic", "sklearn", "scipy", "joblib", "rich", "hookline_core")


_CODE = """
import sys
from hookline_ml import Detector, base_model, load_rules
Detector(base_model(), load_rules()).score("hello")
print(*sys.modules)
"""


def test_the_detector_stays_light() -> None:
    loaded = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, check=True).stdout.split()

    assert not {name.partition(".")[0] for name in loaded} & set(_FORBIDDEN)
