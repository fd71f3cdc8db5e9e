"""Hours by participant of a unit's year, and how fairly they lie."""

from __future__ import annotations

from datetime import date

from wandeng.domains.organization import queries as organization
from wandeng.domains.rationing import rules
from wandeng.domains.rationing.models import RationingOrder, RationingScheme
from wandeng.domains.rationing.standing import NOTHING
from wandeng.domains.rationing.standing import burdens as borne_by
from wandeng.domains.rationing.types import BurdenShown, BurdenSpread, Measure, ParticipantKind, RationingBurdens
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope


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
    return RationingBurdens(unit.code, unit.name, year, tuple(rows), tuple(spreads), done)
