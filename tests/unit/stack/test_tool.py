"""The tool's other parts: template, sample, console, command line."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from stack import __main__ as command_line
from stack import chromium, console, deploy, rest, seed, template
from stack.errors import StackError
from stack.places import SAMPLE, TEMPLATE

METHODS = """
Resources:
  Path:
    Type: AWS::ApiGateway::Resource
    Properties: {PathPart: one, ParentId: !GetAtt Api.RootResourceId}
  RestDeployment00000000:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !Ref Api}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {DeploymentId: !Ref RestDeployment00000000}
"""


def test_short_forms_are_read_in_their_long_form(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text("A: !Ref X\nB: !GetAtt X.Arn\nC: !If [Local, !Sub '${X}', [1]]\nD: !Not [{Condition: Y}]\n")
    assert template.load(path) == {
        "A": {"Ref": "X"},
        "B": {"Fn::GetAtt": ["X", "Arn"]},
        "C": {"Fn::If": ["Local", {"Fn::Sub": "${X}"}, [1]]},
        "D": {"Fn::Not": [{"Condition": "Y"}]},
    }


def test_deployment_is_named_after_what_it_deploys(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(METHODS)
    first = template.write_deployment_id(path)
    assert path.read_text().count(first) == 2
    assert template.write_deployment_id(path) == first
    path.write_text(path.read_text().replace("StageName", "Renamed"))
    assert template.write_deployment_id(path) == first
    path.write_text(path.read_text().replace("PathPart: one", "PathPart: two"))
    assert template.write_deployment_id(path) != first


def test_tables_with_expiry_come_from_the_template() -> None:
    assert template.tables_with_expiry(template.load(TEMPLATE))["TicketsTable"] == "expires_at"


def test_sample_is_a_rich_one() -> None:
    messages = [json.loads(line) for line in SAMPLE.read_text().splitlines()]
    assert len(messages) >= 200
    assert all(1 <= len(message["message_content"]) <= 10_000 for message in messages)
    assert {message["channel"] for message in messages} >= {"sms", "whatsapp", "email", "telegram", "chat"}
    assert all(message.get("phone_number", "+1").startswith("+") for message in messages)
    texts = Counter(message["message_content"] for message in messages)
    assert max(texts.values()) == 1


class FakeApi:
    def __init__(self, held: list[object]) -> None:
        self.held = held
        self.sent: list[dict[str, Any]] = []

    def __call__(self, url: str, *, key: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        if body is None:
            assert (url, key) == ("http://api/messages?limit=1", "analyst-key")
            return {"items": self.held}
        assert (url, key) == ("http://api/analyze", "client-key")
        self.sent.append(body)
        return {"risk_level": "Low"}


@pytest.mark.parametrize(
    ("held", "when", "sent"),
    [([], "empty", 2), (["a message"], "empty", 0), (["a message"], "again", 2), ([], "never", 0)],
)
def test_sample_is_replayed_once(
    held: list[object], when: seed.When, sent: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = tmp_path / "sample.jsonl"
    sample.write_text('{"message_content": "a"}\n{"message_content": "b"}\n')
    api = FakeApi(held)
    monkeypatch.setattr(rest, "call", api)
    seed.replay("http://api", client="client-key", analyst="analyst-key", when=when, sample=sample)
    assert len(api.sent) == sent


def test_missing_console_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "CONSOLE", tmp_path)
    with pytest.raises(StackError, match=r"package\.json"):
        console.build()


def test_console_is_built_only_when_it_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[list[str]] = []
    monkeypatch.setattr(console, "CONSOLE", tmp_path)
    monkeypatch.setattr(console, "_node", dict)
    monkeypatch.setattr(console, "run", lambda arguments, **_: runs.append(list(arguments)))
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_text("{}")
    console.build()
    assert [run[1] for run in runs] == ["ci", "run"]
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_text("<p>")
    console.build()
    assert len(runs) == 2


def test_chromium_is_asked_for_where_it_cannot_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium.shutil, "which", lambda _: None)
    with pytest.raises(StackError, match="apt-get install chromium"):
        chromium.ensure()


def test_local_parameters_lift_the_plans_limits() -> None:
    parameters = deploy._local_parameters()
    assert parameters["IsLocal"] == "true"
    assert int(parameters["StandardRate"]) > 1000


def test_errors_are_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["--home", str(tmp_path), "status"]) == 1
    assert "make up" in capsys.readouterr().err


def test_parameter_without_value_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command_line.main(["up", "--parameter", "WebhookUrl"])
    assert "NAME=VALUE" in capsys.readouterr().err


def test_down_twice_is_fine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["--home", str(tmp_path), "down"]) == 0
    assert "was not running" in capsys.readouterr().out
