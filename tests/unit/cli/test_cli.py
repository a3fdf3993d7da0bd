"""The command line: one line out for each line in, errors that name the line, exit codes."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hookline_cli.main import DONE, SOME_FAILED, USAGE, main
from hookline_cli.safe import printable
from hookline_cli.scoring import CHUNK, scored
from hookline_cli.source import LONGEST_LINE, Entry
from hookline_ml import Detector, base_model, load_rules

SCAM = "USPS: your parcel is held, pay 1.99 at https://usps.com-held.xin"
HAM = "See you at eight"


Say = Callable[[bytes], None]


class _Bytes:
    """Standard input made of bytes."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


class _Terminal(io.StringIO):
    """A stream that says whether it is a terminal."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def reconfigure(self, **_: str) -> None:
        """Text streams can; strings need not."""


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Say:
    def set_input(content: bytes) -> None:
        monkeypatch.setattr("sys.stdin", _Bytes(content))

    return set_input


def _rows(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_text_lines_are_scored_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "messages.txt"
    file.write_text(f"{SCAM}\n{HAM}\n" * 600)

    code = main(["score", str(file), "--format", "jsonl", "--brief"])

    rows = _rows(capsys.readouterr().out)
    assert code == DONE
    assert [row["line"] for row in rows] == list(range(1, 1201))
    assert {row["risk_level"] for row in rows[1::2]} == {"Low"}
    assert "Low" not in {row["risk_level"] for row in rows[::2]}


def test_standard_input_holds_json_lines(say: Say, capsys: pytest.CaptureFixture[str]) -> None:
    say(json.dumps({"text": SCAM}).encode() + b"\n" + json.dumps({"message_content": HAM}).encode() + b"\n")

    assert main(["score", "-", "--format", "jsonl"]) == DONE

    scam, ham = _rows(capsys.readouterr().out)
    assert scam["category_code"] == "parcel_delivery"
    assert scam["reasons"]
    assert ham["risk_level"] == "Low"


def test_bad_lines_are_named_and_the_rest_is_scored(say: Say, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        b'{"text": "hi"}',
        b"{broken",
        b"[1]",
        b'{"text": 7}',
        b"",
        b'{"text": ""}',
        b'{"text": "\\ud800 ok"}',
        b'{"text": "yo"}',
    ]
    say(b"\n".join(lines) + b"\n")

    code = main(["score", "-", "--format", "jsonl", "--brief"])

    captured = capsys.readouterr()
    rows = _rows(captured.out)
    assert code == SOME_FAILED
    assert [row["line"] for row in rows] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [row["line"] for row in rows if "error" in row] == [2, 3, 4, 5, 6]
    assert all(f"line {number}:" in captured.err for number in (2, 3, 4, 5, 6))


def test_a_column_of_a_csv_is_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "messages.csv"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([["id", "body"], ["1", SCAM], ["2", "two\nlines"], ["3"]])

    code = main(["score", str(file), "--column", "body", "--format", "csv"])

    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert code == SOME_FAILED
    assert [row["line"] for row in rows] == ["2", "3", "5"]
    assert rows[0]["category_code"] == "parcel_delivery"
    assert rows[2]["error"] == "the row is too short"


@pytest.mark.parametrize(
    ("arguments", "content"),
    [
        (["score", "/no/such/file"], b""),
        (["score", "-", "--column", "body"], b"id,text\n1,hi\n"),
        (["score", "-", "--input", "csv"], b"id,body\n1,hi\n"),
        (["score", "-", "--input", "csv"], b""),
        (["score", "-", "--high", "20"], b"hi\n"),
        (["explain", "hi", "--model", "/no/such/folder"], b""),
    ],
)
def test_wrong_use_is_told_on_standard_error(
    arguments: list[str], content: bytes, say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    say(content)

    assert main(arguments) == USAGE

    captured = capsys.readouterr()
    assert captured.err.startswith("hookline: ")


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["guess"])

    assert stopped.value.code == USAGE
    assert "guess" in capsys.readouterr().err


def test_no_input_gives_no_lines(say: Say, capsys: pytest.CaptureFixture[str]) -> None:
    say(b"")

    assert main(["score", "-", "--format", "jsonl"]) == DONE
    assert not capsys.readouterr().out


def test_endless_lines_do_not_fill_the_memory(say: Say, capsys: pytest.CaptureFixture[str]) -> None:
    say(b"a" * (3 * LONGEST_LINE) + b"\n" + b"b" * 20_000 + b"\nhello \xff\xfe\n")

    code = main(["score", "-", "--format", "jsonl", "--brief", "--input", "text"])

    rows = _rows(capsys.readouterr().out)
    assert code == SOME_FAILED
    assert ["error" in row for row in rows] == [True, True, False]


def test_an_endless_row_of_a_csv_is_named(say: Say, capsys: pytest.CaptureFixture[str]) -> None:
    say(b"text\nhi\n" + b"a" * (2 * LONGEST_LINE) + b"\nyo\n")

    code = main(["score", "-", "--input", "csv", "--format", "jsonl", "--brief"])

    captured = capsys.readouterr()
    rows = _rows(captured.out)
    assert code == SOME_FAILED
    assert [(row["line"], "error" in row) for row in rows] == [(2, False), (3, True), (4, False)]
    assert "line 3: longer than" in captured.err


def test_no_more_lines_are_read_than_are_scored_at_a_time() -> None:
    read_lines = 0

    def endless() -> Iterator[Entry]:
        nonlocal read_lines
        while True:
            read_lines += 1
            yield Entry(read_lines, HAM)

    outcomes = scored(Detector(base_model(), load_rules()), endless(), brief=True)

    assert [next(outcomes)[0].line for _ in range(3)] == [1, 2, 3]
    assert read_lines == CHUNK


@pytest.mark.parametrize(("err", "out", "shown"), [(True, False, True), (True, True, False), (False, False, False)])
def test_a_bar_is_shown_on_a_terminal_only(
    err: bool, out: bool, shown: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "messages.txt"
    file.write_text(f"{HAM}\n")
    streams = {"stderr": _Terminal(is_terminal=err), "stdout": _Terminal(is_terminal=out)}
    for name, stream in streams.items():
        monkeypatch.setattr(f"sys.{name}", stream)

    assert main(["score", str(file), "--format", "jsonl"]) == DONE

    assert bool(streams["stderr"].getvalue()) is shown
    assert json.loads(streams["stdout"].getvalue())["line"] == 1


def test_a_table_cannot_move_the_cursor(say: Say, capsys: pytest.CaptureFixture[str]) -> None:
    say("red \x1b[31m alert \u202egnp.exe\n".encode())

    main(["score", "-"])

    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "·[31m" in out


def test_explain_shows_score_advice_and_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", f"{SCAM} [bold]x[/bold] \x1b[2J"]) == DONE

    out = capsys.readouterr().out
    verdict = Detector(base_model(), load_rules()).score(f"{SCAM} [bold]x[/bold] \x1b[2J")
    assert f"{verdict.risk_score}/100" in out
    assert "[bold]x[/bold]" in out
    assert "\x1b[2J" not in out


def test_explain_says_when_there_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", " "]) == SOME_FAILED
    assert "nothing" in capsys.readouterr().err


def test_printable_keeps_every_offset() -> None:
    text = "a\x1b\u200b\ud800é日🎉"

    assert len(printable(text)) == len(text)
