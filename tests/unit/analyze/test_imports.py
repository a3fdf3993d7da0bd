"""What a function imports is what its callers wait for."""

import os
import subprocess
import sys

import pytest

HEAVY = ("sklearn", "scipy", "joblib", "pandas", "skops", "boto3", "s3transfer")
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


def test_no_validators_are_built_for_openapi_documents() -> None:
    program = "import analyze.app; from fastapi.openapi.models import OpenAPI; print(OpenAPI.__pydantic_complete__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(("under_lambda", "collecting", "frozen"), [(True, "True", True), (False, "True", False)])
def test_the_collector_rests_during_a_start_and_no_longer(under_lambda: bool, collecting: str, frozen: bool) -> None:
    program = (
        "import gc, sys; from hookline_core.web import entry; resting = not gc.isenabled();"
        "entry.gateway_handler(lambda: None); print(resting, gc.isenabled(), gc.get_freeze_count() > 0)"
    )
    environment = {**os.environ, "AWS_LAMBDA_FUNCTION_NAME": "f"} if under_lambda else None
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == [str(under_lambda), collecting, str(frozen)]
