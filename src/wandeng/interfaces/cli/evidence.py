"""``wandeng evidence``: for how long what proves cases is kept, what is held, what is destroyed by two persons."""

from __future__ import annotations

from typing import Annotated

import typer

from wandeng.domains.cases.actions import retention
from wandeng.domains.cases.queries import retention as queries
from wandeng.interfaces.cli import terminal

app = typer.Typer(no_args_is_help=True, help="Evidence of cases (证据保管): kept, held, destroyed.")
Numbers = Annotated[list[str], typer.Argument(metavar="CASE…", help="Numbers of cases (工单号); all or none.")]
Standing = Annotated[
    str, typer.Option("--standing", "-s", help="KEPT, DUE, HELD, PROPOSED or DESTROYED (状态); empty: all.")
]
MOST = 500
_ROWS = {
    "number": "工单 case", "grade": "等级 grade", "kept_until": "保管至 kept until", "standing": "状态 standing",
    "files": "文件 files", "proposed_by": "提请人 proposed by", "why": "事由 why", "unit_name": "单位 unit",
}  # fmt: skip
_RECORD = {
    "decided_at": "销毁时间 at", "proposed_by": "提请人 proposed by", "decided_by": "批准人 approved by",
    "reason": "事由 reason", "what": "销毁清单 what",
}  # fmt: skip


@app.command("list")
def list_(
    standing: Standing = "",
    unit: terminal.UnitCode = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List closed cases whose evidence is kept, first those whose years are over (证据保管清单)."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = queries.evidence_rows(scope, today=terminal.today()).order_by("kept_until", "id")
    found = list((rows.filter(standing=standing) if standing else rows)[:MOST])
    terminal.show_rows(found, _ROWS, title="证据保管 evidence", empty="没有 none", as_json=as_json)


@app.command()
def record(
    number: Annotated[str, typer.Argument(metavar="CASE", help="Number of the case (工单号).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """What was destroyed of a case, by whom and why (销毁记录)."""
    found = queries.destroyed(terminal.scope(terminal.acting(as_person), ""), number)
    terminal.show_rows(found, _RECORD, title=f"{number} 销毁记录 destroyed", empty="没有 none", as_json=as_json)


@app.command()
def hold(
    numbers: Numbers, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Keep the evidence whatever its years say (证据保全)."""
    actor = terminal.acting(as_person)
    _tell("已保全 held", retention.hold(numbers=numbers, reason=reason, actor=actor, at=terminal.now()), as_json)


@app.command()
def release(
    numbers: Numbers, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Nobody needs it any more: the years hold again (解除保全)."""
    actor = terminal.acting(as_person)
    done = retention.release(numbers=numbers, reason=reason, actor=actor, at=terminal.now())
    _tell("已解除 released", done, as_json)


@app.command()
def propose(
    numbers: Numbers, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Propose to destroy what has been kept for its years (提请销毁)."""
    actor = terminal.acting(as_person)
    done = retention.propose(numbers=numbers, reason=reason, actor=actor, at=terminal.now())
    _tell("已提请 proposed", done, as_json)


@app.command()
def approve(
    numbers: Numbers,
    note: Annotated[str, typer.Option("--note", help="Words (说明).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Destroy it, as another than who proposed (批准销毁): the files are gone for good."""
    actor = terminal.acting(as_person)
    done = retention.approve(numbers=numbers, note=note, actor=actor, at=terminal.now())
    _tell("已销毁 destroyed", done, as_json)


@app.command()
def refuse(
    numbers: Numbers, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Do not destroy it, or take back one's own proposal (驳回或撤回)."""
    actor = terminal.acting(as_person)
    done = retention.refuse(numbers=numbers, reason=reason, actor=actor, at=terminal.now())
    _tell("已驳回 refused", done, as_json)


def _tell(words: str, cases: int, as_json: bool) -> None:
    terminal.done(f"{words}: 工单 cases {cases}", {"cases": cases}, as_json=as_json)
