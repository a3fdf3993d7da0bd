"""The emulator is found by the process that was started, and never confused with another."""

import json
import os
from pathlib import Path

import pytest

from stack import emulator
from stack.emulator import Emulator
from stack.errors import StackError
from stack.places import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def record(home: Home, pid: int, port: int = 4566) -> None:
    home.process.write_text(json.dumps({"pid": pid, "port": port}))


def test_nothing_runs_without_a_record(home: Home) -> None:
    assert emulator.running(home) is None


def test_another_program_under_the_recorded_number_is_not_the_emulator(home: Home) -> None:
    record(home, os.getpid())
    assert emulator.running(home) is None


def test_stop_never_signals_another_program(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    signals: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _, signal: signals.append(signal))
    record(home, os.getpid())
    assert emulator.stop(home) is False
    assert set(signals) <= {0}
    assert not home.process.exists()


def test_a_stack_at_another_port_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emulator, "_alive", lambda _: True)
    record(home, 1, port=4600)
    assert emulator.check_port(home, 4600) == Emulator(1, 4600)
    with pytest.raises(StackError, match=r"4600.*make down"):
        emulator.check_port(home, 4566)


def test_functions_see_nothing_of_the_users_environment(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "my-company")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    environment = emulator._environment(home, port=4600, host="127.0.0.1")
    assert not [name for name in environment if name.startswith("AWS_")]
    assert environment["AUTH"] == "true"
    assert environment["BIND_HOST"] == "127.0.0.1"


def test_streams_that_begin_anew_are_followed_from_their_beginning(home: Home) -> None:
    emulator.forget_positions(home)
    home.state.mkdir()
    saved = home.state / "lambda.json"
    saved.write_text(json.dumps({"payload": {"functions": {"a": 1}, "dynamodb_stream_positions": {"esm": 7}}}))
    emulator.forget_positions(home)
    assert json.loads(saved.read_text()) == {"payload": {"functions": {"a": 1}, "dynamodb_stream_positions": {}}}
