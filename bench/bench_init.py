"""How long ``analyze`` takes to start, beside a function built the predecessor's way, in one run.

``python -m bench.bench_init`` (after ``make build``). Both run under the real Lambda runtime client behind the runtime
interface emulator, in fresh processes, by turns. The peer is FastAPI, Mangum, boto3, scikit-learn and joblib, with a
pickled TF-IDF and logistic regression pipeline. Init is what the emulator reports; memory is the process's peak.
"""

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from stack.openapi import UNUSED

_ROOT = Path(__file__).resolve().parents[1]
_BUILD = _ROOT / ".aws-sam" / "build"
_PORTS = (9480, 9481)
_PEER = """
import boto3
import joblib
from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel

model = joblib.load("pipeline.joblib")
table = boto3.client("dynamodb")
app = FastAPI()

class Message(BaseModel):
    message_content: str

@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}

@app.post("/analyze")
def analyze(message: Message) -> dict[str, float]:
    return {"risk": float(model.predict_proba([message.message_content])[0, 1])}

handler = Mangum(app, lifespan="off")
"""
_EVENT = {
    "resource": "/openapi.json",
    "path": "/openapi.json",
    "httpMethod": "GET",
    "headers": {},
    "multiValueHeaders": {},
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "requestContext": {"requestId": "bench", "identity": {"sourceIp": "127.0.0.1"}},
    "body": None,
    "isBase64Encoded": False,
}


@dataclass(frozen=True)
class Function:
    """A function to start: where it lies, what is importable, and its handler."""

    name: str
    folder: Path
    path: list[Path]
    handler: str


@dataclass(frozen=True)
class Start:
    """One cold start."""

    init_ms: float
    peak_mb: float


def _emulator() -> Path:
    found = sorted((_ROOT / ".local").glob("**/samcli/local/rapid/aws-lambda-rie-x86_64"))
    if not found:
        raise SystemExit("the runtime interface emulator is missing; run `make setup` and `make build` first")
    return found[0]


def _peer(folder: Path) -> Function:
    scam = [f"claim your prize {n} now at the link" for n in range(1500)]
    fine = [f"see you at {n} for lunch then" for n in range(1500)]
    pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression())
    pipeline.fit(scam + fine, [1] * len(scam) + [0] * len(fine))
    joblib.dump(pipeline, folder / "pipeline.joblib")
    (folder / "app.py").write_text(_PEER)
    return Function("peer", folder, [], "app.handler")


def start(function: Function, emulator: Path) -> Start:
    """Start a function once, in fresh processes, and let it answer one event."""
    site_packages = Path(joblib.__file__).parents[1]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/root"),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": "30",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "LAMBDA_TASK_ROOT": str(function.folder),
        "PYTHONPATH": os.pathsep.join(map(str, [*function.path, site_packages])),
        "POWERTOOLS_SERVICE_NAME": function.name,
        "POWERTOOLS_METRICS_NAMESPACE": "Hookline",
        **UNUSED,
    }
    front, back = _PORTS
    command = [
        str(emulator),
        "--runtime-interface-emulator-address",
        f"127.0.0.1:{front}",
        "--runtime-api-address",
        f"127.0.0.1:{back}",
        sys.executable,
        "-m",
        "awslambdaric",
        function.handler,
    ]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, cwd=function.folder, env=environment, stdout=log, stderr=log)
        try:
            _invoke(front)
            peak = _peak_mb(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=10)
        log.seek(0)
        text = log.read()
    found = re.search(r"INIT REPORT\(durationMs: ([\d.]+)\)", text)
    if not found:
        raise SystemExit(f"{function.name} did not start:\n{text[-3000:]}")
    return Start(float(found[1]), peak)


def _invoke(port: int) -> None:
    url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
    for _ in range(100):
        try:
            with urllib.request.urlopen(urllib.request.Request(url, json.dumps(_EVENT).encode()), timeout=30) as answer:
                answer.read()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the runtime interface emulator does not answer")


def _peak_mb(parent: int) -> float:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    found = [
        int(task) for path in Path(f"/proc/{parent}/task").iterdir() for task in (path / "children").read_text().split()
    ]
    peaks = [
        int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{child}/status").read_text())[1])  # type: ignore[index]  # always there
        for child in {*map(int, children), *found}
    ]
    return max(peaks) / 1024


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="cold starts of each function (default: 5)")
    options = parser.parse_args()
    ours = Function(
        "analyze",
        _BUILD / "AnalyzeFunction",
        [_BUILD / "MlLayer" / "python", _BUILD / "CoreLayer" / "python"],
        "analyze.app.handler",
    )
    if not ours.folder.exists():
        sys.stderr.write("nothing is built; run `make build` first\n")
        return 2
    emulator = _emulator()
    with tempfile.TemporaryDirectory() as folder:
        functions = [ours, _peer(Path(folder))]
        for function in functions:
            start(function, emulator)  # fills the page cache
        starts: dict[str, list[Start]] = {function.name: [] for function in functions}
        for _ in range(options.rounds):
            for function in functions:
                starts[function.name].append(start(function, emulator))
    medians = {name: statistics.median(one.init_ms for one in found) for name, found in starts.items()}
    print(f"{'function':<10} {'init ms':>9} {'peak MB':>9}")
    for name, found in starts.items():
        print(f"{name:<10} {medians[name]:>9.0f} {statistics.median(one.peak_mb for one in found):>9.0f}")
    print(f"ratio      {medians['analyze'] / medians['peer']:>9.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
