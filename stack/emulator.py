"""Starts and stops the emulator. It is known by the process that was started, never by a name."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

from stack import tools
from stack.errors import StackError
from stack.places import Home
from stack.progress import step

_PROGRAM = Path(__file__).parent / "run_ministack.py"
_READY_SECONDS = 60
_STOP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator.

    Parameters
    ----------
    pid
        Its process.
    port
        Where it listens.
    """

    pid: int
    port: int

    @property
    def url(self) -> str:
        """Return its endpoint for AWS clients."""
        return f"http://localhost:{self.port}"


def running(home: Home) -> Emulator | None:
    """Return the emulator of a stack, if it runs."""
    try:
        emulator = Emulator(**json.loads(home.process.read_text()))
    except FileNotFoundError:
        return None
    return emulator if _alive(emulator.pid) else None


def start(home: Home, *, port: int, host: str = "127.0.0.1") -> Emulator:
    """Start a stack's emulator, or return it if it runs.

    Raises
    ------
    StackError
        If it runs at another port, the port is taken by another program, or it does not come up.
    """
    if emulator := check_port(home, port):
        return emulator
    with step(f"Starting the emulator at port {port}"):
        home.path.mkdir(parents=True, exist_ok=True)
        forget_positions(home)
        with home.log.open("ab") as log:
            process = subprocess.Popen(
                [tools.EMULATOR_PYTHON, _PROGRAM, tools.SAM_PACKAGES],
                env=_environment(home, port=port, host=host),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        emulator = Emulator(process.pid, port)
        home.process.write_text(json.dumps(asdict(emulator)))
        _wait_until_ready(process, emulator, home)
    return emulator


def forget_positions(home: Home) -> None:
    """Let functions follow the tables' streams from their beginning.

    The emulator saves how far each function had read, and not the streams themselves, which begin anew: without this,
    as many records as were read before would pass unseen, and with them their alerts.
    """
    saved = home.state / "lambda.json"
    if saved.exists():
        state = json.loads(saved.read_text())
        state["payload"]["dynamodb_stream_positions"] = {}
        saved.write_text(json.dumps(state))


def check_port(home: Home, port: int) -> Emulator | None:
    """Return a stack's emulator if it runs at a port; nothing, if that port is free for it.

    Raises
    ------
    StackError
        If the emulator runs elsewhere, or another program has the port.
    """
    emulator = running(home)
    if emulator is None:
        _check_free(port)
    elif emulator.port != port:
        raise StackError(f"The stack runs at port {emulator.port}. Stop it first: make down")
    return emulator


def stop(home: Home) -> bool:
    """Stop a stack's emulator and wait until its state is saved. Return whether it ran."""
    emulator = running(home)
    if emulator:
        with step("Stopping the emulator and saving its state"):
            os.kill(emulator.pid, signal.SIGTERM)
            deadline = time.monotonic() + _STOP_SECONDS
            while _alive(emulator.pid):
                if time.monotonic() > deadline:
                    raise StackError(f"The emulator (process {emulator.pid}) does not stop. Its log: {home.log}")
                time.sleep(0.1)
    home.process.unlink(missing_ok=True)
    return emulator is not None


def _environment(home: Home, *, port: int, host: str) -> dict[str, str]:
    """Return the emulator's whole environment: nothing else of the user's reaches the functions."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "PATH", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "BIND_HOST": host,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home.state),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(home.objects),
        "AUTH": "true",  # roles' policies hold here as they do on AWS
        # All functions share this machine's processors, and on AWS most have less than one.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StackError(
                f"Port {port} is in use by another program. Choose another: make up PORT={port + 1}"
            ) from error


def _wait_until_ready(process: "subprocess.Popen[bytes]", emulator: Emulator, home: Home) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise StackError(f"The emulator ended at once (exit status {process.returncode}). Its log: {home.log}")
        try:
            with urllib.request.urlopen(f"{emulator.url}/_ministack/health", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    process.terminate()
    raise StackError(f"The emulator did not answer within {_READY_SECONDS} s. Its log: {home.log}")


def _alive(pid: int) -> bool:
    """Tell whether a process is there and is the emulator: process ids are given again, and the dead linger."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    command = Path(f"/proc/{pid}/cmdline")
    return not Path("/proc/self").exists() or (command.is_file() and _PROGRAM.name.encode() in command.read_bytes())
