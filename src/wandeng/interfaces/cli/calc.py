"""``wandeng calc``: trial calculation (试算) of one case from a file, without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from wandeng.calc.trial.kinds import KINDS, Kind
from wandeng.calc.trial.steps import Outcome
from wandeng.calc.trial.validation import CaseInvalid
from wandeng.flows import trial
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.errors import InvalidInput

app = typer.Typer(pretty_exceptions_enable=False, help="Trial calculation (试算) of a case, without a database.")


@app.callback(invoke_without_command=True)
def list_kinds(context: typer.Context) -> None:
    """Trial calculation (试算) of a case, without a database. Alone: the kinds there are."""
    if context.invoked_subcommand is not None:
        return
    table = Table("kind", "试算", "what it answers", box=None)
    for kind in KINDS.values():
        table.add_row(kind.name, kind.title_zh, kind.title_en)
    console = Console()
    console.print(table)
    console.print("wandeng calc KIND --example > case.json; wandeng calc KIND --input case.json", style="dim")


def _command(kind: Kind) -> Callable[..., None]:
    """The command of one kind; all of them look alike."""

    def calculate(
        input_: Annotated[
            str, typer.Option("--input", "-i", metavar="FILE", help="The case, a JSON file; - reads standard input.")
        ] = "",
        as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON, exact.")] = False,
        example: Annotated[bool, typer.Option("--example", help="Print a ready sample case.")] = False,
    ) -> None:
        if example:
            sys.stdout.write(kind.sample)
            return
        if not input_:
            raise typer.BadParameter("name a case file, or ask for --example", param_hint="--input")
        try:
            outcome = trial.calculate(kind.name, _text(input_), RuleLibrary.load(default_root()))
        except CaseInvalid as refusal:
            _show_problems(refusal)
            raise typer.Exit(2) from None
        if as_json:
            sys.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False, indent=2) + "\n")
        else:
            _show(outcome, kind)

    calculate.__doc__ = f"{kind.title_en[0].upper()}{kind.title_en[1:]} ({kind.title_zh})."
    return calculate


for _kind in KINDS.values():
    app.command(_kind.name)(_command(_kind))


def _text(named: str) -> str:
    """The file's text. A byte order mark is dropped, as editors on Windows write one."""
    try:
        raw = sys.stdin.buffer.read() if named == "-" else Path(named).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{named}: {error.strerror}") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(f"{named}: the case must be written in UTF-8") from None


def _show_problems(refusal: CaseInvalid) -> None:
    console = Console(stderr=True)
    for problem in refusal.problems:
        line = Text.assemble(("✗ ", "bold red"), (problem.key or "case", "bold"), f": {problem.found}; expected ")
        console.print(line.append(problem.expected), highlight=False, soft_wrap=True)


def _show(outcome: Outcome, kind: Kind) -> None:
    console = Console()
    table = Table(title=f"{kind.title_zh} · {kind.name}", title_justify="left")
    for heading in ("step", "arithmetic", "source"):
        table.add_column(heading, overflow="fold")
    for step in outcome.steps:
        table.add_row(Text(step.what), Text(step.arithmetic), Text(step.citation, style="dim"))
    console.print(table)
    for convention in outcome.conventions:
        others = ", ".join(option for option in convention.options if option != convention.used)
        console.print(
            f"convention {convention.key} = {convention.used} (by the {convention.chosen_by}; also: {others})",
            highlight=False,
            soft_wrap=True,
        )
    for source in outcome.sources:
        console.print(
            f"rule {source.path} from {source.effective_from}, status {source.status}", style="dim", soft_wrap=True
        )
    for note in outcome.notes:
        console.print(f"note: {note}", soft_wrap=True, highlight=False)
