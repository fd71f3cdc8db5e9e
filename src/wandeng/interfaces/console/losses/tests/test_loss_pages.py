"""The pages of line loss: who sees what, following an area up, sending a lead into a case; both languages."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.kits import chinese_left, in_english

from wandeng.domains.losses import actions, queries
from wandeng.domains.losses.models import LossLead, LossWork
from wandeng.domains.losses.tests import make
from wandeng.domains.losses.tests.make import AT, DAY, SYSTEM
from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.flows.tests import test_loss_leads as thief
from wandeng.infra.scope import Scope

pytestmark = pytest.mark.django_db(transaction=True)


def person(code: str, unit: str, role: Role) -> Client:
    organization_actions.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=AT)
    organization_actions.appoint(
        person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=AT
    )
    found = Client()
    found.force_login(organization.login_user(code))
    return found


def test_line_loss_on_pages(settings: object, django_assert_max_num_queries: object, tmp_path: Path) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.town()
    thief._stealing()
    actions.compute(unit_code="BS", from_on=DAY, to_on=thief.ON, actor=SYSTEM, at=AT)
    actions.open_due(unit_code="BS", on=thief.ON - timedelta(days=1), actor=SYSTEM, at=AT)
    charter = thief.Charter.current()
    thief.loss_leads.make_leads(unit_code="BS", to_on=thief.ON, actor=SYSTEM, at=AT, charter=charter)
    work, lead = LossWork.objects.get().pk, LossLead.objects.get().pk
    auditor, reader = person("audit", "BS", Role.AUDITOR), person("reader", "BS", Role.METER_READER)
    east, clerk = person("east", "BS-E", Role.AUDITOR), person("clerk", "BS", Role.CALL_CLERK)
    pages = (
        "",
        "?by=FEEDER&unit=BS-W",
        "?by=AREA&feeder=F1",
        "?of=MONTH&month=2026-03",
        "?of=MONTH&month=2026-03&by=FEEDER&unit=BS-W",
        "?of=MONTH&month=2026-03&by=AREA&unit=BS-W&feeder=F1",
        "days/",
        "days/?status=ODD",
        "areas/T2/",
        "work/",
        f"work/{work}/",
    )
    for path in (*pages, "leads/", f"leads/{lead}/", "compute/"):
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            answer = auditor.get(f"/console/losses/{path}")
        assert answer.status_code == 200, path
        assert clerk.get(f"/console/losses/{path}").status_code == 403, path
    for path in pages:
        assert reader.get(f"/console/losses/{path}").status_code == 200, path
    for path in ("leads/", f"leads/{lead}/"):
        assert reader.get(f"/console/losses/{path}").status_code == 403, path
    for path in ("areas/T2/", f"work/{work}/", f"leads/{lead}/"):
        assert east.get(f"/console/losses/{path}").status_code == 404, path
    assert auditor.get("/console/losses/areas/T2/?to=x").status_code == 422
    # The page of months alone is gone; its month is the other side of the same page.
    assert auditor.get("/console/metering/losses/").status_code == 404
    in_english.latin()
    settings.LOCALE_PATHS = [in_english.catalogue(tmp_path)]  # type: ignore[attr-defined]
    auditor.cookies["wd_language"] = "en"
    for path in (*pages, "leads/", f"leads/{lead}/", "compute/"):
        assert chinese_left.left(auditor.get(f"/console/losses/{path}").content.decode()) == [], path
    del auditor.cookies["wd_language"]
    page = f"/console/losses/work/{work}/"
    assert reader.post(page, {"do": "take"}).status_code == 302
    assert reader.post(page, {"do": "find", "cause": "RATIO", "finding": ""}).status_code == 422
    assert reader.post(page, {"do": "find", "cause": "RATIO", "finding": "ratio"}).status_code == 302
    assert reader.post(page, {"do": "again", "reason": ""}).status_code == 422
    assert reader.post(page, {"do": "again", "reason": "still high"}).status_code == 302
    assert reader.post(page, {"do": "find", "cause": "THEFT", "finding": "lead"}).status_code == 302
    assert reader.post(page, {"do": "finish"}).status_code == 302
    assert queries.work_one(Scope("BS/"), work).state == "DONE"
    assert auditor.post(f"/console/losses/leads/{lead}/", {}).status_code == 302
    assert auditor.post(f"/console/losses/leads/{lead}/", {}).status_code == 422
    assert queries.lead(Scope("BS/"), lead).case_number
    days = {"unit_code": "BS", "from_on": DAY.isoformat(), "to_on": DAY.isoformat()}
    assert auditor.post("/console/losses/compute/", days).status_code == 302
    assert auditor.post("/console/losses/compute/", days | {"to_on": "2099-01-01"}).status_code == 422
