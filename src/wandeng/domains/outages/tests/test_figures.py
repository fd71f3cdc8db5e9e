"""How outages are shared out and plans kept, against ledgers that count one plan and one area at a time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from wandeng.domains.network.models import PowerTransformer
from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import plans as actions
from wandeng.domains.outages.actions import running
from wandeng.domains.outages.models import PlannedOutage, PlannedOutageVersion
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.types import Isolation, IsolationKind, PlanForbidden
from wandeng.domains.reliability.models import InterruptionStep
from wandeng.infra.scope import Scope

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()
LATER = datetime(2026, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()


def out(*codes: str) -> tuple[Isolation, ...]:
    return tuple(Isolation(IsolationKind.OUT, code) for code in codes)


def lived(dice: Random, place: int) -> None:
    """A plan of some areas, published, and whatever became of it."""
    starts = make.STARTS + timedelta(days=3 * place)
    areas = out(*sorted(dice.sample(["T1", "T2", "T3", "T4"], dice.randint(1, 2))))
    at = starts - timedelta(days=9)
    try:
        number = make.published(make.request(starts_at=starts, isolation=areas), at=at)
    except PlanForbidden:
        return  # a fifth of an area in the year
    fate = dice.choice(["kept", "late", "missed", "canceled", "changed", "open"])
    if fate == "canceled":
        actions.cancel(number=number, reason="物资未到", actor=make.PLANNER, at=at)
    elif fate == "changed":
        shorter = make.request(starts_at=starts, ends_at=starts + timedelta(hours=2), isolation=areas)
        actions.change(number=number, request=shorter, reason="减少停电", actor=make.PLANNER, at=at)
        make.acknowledged(number, at=at)
        make.decided(number, at=at)
    elif fate in ("kept", "late"):
        over = starts + timedelta(hours=4 if fate == "kept" else 6)
        running.start(number=number, off_at=starts, actor=make.PLANNER, at=starts)
        running.restore(number=number, on_at=over, actor=make.PLANNER, at=over)
        running.finish(number=number, actor=make.PLANNER, at=over)


def fate_of(plan: PlannedOutage, now: datetime) -> str:
    """What became of a published plan, by its own rows."""
    told = PlannedOutageVersion.objects.get(outage=plan, version=1)
    if plan.state == "CANCELED":
        return "canceled"
    if plan.version != 1:
        return "changed"
    if plan.state == "DONE":
        assert plan.ended_at is not None
        return "late" if plan.ended_at - told.ends_at > timedelta(minutes=30) else "kept"
    return "missed" if told.ends_at < now else ""


@pytest.mark.parametrize("seed", [1, 2])
def test_figures_are_what_a_slow_ledger_counts(seed: int) -> None:
    dice = Random(seed)
    for place in range(8):
        lived(dice, place)
    now = make.STARTS + timedelta(days=10)
    for unit, prefix in (("BS", "BS/"), ("BS-W", "BS/BS-W/")):
        fulfilled = queries.fulfilment(EVERYWHERE, unit_code=unit, year=2026, now=now)
        ledger: Counter[str] = Counter()
        for plan in PlannedOutage.objects.filter(published_at__isnull=False, unit__path__startswith=prefix):
            ledger[fate_of(plan, now)] += 1
        ledger.pop("", None)
        assert {name: getattr(fulfilled.whole, name) for name in ledger} == dict(ledger)
        assert fulfilled.whole.due == sum(ledger.values())
        if fulfilled.whole.due:
            assert fulfilled.whole.percent_e2 == round(ledger["kept"] * 10_000 / fulfilled.whole.due)
        shared = queries.fairness(EVERYWHERE, unit_code=unit, on=now.date())
        areas = PowerTransformer.objects.filter(unit__path__startswith=prefix)
        had = {}
        for area in areas:
            steps = InterruptionStep.objects.filter(
                transformer=area, interruption__is_current=True, interruption__kind__startswith="PLANNED"
            )
            written = len(set(steps.values_list("interruption__number", flat=True)))
            ahead = sum(
                plan.versions.get(version=plan.version).outage_areas.filter(transformer=area).exists()
                for plan in PlannedOutage.objects.filter(state__in=["SUBMITTED", "APPROVED", "PUBLISHED"])
            )
            had[area.code] = (written, ahead)
        assert {row.code: (row.planned, row.to_come) for row in shared.rows} == {
            code: both for code, both in had.items() if sum(both)
        }
        assert {count: areas for count, areas in shared.spread if areas} == Counter(sum(both) for both in had.values())
        assert shared.full == sum(sum(both) >= shared.most_planned for both in had.values())
    assert queries.fulfilment(EVERYWHERE, unit_code="BS", year=2025, now=LATER).whole.due == 0
