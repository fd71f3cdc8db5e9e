"""Line loss: sums, one area with its meters, follow-up of odd areas, leads and their cases."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from wandeng.domains.cases.types import Charter
from wandeng.domains.losses import actions, queries
from wandeng.domains.losses.types import AreaPage, Computed, LossCause, Sums, UseKind
from wandeng.flows import bill_run, loss_leads, theft_settlements
from wandeng.flows.bill_correction import Corrected
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import Month

_P = "console:losses-"


def settle(
    *, lead_id: int, capacity_w: int, actor: Actor, at: datetime, shop: bill_run.Workshop, charter: Charter,
    use: UseKind = UseKind.LIGHTING, days: int | None = None, recorded_ckwh: int = 0, multiple: int | None = None,
) -> Corrected:  # fmt: skip
    """Make the adjustment of a confirmed theft and finish the step of its case."""
    return theft_settlements.settle(
        lead_id=lead_id, capacity_w=capacity_w, actor=actor, at=at, shop=shop, charter=charter, use=use, days=days,
        recorded_ckwh=recorded_ckwh, multiple=multiple,
    )  # fmt: skip


def month_losses(
    scope: Scope, unit_code: str, month: Month, *, library: RuleLibrary, by: queries.By = queries.By.UNIT,
    feeder_code: str = "",
) -> tuple[Sums, ...]:  # fmt: skip
    """A month by registers at both its ends, taken apart."""
    return queries.month_sums(scope, unit_code=unit_code, month=month, by=by, feeder_code=feeder_code, library=library)


def days_of_month(
    scope: Scope, unit_code: str, month: Month, *, by: queries.By = queries.By.UNIT, feeder_code: str = ""
) -> tuple[Sums, ...]:
    """The computable days of a month, taken apart."""
    period = month.period
    return queries.sums(
        scope, unit_code=unit_code, from_on=period.from_on, to_on=period.to_on, by=by, feeder_code=feeder_code
    )


def area_month(scope: Scope, code: str, month: Month, *, library: RuleLibrary) -> AreaPage:
    """The days of an area in a month, its meters' totals of the year, neighbours that mirror it."""
    period = month.period
    return queries.area(scope, code, from_on=period.from_on, to_on=period.to_on, library=library)


def compute(
    *, unit_code: str, from_on: date, to_on: date, actor: Actor, at: datetime, library: RuleLibrary
) -> Computed:
    """Compute the days from ``from_on`` to ``to_on``, both included."""
    return actions.compute(
        unit_code=unit_code, from_on=from_on, to_on=to_on + timedelta(days=1), actor=actor, at=at, library=library
    )


def find_cause(*, work_id: int, cause: LossCause, finding: str, actor: Actor, at: datetime) -> None:
    """What the loss of a followed-up area came from."""
    actions.find_cause(work_id=work_id, cause=cause, finding=finding, actor=actor, at=at)


read(
    "/units/{unit_code}/month-losses/{month}", month_losses, name="month-losses", like=f"{_P}overview", tag="losses",
    about="月台区线损 line loss of a month by its registers, taken apart",
)  # fmt: skip
read(
    "/units/{unit_code}/daily-losses/{month}", days_of_month, name="daily-losses", like=f"{_P}overview", tag="losses",
    about="各日线损合计 computable days of a month, taken apart",
)  # fmt: skip
write(
    "/daily-losses/compute", compute, name="daily-losses-compute", like=f"{_P}compute", tag="losses",
    about="计算台区日线损 compute days of line loss",
)  # fmt: skip
read(
    "/areas/{path:code}/daily-losses/{month}", area_month, name="area-daily-losses", like=f"{_P}area", tag="losses",
    about="台区日线损 an area's days of line loss",
)  # fmt: skip
read(
    "/areas/{path:code}/loss-points", queries.area_points, name="area-loss-points", like=f"{_P}area", tag="losses",
    about="台区表计当日电量 what an area's meters showed on a day",
)  # fmt: skip
write(
    "/loss-work/{int:work_id}/take", actions.take, name="loss-work-take", like=f"{_P}work-one", tag="losses",
    about="认领线损分析 take an area to look at",
)  # fmt: skip
write(
    "/loss-work/{int:work_id}/cause", find_cause, name="loss-work-cause", like=f"{_P}work-one", tag="losses",
    about="查明线损原因 what a loss came from",
)  # fmt: skip
write(
    "/loss-work/{int:work_id}/finish", actions.finish, name="loss-work-finish", like=f"{_P}work-one", tag="losses",
    about="线损治理完成 the cause is mended",
)  # fmt: skip
write(
    "/loss-work/{int:work_id}/again", actions.look_again, name="loss-work-again", like=f"{_P}work-one", tag="losses",
    about="重新分析 the cause was another",
)  # fmt: skip
read(
    "/loss-leads/{int:lead_id}", queries.lead, name="loss-lead", like=f"{_P}lead", tag="losses",
    about="窃电线索 a lead with its evidence",
)  # fmt: skip
write(
    "/loss-leads/{int:lead_id}/case", loss_leads.open_case, name="loss-lead-case", like=f"{_P}lead", tag="losses",
    about="立案核查 open the case of a lead",
)  # fmt: skip
read(
    "/loss-leads/{int:lead_id}/reckoning", theft_settlements.reckon, name="loss-lead-reckoning", like=f"{_P}lead",
    tag="losses", about="窃电追补与违约使用电费测算 what a theft comes to",
)  # fmt: skip
write(
    "/loss-leads/{int:lead_id}/settle", settle, name="loss-lead-settle", like=f"{_P}settle", tag="losses",
    about="窃电追补 pay back and penalty into books and case", commits_itself=True,
)  # fmt: skip
read(
    "/loss-hit-rate", queries.hit_rate, name="loss-hit-rate", like=f"{_P}leads", tag="losses",
    about="线索命中率 how often leads led to something",
)  # fmt: skip
