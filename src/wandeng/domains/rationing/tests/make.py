"""A scheme of the small town of ``network.tests.make`` for tests, brought as far as a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.network.models import Switch
from wandeng.domains.network.tests import make as network
from wandeng.domains.rationing.actions import orders, schemes
from wandeng.domains.rationing.models import RationingParticipant, RationingScheme
from wandeng.kernel.actors import Actor

NOW = datetime.fromisoformat("2026-07-13T09:00:00+08:00")
STARTS = datetime.fromisoformat("2026-07-15T10:00:00+08:00")
ENDS = STARTS + timedelta(hours=4)
PLANNER = Actor("planner-1", unit_path="BS/", roles=frozenset({"DISPATCHER"}))
COUNTY = Actor("county-1", unit_path="BS/", roles=frozenset({"COUNTY_MANAGER"}))
town = network.town
PEOPLE = (
    ("ACCOUNT", "1001", "STAGGER", 500, 100),
    ("ACCOUNT", "1002", "STAGGER", 500, 100),
    ("ACCOUNT", "1005", "LIMIT", 400, 200),
    ("ACCOUNT", "1004", "LIMIT", 400, 300),  # the hospital, of first importance
    ("LINE", "K12", "CUT", 300, 300),  # T2 with the hospital behind it
    ("LINE", "K11", "CUT", 600, 600),  # T1 and T2
)


def drafted(people: tuple[tuple[str, str, str, int, int], ...] = PEOPLE) -> int:
    """A draft of the county's scheme of 2026; its id."""
    made = schemes.draft(unit_code="BS", year=2026, max_demand_kw=10_000, actor=PLANNER, at=NOW)
    for number, (kind, code, measure, before, shed) in enumerate(people, start=1):
        account = CustomerAccount.objects.filter(account_number=code).first() if kind == "ACCOUNT" else None
        switch = Switch.objects.get(code=code) if kind == "LINE" else None
        RationingParticipant.objects.create(
            id=made * 100 + number, scheme_id=made, kind=kind, code=code, name=f"{code}号", account=account,
            switch=switch, measure=measure, before_kw=before, shed_kw=shed,
        )  # fmt: skip
    return made


def approved(people: tuple[tuple[str, str, str, int, int], ...] = PEOPLE) -> RationingScheme:
    """An approved scheme."""
    made = drafted(people)
    schemes.approve(scheme_id=made, document="白政办〔2026〕7号", actor=COUNTY, at=NOW)
    return RationingScheme.objects.get(pk=made)


def proposed(
    gap_kw: int = 150, *, starts_at: datetime = STARTS, hours: int = 4, at: datetime = NOW,
    protected: Mapping[int, str] | None = None,
) -> str:  # fmt: skip
    """A draft order; its number."""
    return orders.propose(
        unit_code="BS", starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), gap_kw=gap_kw,
        protected=protected or {}, actor=PLANNER, at=at,
    )  # fmt: skip


def published(gap_kw: int = 150, *, starts_at: datetime = STARTS, hours: int = 4, at: datetime = NOW) -> str:
    """A published order; its number."""
    number = proposed(gap_kw, starts_at=starts_at, hours=hours, at=at)
    orders.approve(number=number, note="缺口由上级调剂", actor=COUNTY, at=at)
    orders.publish(number=number, actor=PLANNER, at=at)
    return number
