"""The sheet that goes with a mobile service vehicle (出车单), as PDF in Chinese: stops, who booked, room for what was served."""

from __future__ import annotations

from datetime import date, datetime
from importlib import resources

from wandeng.domains.appointments.queries import runs
from wandeng.domains.appointments.types import StopShown
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.infra.typesetting import Typesetter
from wandeng.kernel.periods import BILLING_ZONE

STATES = {"PLANNED": "待发车", "UNDER_WAY": "途中", "DONE": "已收车", "CANCELLED": "已取消"}


def run_pdf(scope: Scope, number: str, *, library: RuleLibrary, on: date) -> bytes:
    """The run on one sheet or more. Raises ``NotFound``, also outside the scope."""
    seen = runs.run(scope, number, library=library)
    data = {
        "unit": seen.unit_name, "title": "流动服务车出车单", "number": number, "state": STATES[seen.state],
        "facts": [
            ["日期", f"{seen.on:%Y-%m-%d}"], ["线路", f"{seen.route_name}（{seen.route}）"],
            ["车辆", f"{seen.vehicle_name} {seen.plate}".strip()], ["随车人", seen.keeper],
        ],
        "stops": [_stop(one) for one in seen.stops],
    }  # fmt: skip
    text = resources.files("wandeng.flows.run_documents").joinpath("run.typ").read_text("utf-8")
    return Typesetter(text).pdf(data, made_on=on)


def _stop(one: StopShown) -> dict[str, object]:
    booked = [
        [each.name, each.account_number or each.phone, each.service_zh, each.address or each.remark]
        for each in one.appointments
        if each.state != "CANCELLED"
    ]
    return {
        "name": f"{one.place}　{one.name}", "address": one.address,
        "window": f"{_clock(one.starts_at)}–{_clock(one.ends_at)}", "booked": booked,
    }  # fmt: skip


def _clock(at: datetime) -> str:
    return f"{at.astimezone(BILLING_ZONE):%H:%M}"
