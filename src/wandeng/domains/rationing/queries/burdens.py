"""Hours by participant of a unit's year, and how fairly they lie."""

from __future__ import annotations

from datetime import date, datetime, time

from wandeng.domains.organization import queries as organization
from wandeng.domains.rationing import rules
from wandeng.domains.rationing.models import RationingOrder, RationingScheme, RationingShare
from wandeng.domains.rationing.standing import NOTHING
from wandeng.domains.rationing.standing import burdens as borne_by
from wandeng.domains.rationing.types import (
    BurdenShown,
    BurdenSpread,
    LimitedSupply,
    Measure,
    ParticipantKind,
    RationingBurdens,
)
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import BILLING_ZONE, Period


def burdens(scope: Scope, unit_code: str, *, year: int, library: RuleLibrary | None = None) -> RationingBurdens:
    """What each participant of the unit's approved scheme bore in a year, the most burdened first, and how far those of a measure
    lie apart (as fairness counts). Raises :class:`NotFound`, ``NoRuleInForce``."""
    unit = organization.unit(scope, unit_code)
    rule = rules.rationing(date(year, 12, 31), territory=unit.territory, library=library)
    scheme = RationingScheme.objects.filter(unit_id=unit.unit_id, year=year, state="APPROVED").first()
    people = list(scheme.participants.order_by("code")) if scheme else []
    borne = borne_by(unit.unit_id, year)
    counted = {one.code: borne.get(one.code, NOTHING).counted(rule) for one in people}
    rows = []
    for one in sorted(people, key=lambda one: (-counted[one.code], one.code)):
        told = borne.get(one.code, NOTHING)
        rows.append(
            BurdenShown(
                one.code, one.name, ParticipantKind(one.kind), Measure(one.measure), one.rota, told.times, told.seconds,
                told.equivalent_s,
            )
        )  # fmt: skip
    spreads = []
    for measure in rule.measures.order:
        found = [counted[one.code] for one in people if one.measure == measure and one.shed_kw]
        if found:
            mean = sum(found) // len(found)
            spreads.append(BurdenSpread(Measure(measure), len(found), max(found), min(found), mean))
    done = RationingOrder.objects.filter(scheme__unit_id=unit.unit_id, scheme__year=year, state="DONE").count()
    whole = limited(scope, unit_code, period=Period(date(year, 1, 1), date(year + 1, 1, 1)))
    return RationingBurdens(unit.code, unit.name, year, tuple(rows), tuple(spreads), done, whole)


def limited(scope: Scope, unit_code: str, *, period: Period) -> LimitedSupply:
    """Limits of customers' loads that began in a period, by orders of a unit and those below it, once they are over. Lines are left
    out: they are interruptions already. Raises :class:`NotFound`."""
    unit = organization.unit(scope, unit_code)
    begin, end = (datetime.combine(one, time(0), BILLING_ZONE) for one in (period.from_on, period.to_on))
    rows = RationingShare.objects.filter(
        order__scheme__unit__path__startswith=unit.path, participant__kind=ParticipantKind.ACCOUNT, off_at__gte=begin,
        off_at__lt=end, on_at__isnull=False,
    )  # fmt: skip
    told = list(rows.values_list("participant__code", "off_at", "on_at", "equivalent_s"))
    return LimitedSupply(
        len(told), len({code for code, *_ in told}),
        sum(int((on - off).total_seconds()) for _, off, on, _ in told if on is not None and off is not None),
        sum(equivalent for *_, equivalent in told),
    )  # fmt: skip
