"""One monitoring point: its days in a month, its share in range, its remedies."""

from __future__ import annotations

from wandeng.calc import voltage
from wandeng.domains.voltage.models import VoltageDay, VoltagePoint, VoltageRemedy
from wandeng.domains.voltage.queries.qualification import e5
from wandeng.domains.voltage.types import (
    DayShown,
    DaySource,
    Defect,
    PointShown,
    RemedyShown,
    VoltageArea,
    VoltageClass,
)
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import Month


def point(scope: Scope, code: str, *, month: Month) -> PointShown:
    """A point and its month, latest day first. Raises :class:`NotFound`."""
    rows = VoltagePoint.objects.select_related("unit", "transformer", "usage_point__account")
    row = scope.one(rows, "unit__path", "voltage point", code=code)
    found = row.days.filter(day__gte=month.period.from_on, day__lt=month.period.to_on).order_by("-day")
    days = tuple(_day(one) for one in found)
    sums = [sum(getattr(one, name) for one in days) for name in ("monitored", "over", "under")]
    return PointShown(
        id=row.pk, code=row.code, name=row.name, unit_code=row.unit.code, unit_name=row.unit.name,
        voltage_class=VoltageClass(row.voltage_class), area=VoltageArea(row.area), nominal_dv=row.nominal_dv,
        upper_dv=row.upper_dv, lower_dv=row.lower_dv,
        transformer_code=row.transformer.code if row.transformer else "",
        transformer_name=row.transformer.name if row.transformer else "",
        usage_point_code=row.usage_point.code if row.usage_point else "",
        account_number=row.usage_point.account.account_number if row.usage_point else "",
        valid_from=row.valid_from, valid_to=row.valid_to,
        last_day=days[0].day if days else row.days.order_by("-day").values_list("day", flat=True).first(), share_e5=e5(voltage.share(*sums)), days=days,
        remedies=tuple(_remedy(one) for one in row.remedies.order_by("-opened_at", "-id")),
    )  # fmt: skip


def _day(row: VoltageDay) -> DayShown:
    readings = row.readings.split(" ") if row.readings else []
    return DayShown(
        row.day, DaySource(row.source), row.monitored, row.over, row.under,
        {name: minutes for name in voltage.FAULTS if (minutes := getattr(row, name))}, row.max_dv, row.min_dv,
        row.upper_dv, row.lower_dv, tuple(int(one) if one else None for one in readings),
    )  # fmt: skip


def _remedy(row: VoltageRemedy) -> RemedyShown:
    return RemedyShown(
        row.pk, row.state, Defect(row.defect), row.opened_at, row.opened_by, row.days, row.minutes, row.extreme_dv,
        row.handler, row.due_on, row.cause, row.measure, row.done_on,
    )  # fmt: skip


def remedy_point(scope: Scope, remedy: int) -> str:
    """The code of a remedy's point. Raises :class:`NotFound`."""
    row = scope.one(VoltageRemedy.objects.select_related("point"), "point__unit__path", "voltage remedy", pk=remedy)
    return row.point.code
