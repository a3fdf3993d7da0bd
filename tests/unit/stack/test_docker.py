"""The container's files keep their promises, and its entry point does what a container needs. No engine is needed."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from stack.places import ROOT

DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()
ENTRY_POINT = ROOT / "docker" / "entrypoint"
PYTHON = """\
#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in
    *" up "*) exit "${UP_STATUS:-0}" ;;
    *" status") exit "${HEALTH:-0}" ;;
esac
"""


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_image_is_pinned_and_runs_as_nobody_special() -> None:
    assert re.search(r"^FROM \S+:\d+\.\d+\.\d+-\S+$", DOCKERFILE, re.MULTILINE)
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert users == ["hookline"]
    assert DOCKERFILE.index("USER hookline") < DOCKERFILE.index("ENTRYPOINT")
    assert "HEALTHCHECK" in DOCKERFILE


def test_image_holds_no_secret_and_no_state() -> None:
    assert not re.search(r"^(ARG|ENV|ADD)\b", DOCKERFILE, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    allowed = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert not allowed & {".local", ".env", ".git", ".aws-sam", ".venv"}
    assert all((ROOT / name).exists() for name in allowed)


def test_copied_folders_reach_the_image() -> None:
    allowed = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines()}
    copied = re.findall(r"^COPY --chown=hookline (.+) \S+$", DOCKERFILE, re.MULTILINE)
    wanted = {name for line in copied for name in line.split()} - {"."}
    assert wanted <= allowed


def test_service_restarts_keeps_its_data_and_listens_here_only(compose: Any) -> None:
    service = compose["services"]["hookline"]
    assert service["restart"] == "unless-stopped"
    assert service["volumes"] == ["data:/data"]
    assert "data" in compose["volumes"]
    assert service["networks"] == ["stack"]
    assert "stack" in compose["networks"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["cap_drop"] == ["ALL"]


def test_localstack_comes_only_when_asked_for(compose: Any) -> None:
    assert compose["services"]["localstack"]["profiles"] == ["localstack"]
    assert "healthcheck" in compose["services"]["localstack"]


def test_every_setting_is_in_the_example() -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text()))
    example = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert wanted == example


class EntryPoint:
    """The entry point, with a stack that only writes down what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.calls = folder / "calls"
        self._python = folder / "python"
        self._python.write_text(PYTHON)
        self._python.chmod(0o755)

    def start(self, **environment: str) -> "subprocess.Popen[bytes]":
        settings = {"HOOKLINE_PYTHON": str(self._python), "CALLS": str(self.calls), "HOOKLINE_WATCH_SECONDS": "0.05"}
        return subprocess.Popen([ENTRY_POINT], cwd=ROOT, env={**os.environ, **settings, **environment})

    def wait_for(self, word: str) -> None:
        deadline = time.monotonic() + 30
        while not (self.calls.exists() and word in self.calls.read_text()):
            assert time.monotonic() < deadline, f"{word} was not called"
            time.sleep(0.02)


@pytest.fixture
def entry_point(tmp_path: Path) -> EntryPoint:
    return EntryPoint(tmp_path)


def test_stop_saves_the_state(entry_point: EntryPoint) -> None:
    process = entry_point.start()
    entry_point.wait_for("status")
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert entry_point.calls.read_text().splitlines()[-1] == "-m stack --home /data down"


def test_settings_reach_the_stack(entry_point: EntryPoint) -> None:
    process = entry_point.start(PORT="4999", SEED="never", PARAMETERS="RetentionDays=30 CutoffHigh=75")
    entry_point.wait_for("status")
    process.terminate()
    process.wait(30)
    assert entry_point.calls.read_text().splitlines()[0] == (
        "-m stack --home /data up --host 0.0.0.0 --port 4999 --sample never"
        " --parameter RetentionDays=30 --parameter CutoffHigh=75"
    )


def test_container_ends_when_the_stack_does_not_come_up(entry_point: EntryPoint) -> None:
    assert entry_point.start(UP_STATUS="1").wait(30) == 1


def test_container_ends_when_the_stack_stops_answering(entry_point: EntryPoint) -> None:
    assert entry_point.start(HEALTH="1").wait(30) == 1
