"""``wandeng appointment``: slots, booking, what came of it, reminders; places and their hours."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import uuid4

import typer

from wandeng.domains.appointments.actions import booking, outcome, places, reminding, routes, slots
from wandeng.domains.appointments.actions.places import Opening
from wandeng.domains.appointments.queries import days, figures, one, rows
from wandeng.domains.appointments.types import Booked, Wanted
from wandeng.flows import appointments as flows
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.case_work import local
from wandeng.kernel.errors import InvalidInput

app = typer.Typer(no_args_is_help=True, help="Appointments (预约): slots, booking, kept or missed, reminders.")
place_app = typer.Typer(no_args_is_help=True, help="Places that take appointments (服务点) and when they are open.")
app.add_typer(place_app, name="place")

Number = Annotated[str, typer.Argument(metavar="APPOINTMENT", help="Number of the appointment (预约号).")]
Slot = Annotated[int, typer.Argument(metavar="SLOT", help="Id of the slot (时段), from 'slots'.")]
Place = Annotated[str, typer.Argument(metavar="PLACE", help="Code of the place (服务点编号).")]
By = Annotated[str, typer.Option("--by", help="At whose wish: CUSTOMER or US (客户/我方).")]
Key = Annotated[str, typer.Option("--key", help="Booking the same twice is booking it once (标识).")]

_SLOTS = {
    "id": "时段 slot", "kind": "类别 kind", "place": "编号 place", "where": "地点 where", "starts_at": "开始 from",
    "ends_at": "结束 to", "free": "余 free", "capacity": "容量 of",
}  # fmt: skip
_ROWS = {
    "number": "预约号 number", "state": "状态 state", "starts_at": "时间 at", "place": "地点 place", "service": "事项 service",
    "account_number": "户号 account", "name": "客户 name", "case_number": "工单 case",
}  # fmt: skip
_FIGURES = {
    "unit_name": "单位 unit", "booked": "待赴约 ahead", "kept": "履约 kept", "missed_by_customer": "爽约 by customer",
    "missed_by_us": "失约 by us", "cancelled": "取消 cancelled", "rebooked": "改约 rebooked", "percent_kept": "履约率 % kept",
}  # fmt: skip


@app.command("slots")
def slots_(
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="Only this day, YYYY-MM-DD (日期).")] = "",
    place: Annotated[str, typer.Option("--place", help="Only this place, or run (服务点或出车).")] = "",
    unit: terminal.UnitCode = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Slots that can be booked now (可约时段)."""
    found = days.free_slots(
        terminal.scope(terminal.acting(as_person), unit), library=terminal.rules(), now=terminal.now(), place=place,
        on=_day(on) if on else None, limit=500,
    )  # fmt: skip
    shown = [
        {"id": s.id, "kind": s.kind, "place": s.place, "where": s.where, "starts_at": s.starts_at, "ends_at": s.ends_at,
         "free": s.free, "capacity": s.capacity}
        for s in found
    ]  # fmt: skip
    terminal.show_rows(shown, _SLOTS, title="可约时段 slots", empty="没有 none", as_json=as_json)


@app.command()
def book(
    slot: Slot,
    service: Annotated[str, typer.Option("--for", help="What for, e.g. METER (事项); see 'services'.")],
    account: Annotated[str, typer.Option("--account", help="Account number (户号).")] = "",
    name: Annotated[str, typer.Option("--name", help="Who comes, without an account (姓名).")] = "",
    phone: Annotated[str, typer.Option("--phone", help="Their telephone number (电话).")] = "",
    case: Annotated[str, typer.Option("--case", help="The case it belongs to (工单号).")] = "",
    remark: Annotated[str, typer.Option("--remark", help="What else is to be known (备注).")] = "",
    key: Key = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Book a place in a slot (预约)."""
    done = booking.book(
        slot_id=slot, wanted=Wanted(service, account, name, phone, case, remark), actor=terminal.acting(as_person),
        at=terminal.now(), library=terminal.rules(), key=key or uuid4().hex,
    )  # fmt: skip
    _tell(done, "已预约 booked" if done.is_new else "早已预约 was booked before", as_json)


@app.command()
def rebook(
    number: Number,
    slot: Slot,
    reason: terminal.Reason,
    by: By = "CUSTOMER",
    key: Key = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Book another slot in its place (改约)."""
    done = booking.rebook(
        number=number, slot_id=slot, reason=reason, side=by, actor=terminal.acting(as_person), at=terminal.now(),
        library=terminal.rules(), key=key or uuid4().hex,
    )  # fmt: skip
    _tell(done, "改约 booked in its place", as_json)


@app.command()
def cancel(
    number: Number,
    reason: terminal.Reason,
    by: By = "CUSTOMER",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Cancel an appointment; the customer is told (取消预约)."""
    done = booking.cancel(
        number=number, reason=reason, side=by, actor=terminal.acting(as_person), at=terminal.now(),
        library=terminal.rules(),
    )  # fmt: skip
    _tell(done, "已取消 cancelled", as_json)


@app.command()
def keep(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """The customer was served (已履约)."""
    done = outcome.keep(number=number, actor=terminal.acting(as_person), at=terminal.now())
    _tell(done, "已履约 kept", as_json)


@app.command()
def missed(
    number: Number,
    reason: terminal.Reason,
    by: By = "CUSTOMER",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """It was missed, by the customer (爽约) or by us (失约)."""
    actor, at = terminal.acting(as_person), terminal.now()
    if by == "US":
        done = outcome.we_missed(number=number, reason=reason, actor=actor, at=at, library=terminal.rules())
    elif by == "CUSTOMER":
        done = outcome.customer_missed(number=number, reason=reason, actor=actor, at=at)
    else:
        raise InvalidInput("it was missed by CUSTOMER or by US", side=by)
    _tell(done, "已记爽约/失约 missed", as_json)


@app.command("take-back")
def take_back(
    number: Number, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:  # fmt: skip
    """A mark was made in error (更正结果)."""
    done = outcome.take_back(number=number, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    _tell(done, "待重新登记 to be marked again", as_json)


@app.command()
def called(
    number: Number,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What was told, e.g. DAY_BEFORE (告知内容).")],
    as_person: terminal.AsPerson = "",
) -> None:
    """Somebody without an account was telephoned (已电话告知)."""
    reminding.called(number=number, what=what, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{number} 已电话告知 was told", {}, as_json=False)


@app.command("list")
def list_(
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="Only this day, YYYY-MM-DD (日期).")] = "",
    state: Annotated[str, typer.Option("--state", help="Only in this state (状态).")] = "",
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 100,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List appointments (预约清单)."""
    found = rows.appointment_rows(
        terminal.scope(terminal.acting(as_person), unit), states=(state,) if state else ()
    )  # fmt: skip
    found = found.filter(slot__on=_day(on)) if on else found
    shown = list(found.order_by("slot__starts_at", "id")[:limit])
    terminal.show_rows(shown, _ROWS, title="预约 appointments", empty="没有 none", as_json=as_json)


@app.command()
def show(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show an appointment (预约详情)."""
    scope = terminal.scope(terminal.acting(as_person), "")
    found = one.appointment(scope, number, library=terminal.rules(), now=terminal.now())
    if as_json:
        terminal.show_json(found)
        return
    terminal.done(
        f"{found.number} {found.state} {local(found.slot.starts_at)} {found.slot.where} {found.service_zh} "
        f"{found.name} {found.account_number or found.phone} {found.reason}",
        {}, as_json=False,
    )  # fmt: skip


@app.command()
def services(as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """What appointments are made for (预约事项)."""
    scope = terminal.scope(terminal.acting(as_person), "")
    found = [
        {"code": s.code, "name_zh": s.name_zh, "name_en": s.name_en}
        for s in days.services(scope, library=terminal.rules(), now=terminal.now())
    ]
    columns = {"code": "事项 service", "name_zh": "中文", "name_en": "English"}
    terminal.show_rows(found, columns, title="预约事项 services", empty="没有 none", as_json=as_json)


@app.command("figures")
def figures_(
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="First day (起).")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Last day (止).")],
    unit: terminal.UnitCode = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Kept and missed, by unit (履约情况)."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    found = figures.kept(scope, first=_day(first), last=_day(last))
    shown = [{key: getattr(row, key) for key in _FIGURES} for row in found]
    terminal.show_rows(shown, _FIGURES, title="履约情况 kept and missed", empty="没有 none", as_json=as_json)


@app.command()
def remind(as_json: terminal.AsJson = False) -> None:
    """Send what is due now (发送到期提醒)."""
    done = flows.remind(now=terminal.now(), library=terminal.rules())
    facts: dict[str, object] = {"told": done.told, "faults": done.faults}
    terminal.done(f"已提醒 reminded {done.told}, 未能提醒 could not {done.faults}", facts, as_json=as_json)


@app.command()
def ahead(as_json: terminal.AsJson = False) -> None:
    """Make slots and runs as far ahead as the rule says (生成时段与出车)."""
    done = flows.make_ahead(on=terminal.today(), library=terminal.rules())
    facts: dict[str, object] = {"slots": done.slots, "runs": done.runs}
    terminal.done(f"新时段 slots {done.slots}, 新出车 runs {done.runs}", facts, as_json=as_json)


@place_app.command("list")
def place_list(
    unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:  # fmt: skip
    """List places (服务点)."""
    found = list(rows.place_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("code"))
    columns = {
        "code": "编号 code",
        "name": "名称 name",
        "kind": "类别 kind",
        "address": "地址 address",
        "unit_name": "单位 unit",
    }
    terminal.show_rows(found, columns, title="服务点 places", empty="没有 none", as_json=as_json)


@place_app.command("add")
def place_add(
    place: Place,
    name: Annotated[str, typer.Option("--name", help="Name (名称).")],
    kind: Annotated[str, typer.Option("--kind", help="HALL or CREW (营业厅/上门服务队).")],
    unit: Annotated[str, typer.Option("--unit", "-u", help="Code of its unit (单位).")],
    address: Annotated[str, typer.Option("--address", help="Where it is; needed for a hall (地址).")] = "",
    crew: Annotated[str, typer.Option("--crew", help="Code of the crew that visits (队号).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Add a place (设服务点)."""
    code = places.add(
        code=place, name=name, kind=kind, unit_code=unit, crew=crew, address=address, actor=terminal.acting(as_person),
        at=terminal.now(),
    )  # fmt: skip
    terminal.done(f"服务点 {code} 已设立 added", {"code": code}, as_json=as_json)


@place_app.command("open")
def place_open(
    place: Place,
    hours: Annotated[str, typer.Argument(metavar="HH:MM-HH:MM", help="From when to when (时间).")],
    weekdays: Annotated[str, typer.Option("--days", help="Digits, 1 Monday to 7 Sunday (星期).")] = "12345",
    minutes: Annotated[int, typer.Option("--minutes", help="Length of a slot (每时段分钟).")] = 30,
    capacity: Annotated[int, typer.Option("--capacity", help="Appointments a slot takes (每时段容量).")] = 1,
    since: Annotated[str, typer.Option("--from", metavar="DAY", help="From this day on; today (起).")] = "",
    every_day: Annotated[bool, typer.Option("--holidays", help="Open on holidays too (节假日照常).")] = False,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Say when a place is open, and make its slots (开放安排)."""
    first, last = routes.span_of(hours)
    opening = Opening(
        _day(since) if since else terminal.today(), weekdays, first, last, minutes, capacity,
        "EVERY_DAY" if every_day else "WORKING_DAYS",
    )  # fmt: skip
    done = places.open_(
        code=place, opening=opening, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules()
    )  # fmt: skip
    facts: dict[str, object] = {"pattern_id": done.pattern_id, "slots": done.slots}
    terminal.done(f"安排 opening {done.pattern_id}: 时段 slots {done.slots}", facts, as_json=as_json)


@place_app.command("close-day")
def place_close_day(
    place: Place,
    day: Annotated[str, typer.Argument(metavar="DAY", help="YYYY-MM-DD (日期).")],
    reason: terminal.Reason,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Close a day; everybody who booked is told (停约)."""
    done = slots.close_day(
        code=place, on=_day(day), reason=reason, actor=terminal.acting(as_person), at=terminal.now(),
        library=terminal.rules(),
    )  # fmt: skip
    facts: dict[str, object] = {"slots": done.slots, "told": done.told}
    terminal.done(f"关闭时段 slots {done.slots}, 已告知 told {done.told}", facts, as_json=as_json)


@place_app.command("end")
def place_end(
    place: Place,
    pattern: Annotated[int, typer.Argument(metavar="OPENING", help="Id of the opening (安排).")],
    day: Annotated[str, typer.Argument(metavar="DAY", help="From this day on (自何日起).")],
    reason: terminal.Reason,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """End an opening; slots nobody booked are withdrawn (终止安排)."""
    done = places.end(
        code=place, pattern_id=pattern, on=_day(day), reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )  # fmt: skip
    facts: dict[str, object] = {"withdrawn": done.withdrawn, "kept": done.kept}
    terminal.done(f"撤销时段 withdrawn {done.withdrawn}, 保留 kept {done.kept}", facts, as_json=as_json)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("a day is written YYYY-MM-DD", day=text) from None


def _tell(done: Booked, what: str, as_json: bool) -> None:
    facts: dict[str, object] = {
        "number": done.number, "state": done.state, "starts_at": done.starts_at, "ends_at": done.ends_at,
        "where": done.where, "is_new": done.is_new,
    }  # fmt: skip
    terminal.done(f"{done.number} {what}: {local(done.starts_at)} {done.where}", facts, as_json=as_json)
