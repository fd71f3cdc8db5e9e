"""``wandeng incident`` and ``wandeng permit``: many calls of one fault, and leave to work on a customer's equipment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wandeng.domains.cases.actions import incidents, permits
from wandeng.domains.cases.actions.incidents import IncidentStands
from wandeng.domains.cases.actions.permits import PermitStands
from wandeng.domains.cases.queries import incidents as queries
from wandeng.domains.cases.queries import permits as permit_queries
from wandeng.domains.cases.types import Charter
from wandeng.flows.case_documents import permits as sheets
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.case_work import local, moment, proofs

app = typer.Typer(no_args_is_help=True, help="Incidents (故障归并): many calls of one fault.")
permit = typer.Typer(no_args_is_help=True, help="Permits to work (工作票).")
Number = Annotated[str, typer.Argument(metavar="INCIDENT", help="Number of the incident (归并单号).")]
Permit = Annotated[str, typer.Argument(metavar="PERMIT", help="Number of the permit (工作票号).")]
CaseNumber = Annotated[str, typer.Argument(metavar="CASE", help="Number of the case (工单号).")]
_Place = Annotated[str, typer.Option("--place", metavar="LON,LAT", help="Where it was done, degrees (定位).")]
_Photos = Annotated[list[Path] | None, typer.Option("--photo", metavar="FILE", help="A photo (照片).")]

_INCIDENTS = {
    "number": "归并单 incident", "state": "状态 state", "level": "范围 level", "what": "设备 what", "cases": "工单 cases",
    "customers": "影响用户 customers", "step": "进展 step", "crew": "抢修队 crew",
}  # fmt: skip
_PERMITS = {
    "number": "工作票 permit", "state": "状态 state", "case_number": "工单 case", "work": "内容 work",
    "worker": "负责人 worker", "issued_by": "签发人 issuer", "open_checks": "未确认 open",
}  # fmt: skip


@app.command("list")
def list_(
    all_: Annotated[bool, typer.Option("--all", help="Also those that have ended (全部).")] = False,
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List open incidents, newest first (故障归并)."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    found = list(queries.incident_rows(scope, states=() if all_ else ("OPEN",)).order_by("-id")[:limit])
    terminal.show_rows(found, _INCIDENTS, title="故障归并 incidents", empty="没有 none", as_json=as_json)


@app.command()
def show(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show an incident (归并单详情)."""
    found = queries.incident(terminal.scope(terminal.acting(as_person), ""), number, now=terminal.now())
    if as_json:
        terminal.show_json(found)
        return
    terminal.done(
        f"{found.number} {found.state} {found.level} {found.what}: 工单 cases {found.case_count}, 抢修队 crew"
        f" {found.crew or '–'}, 预计恢复 expected {local(found.expected_at)}",
        {}, as_json=False,
    )  # fmt: skip


@app.command()
def known(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """What is known of an outage at an account (已知停电)."""
    found = queries.known_incident(terminal.scope(terminal.acting(as_person), ""), account_number=account)
    if as_json:
        terminal.show_json(found)
        return
    told = (
        f"{found.number} {found.what}, 预计恢复 expected {local(found.expected_at)}" if found else "没有已知停电 none"
    )
    terminal.done(told, {}, as_json=False)


@app.command()
def send(
    number: Number,
    crew: Annotated[str, typer.Argument(metavar="CREW", help="Code of the crew (队号).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Send a crew (派工)."""
    actor, charter = terminal.acting(as_person), Charter.current()
    _tell(incidents.send(number=number, code=crew, actor=actor, at=terminal.now(), charter=charter), as_json)


@app.command()
def accept(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Accept it (接单)."""
    actor, charter = terminal.acting(as_person), Charter.current()
    _tell(incidents.accept(number=number, actor=actor, at=terminal.now(), charter=charter), as_json)


@app.command()
def arrive(
    number: Number,
    place: _Place,
    expected: Annotated[str, typer.Option("--expected", help="Local time supply is expected back (预计恢复).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """The crew is there (到达现场)."""
    done = incidents.arrive(
        number=number, proofs=proofs(None, place, None), expected_at=moment(expected) if expected else None,
        actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current(),
    )  # fmt: skip
    _tell(done, as_json)


@app.command()
def expect(
    number: Number,
    expected: Annotated[str, typer.Argument(metavar="TIME", help="Local time, YYYY-MM-DDTHH:MM (预计恢复).")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Say when supply is expected back: every caller is told the same (预计恢复时间)."""
    done = incidents.expect(
        number=number, expected_at=moment(expected), reason=reason, actor=terminal.acting(as_person), at=terminal.now(),
        charter=Charter.current(),
    )  # fmt: skip
    _tell(done, as_json)


@app.command()
def restore(
    number: Number,
    cause: Annotated[str, typer.Option("--cause", help="What it was (故障原因).")],
    place: _Place,
    photos: _Photos,
    restored: Annotated[str, typer.Option("--at", help="Local time supply came back; default: now (恢复时间).")] = "",
    result: Annotated[str, typer.Option("--result", help="How it ended (处理结果).")] = "REPAIRED",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Supply is back: every case is finished with the same proofs (恢复送电)."""
    now = terminal.now()
    done = incidents.restore(
        number=number, cause=cause, restored_at=moment(restored) if restored else now,
        proofs=proofs(photos, place, None), result=result, actor=terminal.acting(as_person), at=now,
        charter=Charter.current(),
    )  # fmt: skip
    _tell(done, as_json)


@app.command("take-back")
def take_back(
    number: Number, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Take it out of a crew's hands (收回派工)."""
    actor, charter = terminal.acting(as_person), Charter.current()
    _tell(incidents.take_back(number=number, reason=reason, actor=actor, at=terminal.now(), charter=charter), as_json)


@app.command()
def join(
    number: Number, case: CaseNumber, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:  # fmt: skip
    """Put a case in by hand (并入)."""
    actor, charter = terminal.acting(as_person), Charter.current()
    _tell(incidents.join(number=number, case=case, actor=actor, at=terminal.now(), charter=charter), as_json)


@app.command()
def leave(
    number: Number, case: CaseNumber, reason: terminal.Reason, as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Take a case out (拆出)."""
    actor = terminal.acting(as_person)
    _tell(incidents.leave(number=number, case=case, reason=reason, actor=actor, at=terminal.now()), as_json)


@app.command()
def dissolve(
    number: Number, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """It was not one fault: the cases go on alone (解散)."""
    actor, charter = terminal.acting(as_person), Charter.current()
    _tell(incidents.dissolve(number=number, reason=reason, actor=actor, at=terminal.now(), charter=charter), as_json)


@permit.command("list")
def list_permits(
    unit: terminal.UnitCode = "", limit: terminal.Limit = 50, as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """List permits, newest first (工作票)."""
    found = list(permit_queries.permit_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("-id")[:limit])
    terminal.show_rows(found, _PERMITS, title="工作票 permits", empty="没有 none", as_json=as_json)


@permit.command("show")
def show_permit(
    number: Permit,
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="Write the sheet (打印).")] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show a permit, or write its sheet (工作票详情)."""
    scope, charter = terminal.scope(terminal.acting(as_person), ""), Charter.current()
    found = permit_queries.permit(scope, number, charter=charter)
    if pdf is not None:
        pdf.write_bytes(sheets.permit_pdf(scope, number, charter=charter, on=terminal.today()))
    if as_json:
        terminal.show_json(found)
        return
    seen = sum(bool(one.seen_by) for one in found.checks)
    told = f"{number} {found.state} {found.work}: 已确认 seen {seen}/{len(found.checks)}, 签发 issuer {found.issuer or '–'}"
    terminal.done(told, {}, as_json=False)


@permit.command()
def write(
    case: CaseNumber,
    job: Annotated[str, typer.Option("--job", help="Kind of work (作业类型), as CUSTOMER_FAULT.")],
    work: Annotated[str, typer.Option("--work", help="What is to be done (工作内容).")],
    worker: Annotated[str, typer.Option("--worker", help="Who is in charge of the work (工作负责人).")],
    valid_from: Annotated[str, typer.Option("--from", help="Local time (计划开始).")],
    valid_to: Annotated[str, typer.Option("--to", help="Local time (计划结束).")],
    dangers: Annotated[list[str] | None, typer.Option("--danger", help="A further danger (补充危险点).")] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Write a permit for the step a case stands at (填写工作票)."""
    done = permits.write(
        case=case, job=job, work=work, worker=worker, valid_from=moment(valid_from), valid_to=moment(valid_to),
        dangers=dangers or (), actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current(),
    )  # fmt: skip
    _tell_permit(done, as_json)


@permit.command()
def see(
    number: Permit,
    check: Annotated[str, typer.Argument(metavar="CHECK", help="Code of the precondition (安全措施).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Tick a precondition (逐项确认)."""
    done = permits.see(number=number, check=check, actor=terminal.acting(as_person), at=terminal.now())
    _tell_permit(done, as_json)


@permit.command()
def issue(number: Permit, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Give leave (签发)."""
    _tell_permit(permits.issue(number=number, actor=terminal.acting(as_person), at=terminal.now()), as_json)


@permit.command()
def close(
    number: Permit, note: Annotated[str, typer.Option("--note", help="Words (说明).")] = "",
    as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """The work is done (终结)."""
    _tell_permit(permits.close(number=number, note=note, actor=terminal.acting(as_person), at=terminal.now()), as_json)


@permit.command()
def withdraw(
    number: Permit, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Take a permit back (作废)."""
    actor = terminal.acting(as_person)
    _tell_permit(permits.withdraw(number=number, reason=reason, actor=actor, at=terminal.now()), as_json)


def _tell(done: IncidentStands, as_json: bool) -> None:
    facts: dict[str, object] = {
        "number": done.number, "state": done.state, "step": done.step, "expected_at": done.expected_at,
        "cases": done.cases,
    }  # fmt: skip
    expected = local(done.expected_at)
    told = f"归并单 {done.number} {done.state} {done.step}: 工单 cases {done.cases}, 预计恢复 expected {expected}"
    terminal.done(told, facts, as_json=as_json)


def _tell_permit(done: PermitStands, as_json: bool) -> None:
    facts: dict[str, object] = {"number": done.number, "state": done.state, "open_checks": done.open_checks}
    terminal.done(f"工作票 {done.number} {done.state}: 未确认 open {done.open_checks}", facts, as_json=as_json)
