"""``wandeng doctor``: every gap of this installation, and how to mend it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from wandeng.flows.doctor import examination
from wandeng.flows.doctor.findings import Finding, Severity
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput

MARKS = {Severity.FINE: ("✓", "green"), Severity.WARNING: ("!", "yellow"), Severity.FAULT: ("✗", "bold red")}
ENDS = {
    Severity.FINE: ("一切正常", "all is well"),
    Severity.WARNING: ("有需要留意之处", "some things need attention"),
    Severity.FAULT: ("有必须处理的问题", "some things must be mended"),
}


def doctor(
    lang: Annotated[str, typer.Option("--lang", help="zh or en (语言).")] = "zh",
    only_gaps: Annotated[bool, typer.Option("--gaps", help="Only what is not in order (只列问题).")] = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Examine this installation (体检). Exit code 0 all is well, 1 warnings, 2 faults."""
    if lang not in ("zh", "en"):
        raise InvalidInput(f"the language is zh or en, not '{lang}'")
    groups = examination.examine(terminal.now())
    worst = examination.worst(groups)
    if as_json:
        found = [_plain(finding, lang) for _, _, findings in groups for finding in findings]
        terminal.show_json({"worst": worst.name, "findings": found})
    else:
        _show(groups, lang, only_gaps)
        word = ENDS[worst][lang == "en"]
        Console().print(Text(f"\n{word}", style=MARKS[worst][1]))
    if worst is not Severity.FINE:
        raise typer.Exit(int(worst))


def _plain(finding: Finding, lang: str) -> dict[str, str]:
    return {
        "code": finding.code,
        "severity": finding.severity.name,
        "sentence": finding.sentence.told(lang),
        "remedy": finding.remedy.told(lang),
    }


def _show(groups: list[tuple[str, str, list[Finding]]], lang: str, only_gaps: bool) -> None:
    console = Console()
    for zh, en, findings in groups:
        shown = [one for one in findings if one.severity is not Severity.FINE or not only_gaps]
        if not shown:
            continue
        console.print(Text(en if lang == "en" else zh, style="bold"))
        for finding in shown:
            mark, style = MARKS[finding.severity]
            console.print(Text.assemble((f"  {mark} ", style), finding.sentence.told(lang)))
            if remedy := finding.remedy.told(lang):
                console.print(Text(f"      → {remedy}", style="dim"))
