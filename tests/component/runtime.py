"""Runs a built function as Lambda does: the real runtime client, the artefact, its layers, and nothing else.

Lambda's runtime API has three routes: the client asks for the next event, and sends back a response or an error.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import files
from pathlib import Path
from typing import Any

_VERSION = "/2018-06-01/runtime"
_RUNTIME = ("awslambdaric", "simplejson", "snapshot-restore-py")
_SDK = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3")
"""What Lambda itself brings; the rest of a function's packages must be in its artefact or layers."""

_DEADLINE_MS = 29_000


class FunctionError(Exception):
    """The function ended with an error instead of an answer."""


@dataclass
class RuntimeApi:
    """The three routes, and what goes through them."""

    events: "queue.Queue[dict[str, Any]]" = field(default_factory=queue.Queue)
    answers: "queue.Queue[tuple[str, Any]]" = field(default_factory=queue.Queue)

    def serve(self) -> ThreadingHTTPServer:
        """Return the server, not yet started."""
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                event = json.dumps(api.events.get()).encode()
                self.send_response(200)
                self.send_header("Lambda-Runtime-Aws-Request-Id", "00000000-0000-0000-0000-000000000001")
                self.send_header("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + _DEADLINE_MS))
                self.send_header(
                    "Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:component"
                )
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(event)))
                self.end_headers()
                self.wfile.write(event)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                kind = self.path.removeprefix(_VERSION).rsplit("/", 1)[-1]
                api.answers.put((kind, json.loads(body) if body else None))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@dataclass
class Function:
    """A function that runs."""

    api: RuntimeApi
    process: "subprocess.Popen[bytes]"
    log: Path

    def __call__(self, event: Mapping[str, Any]) -> Any:
        """Invoke the function and return its answer.

        Raises
        ------
        FunctionError
            If it raised, or did not even start.
        """
        self.api.events.put(dict(event))
        while True:
            try:
                kind, answer = self.api.answers.get(timeout=0.5)
                break
            except queue.Empty:
                if self.process.poll() is not None:
                    raise FunctionError(f"ended with {self.process.returncode}:\n{self.log.read_text()}") from None
        if kind != "response":
            raise FunctionError(f"{json.dumps(answer)}\n{self.log.read_text()}")
        return answer


def furnish(folder: Path) -> None:
    """Put what Lambda itself brings into a folder, and nothing else."""
    for package in (*_RUNTIME, *_SDK):
        for file in files(package) or ():
            top = file.parts[0]
            if ".." not in file.parts and not top.endswith(".dist-info") and not (folder / top).exists():
                (folder / top).symlink_to(Path(str(file.locate())).parents[len(file.parts) - 1] / top)


@contextmanager
def running(
    handler: str, *, artefact: Path, layers: list[Path], runtime: Path, environment: Mapping[str, str], log: Path
) -> Iterator[Function]:
    """Run a built function.

    Parameters
    ----------
    handler
        As the template names it: ``analyze.app.handler``.
    artefact, layers
        The built folders.
    runtime
        The folder with what Lambda itself brings.
    """
    api = RuntimeApi()
    server = api.serve()
    serving = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    server.daemon_threads = True
    serving.start()
    own = {
        **{name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR") if name in os.environ},
        **environment,
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_address[1]}",
        "AWS_LAMBDA_FUNCTION_NAME": handler.partition(".")[0],
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "LAMBDA_TASK_ROOT": str(artefact),
        "_HANDLER": handler,
        "PYTHONPATH": os.pathsep.join(map(str, (artefact, *(layer / "python" for layer in layers), runtime))),
    }
    with log.open("wb") as out:
        # -S: without the packages of the environment that runs the tests.
        process = subprocess.Popen(
            [sys.executable, "-S", "-m", "awslambdaric", handler],
            cwd=artefact,
            env=own,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Function(api, process, log)
    finally:
        process.kill()
        process.wait()
        server.shutdown()
        server.server_close()
        serving.join()
