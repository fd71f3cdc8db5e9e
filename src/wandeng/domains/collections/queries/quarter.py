"""Quotas as they stand, and the quarter's figures of cuts and returns."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time

from wandeng.domains.collections import dispatching, rules_orders
from wandeng.domains.collections.models import DisconnectionOrder, DisconnectionQuota, ReconnectionOrder
from wandeng.domains.collections.types_orders import QuarterFigures, QuotaShown
from wandeng.domains.organization import queries as organization
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.periods import BILLING_ZONE, Month

UNIT = "unit__path"


def quotas(scope: Scope, *, now: datetime, library: RuleLibrary) -> tuple[QuotaShown, ...]:
    """Every unit of the scope: how many orders it may send within sixty minutes, and how many it has."""
    rows = DisconnectionQuota.objects.values_list("unit_id", "per_hour")
    own = {unit_id: per_hour for unit_id, per_hour in rows if per_hour is not None}
    sent = scope.limit(DisconnectionOrder.objects.filter(dispatched_at__gt=now - dispatching.HOUR), UNIT)
    paths = list(sent.values_list("unit__path", flat=True))
    by_rule: dict[str, int] = {}
    shown = []
    for node in organization.unit_tree(scope):
        if node.territory not in by_rule:
            by_rule[node.territory] = rules_orders.cut_rule(
                node.territory, dispatching.local_day(now), library
            ).per_hour  # fmt: skip
        shown.append(
            QuotaShown(
                node.code,
                node.name,
                own.get(node.unit_id, by_rule[node.territory]),
                node.unit_id in own,
                sum(path.startswith(node.path) for path in paths),
            )
        )
    return tuple(shown)


def quarter(scope: Scope, *, year: int, number: int, now: datetime) -> tuple[QuarterFigures, ...]:
    """Cuts and returns of a calendar quarter by unit, units without any left out.

    A return belongs to the quarter in which its clock began; one still without power counts as late once its time is over.
    Raises :class:`InvalidInput` for a quarter that is none.
    """
    if not 1 <= number <= 4 or not 1990 <= year <= 2200:
        raise InvalidInput(f"{year} has no quarter {number}")
    first = Month(year, 3 * number - 2)
    begin, end = _instant(first.first), _instant(first.plus(3).first)
    cut: dict[tuple[str, str], int] = defaultdict(int)
    orders = scope.limit(DisconnectionOrder.objects.filter(cut_at__gte=begin, cut_at__lt=end), UNIT)
    for place in orders.values_list("unit__code", "unit__name"):
        cut[place] += 1
    backs = scope.limit(ReconnectionOrder.objects.filter(due_from__gte=begin, due_from__lt=end), UNIT)
    by_unit: dict[tuple[str, str], list[tuple[datetime, datetime, datetime | None]]] = defaultdict(list)
    for code, name, begun, due, back in backs.values_list(
        "unit__code", "unit__name", "due_from", "due_at", "restored_at"
    ):
        by_unit[code, name].append((begun, due, back))
    return tuple(_figures(place, cut[place], by_unit[place], now) for place in sorted({*cut, *by_unit}))


def _figures(
    place: tuple[str, str], cut: int, backs: list[tuple[datetime, datetime, datetime | None]], now: datetime
) -> QuarterFigures:
    minutes = [int((back - begun).total_seconds() // 60) for begun, _due, back in backs if back is not None]
    late = sum((back or now) > due for _begun, due, back in backs)
    return QuarterFigures(
        unit_code=place[0], unit_name=place[1], cut=cut, restored=len(minutes),
        in_time=sum(back is not None and back <= due for _begun, due, back in backs), late=late,
        still_off=len(backs) - len(minutes),
        mean_minutes=divide_half_up(sum(minutes), len(minutes)) if minutes else None,
        longest_minutes=max(minutes, default=None),
    )  # fmt: skip


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=BILLING_ZONE).astimezone(UTC)


def quarter_of(day: date) -> tuple[int, int]:
    """Year and number of the quarter of a day.

    >>> quarter_of(date(2026, 11, 22))
    (2026, 4)
    """
    return day.year, (day.month + 2) // 3
