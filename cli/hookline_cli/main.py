"""The command line: `hookline score` and `hookline explain`."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from hookline_ml import Cutoffs, Detector, EmptyMessageError, base_model, load_rules
from hookline_ml.model import load_folder

from hookline_cli.scoring import scored
from hookline_cli.sink import writer
from hookline_cli.source import Kind, SourceError, read

DONE, SOME_FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

_EPILOG = """examples:
  hookline score messages.txt
  hookline score export.csv --column body --format csv > verdicts.csv
  hookline score - --brief --format jsonl < messages.jsonl
  hookline explain "Your parcel is held, pay 1.99 at https://usps.com-held.xin"

exit codes:
  0  every line was scored
  1  some lines could not be scored; standard error names them
  2  the command, the file or the column is wrong
"""
_INPUTS = ("text", "jsonl", "csv")
_FORMATS = ("jsonl", "csv", "table")
_GARBAGE = 100_000  # objects between two searches for cycles, of which scoring makes none: a chunk holds fewer
_KINDS: dict[str, Kind] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".txt": "text"}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    root = argparse.ArgumentParser(
        prog="hookline",
        description="Tells whether messages are scams, offline.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    score = commands.add_parser(
        "score",
        help="score messages from a file or standard input",
        description="Reads text lines, JSON Lines (`text` or `message_content`) or CSV; writes one line for each.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    score.add_argument("file", metavar="FILE", help="the messages; - is standard input")
    score.add_argument("--input", choices=_INPUTS, help="what FILE is (default: by its name or first line)")
    score.add_argument("--column", metavar="NAME", help="FILE is a CSV, and this column holds the messages")
    score.add_argument("--format", choices=_FORMATS, default="table", help="what to write (default: table)")
    score.add_argument("--brief", action="store_true", help="score, level and category only: faster")
    explain = commands.add_parser(
        "explain",
        help="score one message and show what gave it away",
        description="Shows score, category and advice, and the message with what speaks against it marked.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    explain.add_argument("text", metavar="TEXT", help="the message; - is standard input")
    for command in (score, explain):
        command.add_argument(
            "--model", type=Path, metavar="FOLDER", help="manifest.json and model.npz (default: the shipped model)"
        )
        for level in ("medium", "high", "critical"):
            lowest = getattr(Cutoffs(), level)
            command.add_argument(f"--{level}", type=int, default=lowest, help="lowest score of the level (%(default)s)")
    return root


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    given = parser().parse_args(arguments)
    try:
        return _score(given) if given.command == "score" else _explain(given)
    except BrokenPipeError:  # somebody downstream, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except (
        OSError,
        ValueError,
    ) as error:  # a missing file, a damaged model, cut-offs that do not rise, a missing column
        print(f"hookline: {error}", file=sys.stderr)
        return USAGE


def _detector(given: argparse.Namespace) -> Detector:
    model = load_folder(given.model) if given.model else base_model()
    return Detector(model, load_rules(), Cutoffs(given.medium, given.high, given.critical))


def _score(given: argparse.Namespace) -> int:
    detector = _detector(given)
    gc.freeze()  # rules and model stay: looking through them for garbage again and again costs a sixth of the time
    gc.set_threshold(_GARBAGE)
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # a text stream always
    failed = 0
    with _opened(given.file) as (source, size), _progress(size) as advance:
        entries = read(
            source, kind=given.input or _KINDS.get(Path(given.file).suffix), column=given.column, progress=advance
        )
        write = writer(sys.stdout, given.format, brief=given.brief)
        for entry, outcome, error in scored(detector, entries, brief=given.brief):
            write(entry, outcome, error)
            if outcome is None:
                failed += 1
                print(f"hookline: line {entry.line}: {error}", file=sys.stderr)
    sys.stdout.flush()
    return SOME_FAILED if failed else DONE


@contextmanager
def _opened(name: str) -> Iterator[tuple[BinaryIO, int | None]]:
    if name == "-":
        yield sys.stdin.buffer, None
        return
    with Path(name).open("rb") as source:
        size = os.fstat(source.fileno()).st_size
        yield source, size or None


@contextmanager
def _progress(size: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error, where that is a terminal and standard output is not."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415  # a tenth of a second that pipelines need not spend
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
    # Standard output is somebody else's: what is written there must not be drawn above the bar.
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False) as progress:
        task = progress.add_task("", total=size)
        yield lambda amount: progress.advance(task, amount)


def _explain(given: argparse.Namespace) -> int:
    from rich.console import Console  # noqa: PLC0415

    from hookline_cli.explanation import show  # noqa: PLC0415

    text = sys.stdin.buffer.read().decode("utf-8", "replace") if given.text == "-" else given.text
    try:
        verdict = _detector(given).score(text)
    except EmptyMessageError as error:
        print(f"hookline: {error}", file=sys.stderr)
        return SOME_FAILED
    show(text, verdict, Console())
    return DONE


__all__ = ["SourceError", "main", "parser"]
