"""What a function imports is what its callers wait for."""

import subprocess
import sys

import pytest

HEAVY = ("sklearn", "scipy", "joblib", "pandas", "skops", "boto3.dynamodb.conditions")
PROGRAM = "import importlib, sys; importlib.import_module(sys.argv[1]); print(' '.join(sorted(sys.modules)))"


@pytest.mark.parametrize(
    ("handler", "never"),
    [
        ("analyze.app", HEAVY),
        ("broadcast.app", (*HEAVY, "fastapi", "numpy")),
        ("alerts.app", (*HEAVY, "fastapi", "numpy")),
        ("ws_connect.app", (*HEAVY, "fastapi", "numpy")),
        ("authorizer.app", (*HEAVY, "fastapi", "numpy")),
    ],
)
def test_no_handler_imports_what_it_does_not_use(handler: str, never: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, handler], capture_output=True, text=True, check=True)
    assert not set(never) & set(done.stdout.split())


def test_the_detector_knows_nothing_of_aws_or_the_web() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, "hookline_ml"], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"boto3", "botocore", "fastapi", "sklearn", "scipy", "pydantic", "hookline_core"}
