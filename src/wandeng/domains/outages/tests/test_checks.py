"""Each fault of an outage plan is planted, and found by the number of its plan."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from wandeng.domains.notices import actions as notices
from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import running, telling
from wandeng.domains.outages.models import OutageTelling, PlannedOutage, PlannedOutageVersion
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.types import Isolation, IsolationKind, OutageFault
from wandeng.domains.reliability.models import Interruption, InterruptionStep, InterruptionSupply
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()
    notices.install_defaults(actor=SYSTEM, at=make.NOW)


def told(number: str) -> None:
    with ColumnStore() as store:
        telling.settle(store, number=number, at=make.NOW, actor=SYSTEM)


def days(count: int) -> datetime:
    return make.STARTS + timedelta(days=count)


def test_each_fault_is_found_by_the_number_of_its_plan() -> None:
    other = (Isolation(IsolationKind.OUT, "T1"),)
    draft = make.drafted()
    areas = make.approved(make.request(starts_at=days(1), isolation=other))
    counts = make.published(make.request(starts_at=days(2), isolation=other))
    turns = make.published(make.request(starts_at=days(3)))
    edited = make.published(make.request(starts_at=days(4)))
    runs = make.published(make.request(starts_at=days(5)))
    for number in (counts, turns, edited, runs):
        told(number)
    starts = days(5)
    running.start(number=runs, off_at=starts, actor=make.PLANNER, at=starts)
    assert queries.faults() == []
    PlannedOutage.objects.filter(number=draft).update(version=7)
    PlannedOutageVersion.objects.get(outage__number=areas).outage_areas.all().delete()
    OutageTelling.objects.filter(outage__number=counts).update(accounts=99)
    again = OutageTelling.objects.get(outage__number=turns)
    OutageTelling.objects.filter(pk=again.pk).update(kind="CORRECTION")
    PlannedOutageVersion.objects.filter(outage__number=edited).update(ends_at=days(6))
    for model in (InterruptionStep, InterruptionSupply):
        model.objects.filter(interruption__number=runs).delete()  # type: ignore[attr-defined]
    Interruption.objects.filter(number=runs).delete()
    assert queries.faults() == [
        OutageFault(draft, "STANDING"),
        OutageFault(areas, "AREAS_DIFFER"),
        OutageFault(counts, "COUNTS_DIFFER"),
        OutageFault(turns, "TOLD_OUT_OF_TURN"),
        OutageFault(edited, "NOT_AS_TOLD"),
        OutageFault(runs, "NOT_RECORDED"),
    ]
