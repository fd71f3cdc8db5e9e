"""Plans of the small town of ``network.tests.make`` for tests, brought as far as a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from wandeng.domains.network.tests import make as network
from wandeng.domains.outages.actions import plans as actions
from wandeng.domains.outages.models import OutageFinding, PlannedOutage
from wandeng.domains.outages.types import (
    Isolation,
    IsolationKind,
    OutageReason,
    PlanRequest,
    Work,
    WorkKind,
)
from wandeng.kernel.actors import Actor

NOW = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
STARTS = datetime.fromisoformat("2026-03-12T08:00:00+08:00")
"""Ten days ahead, at an hour and in a season in which nothing speaks against it."""
PLANNER = Actor("planner-1", unit_path="BS/", roles=frozenset({"DISPATCHER"}))
STATION = Actor("station-1", unit_path="BS/", roles=frozenset({"CELL_MANAGER"}))
COUNTY = Actor("county-1", unit_path="BS/", roles=frozenset({"COUNTY_MANAGER"}))
CITY = Actor("city-1", unit_path="BS/", roles=frozenset({"PROVINCIAL_MANAGER"}))
town = network.town


def opened(*codes: str) -> tuple[Isolation, ...]:
    """Switches that are opened."""
    return tuple(Isolation(IsolationKind.OPEN, code) for code in codes)


def work(crew: str = "", description: str = "更换跌落式熔断器") -> Work:
    return Work(WorkKind.GRID, "配电一班", description, crew)


REQUEST = PlanRequest(
    unit_code="BS-W", title="西线分段开关后段检修", reason=OutageReason.MAINTENANCE, starts_at=STARTS,
    ends_at=STARTS + timedelta(hours=4), isolation=opened("K12"), works=(work(),),
)  # fmt: skip
"""Behind K12 lies T2: 王五, and the hospital, which T4 supplies too."""


def request(**changes: object) -> PlanRequest:
    """:data:`REQUEST` with other values; a new start moves the end along."""
    if "starts_at" in changes and "ends_at" not in changes:
        starts_at = changes["starts_at"]
        assert isinstance(starts_at, datetime)
        changes["ends_at"] = starts_at + timedelta(hours=4)
    return replace(REQUEST, **changes)  # type: ignore[arg-type]


def drafted(
    asked: PlanRequest = REQUEST, *, at: datetime = NOW, actor: Actor = PLANNER, protected: Mapping[int, str] | None = None
) -> str:  # fmt: skip
    """A draft; its number."""
    made = actions.draft(request=asked, actor=actor, at=at, protected=protected or {})
    return PlannedOutage.objects.get(pk=made).number


def acknowledged(number: str, *, at: datetime = NOW, actor: Actor = PLANNER) -> None:
    """Every open warning of a plan, acknowledged."""
    waiting = OutageFinding.objects.filter(
        version__outage__number=number, version__state__in=("STANDS", "PROPOSED"), severity="WARNS", acknowledged_by=""
    )
    for code in sorted(set(waiting.values_list("code", flat=True))):
        actions.acknowledge(number=number, code=code, reason="已与用户协商", actor=actor, at=at)


def approved(asked: PlanRequest = REQUEST, *, at: datetime = NOW, protected: Mapping[int, str] | None = None) -> str:
    """A plan that every level approved; its number."""
    number = drafted(asked, at=at, protected=protected)
    acknowledged(number, at=at)
    actions.submit(number=number, actor=PLANNER, at=at)
    decided(number, at=at)
    return number


def decided(number: str, *, at: datetime = NOW) -> None:
    """Approve what waits, by as many levels as it takes."""
    for actor in (STATION, COUNTY, CITY):
        if not actions.approve(number=number, actor=actor, at=at):
            return


def published(asked: PlanRequest = REQUEST, *, at: datetime = NOW, protected: Mapping[int, str] | None = None) -> str:
    """A published plan; its number."""
    number = approved(asked, at=at, protected=protected)
    actions.publish(number=number, actor=COUNTY, at=at)
    return number
