"""Shows one verdict in the terminal, with what gave the message away."""

from hookline_ml import Level, Reason, Verdict
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hookline_cli.safe import printable

_COLOURS = {Level.LOW: "green", Level.MEDIUM: "yellow", Level.HIGH: "red", Level.CRITICAL: "bold red"}
_MARK = "bold reverse"
_LEAST = 0.5  # points that are worth a line


def show(text: str, verdict: Verdict, console: Console) -> None:
    """Print a verdict."""
    colour = _COLOURS[verdict.risk_level]
    head = Text.assemble((f"{verdict.risk_score}/100 {verdict.risk_level.value}", colour), f"  {verdict.category.name}")
    if verdict.runner_up is not None:
        head.append(f"  (or {verdict.runner_up.name}, {verdict.runner_up_probability:.0%})", "dim")
    console.print(head)
    console.print(verdict.primary_reason, markup=False)
    console.print(verdict.advice, style="bold", markup=False)
    console.print()
    console.print(_marked(text, verdict.reasons))
    console.print()
    console.print(_table(verdict.reasons))
    console.print(
        f"model {verdict.model_version}, rules {verdict.rules_version}", style="dim", markup=False, highlight=False
    )


def _marked(text: str, reasons: tuple[Reason, ...]) -> Text:
    """Return the message with the spans of what speaks against it marked."""
    shown = Text(printable(text))
    for reason in reasons:
        if reason.points >= _LEAST:
            for start, end in reason.spans:
                shown.stylize(_MARK, start, end)
    return shown


def _table(reasons: tuple[Reason, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("points", justify="right")
    table.add_column("code")
    table.add_column("why")
    for reason in reasons:
        if abs(reason.points) >= _LEAST:
            table.add_row(f"{reason.points:+.1f}", reason.code, Text(printable(reason.text)))
    return table
