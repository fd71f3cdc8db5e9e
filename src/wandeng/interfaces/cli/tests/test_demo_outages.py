"""The demonstration has two plans in conflict, and their page says by what."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries as people
from wandeng.domains.organization.types import Role
from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import plans
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.types import PlanForbidden
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import demo_outages, terminal
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()


def test_two_plans_are_in_conflict_and_the_page_says_why(
    monkeypatch: pytest.MonkeyPatch, settings: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(middleware, "now", lambda: make.NOW)
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.town()
    for code, unit, role in (
        ("dispatch1", "BS", Role.DISPATCHER), ("cell-01", "BS-W", Role.CELL_MANAGER),
        ("cell-02", "BS-E", Role.CELL_MANAGER), ("manager1", "BS", Role.COUNTY_MANAGER),
        ("province1", "BS", Role.PROVINCIAL_MANAGER),
    ):  # fmt: skip
        organization.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=make.NOW)
        organization.appoint(
            person_code=code, unit_code=unit, role=role, from_on=date(2025, 1, 1), actor=SYSTEM, at=make.NOW
        )
    library = terminal.rules()
    made = demo_outages.leave_outages(make.NOW, library)
    assert made >= 3
    assert demo_outages.leave_outages(make.NOW, library) == made
    drafts = queries.plans_rows(EVERYWHERE).filter(state="DRAFT")
    reviewed = {
        number: {one.code: one for one in queries.plan(EVERYWHERE, number, on=make.NOW.date()).standing.findings}
        for number in drafts.values_list("number", flat=True)
    }
    ((draft, found),) = ((number, found) for number, found in reviewed.items() if "CREW_TWICE" in found)
    others = found["CREW_TWICE"].facts["plans"]
    assert isinstance(others, list)
    told = str(others[0])
    assert queries.plan(EVERYWHERE, told, on=make.NOW.date()).state == "PUBLISHED"
    assert found["AREA_SHARED"].facts["plans"] == [told]
    # Another pair wants one tie at the same time.
    (tied,) = (found["TIE_TWICE"] for found in reviewed.values() if "TIE_TWICE" in found)
    assert (tied.severity, tied.facts["ties"]) == ("REFUSES", ["K9"])
    client = Client()
    client.force_login(people.login_user("dispatch1"))
    page = client.get(f"/console/outages/plans/{draft}/").content.decode()
    assert f"班组 {demo_outages.CREW} 同一时间已在 {told} 中" in page
    assert "禁止" in page
    planner = people.actor_for("dispatch1", make.NOW.date())
    make.acknowledged(draft, actor=planner)
    with pytest.raises(PlanForbidden):
        plans.submit(number=draft, actor=planner, at=make.NOW, library=library)
