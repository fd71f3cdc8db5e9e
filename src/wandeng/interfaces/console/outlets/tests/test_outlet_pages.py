"""The pages of outlets and payment circles: what they say, who may what, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from tests.kits import chinese_left, in_english

from wandeng.domains.network.tests import make as drawing
from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.outlets.models import Outlet, OutletException, PaymentCircle, Settlement
from wandeng.domains.outlets.tests import make
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(UTC)
TODAY = date.today()  # noqa: DTZ011  (pages show the day on which they are asked)


def person(code: str, unit: str, role: Role) -> Client:
    organization_actions.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=NOW)
    organization_actions.appoint(
        person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=NOW
    )
    found = Client()
    found.force_login(organization.login_user(code))
    return found


@pytest.fixture(autouse=True)
def county(settings) -> None:
    settings.SECURE_SSL_REDIRECT = False
    drawing.offices()
    make.county()


def test_a_circle_is_computed_shown_and_tried_otherwise(django_assert_max_num_queries) -> None:
    head, east = person("head", "BS", Role.COUNTY_MANAGER), person("east", "BS-E", Role.COUNTY_MANAGER)
    clerk = person("clerk", "BS", Role.CALL_CLERK)
    assert clerk.get("/console/circles/compute/").status_code == 403
    assert clerk.post("/console/circles/compute/", {"unit_code": "BS"}).status_code == 403
    assert east.post("/console/circles/compute/", {"unit_code": "BS"}).status_code == 422
    assert head.post("/console/circles/compute/", {"unit_code": "BS", "added": "C2"}).status_code == 422
    assert head.post("/console/circles/compute/", {"unit_code": "BS"}).status_code == 302
    made = PaymentCircle.objects.get()
    address = f"/console/circles/{made.pk}/"
    with django_assert_max_num_queries(15):
        told = clerk.get(address).content.decode()
    assert "90.0%" in told
    assert "河西村" in told
    assert "<svg" in told
    assert told.count('class="outside"') == 3 + 1  # three settlements, and the legend
    assert east.get(address).status_code == 404
    tried = {"unit_code": "BS", "name": "河西设点", "added": "C2，C4", "closed": "P0"}
    assert head.post("/console/circles/compute/", tried).status_code == 302
    scenario = PaymentCircle.objects.order_by("-id").first()
    assert (scenario.name, scenario.people_inside) == ("河西设点", 1_000)
    assert "河西设点" in head.get(f"/console/circles/{scenario.pk}/").content.decode()
    with django_assert_max_num_queries(15):
        outside = head.get(f"/console/circles/settlements/?circle={made.pk}&is_inside=false").content.decode()
    assert "高岭村" in outside
    assert "新华村" not in outside


def test_an_outlet_has_other_hours_and_an_end(django_assert_max_num_queries) -> None:
    cell, east = person("cell", "BS-W", Role.CELL_MANAGER), person("cell-e", "BS-E", Role.CELL_MANAGER)
    reader = person("reader", "BS", Role.METER_READER)
    with django_assert_max_num_queries(15):
        told = cell.get("/console/outlets/P0/").content.decode()
    assert "周一至周五 08:30-12:00、14:00-17:30；周六 09:00-12:00" in told
    assert east.get("/console/outlets/P0/").status_code == 404
    days = {"from_on": TODAY, "to_on": TODAY + timedelta(days=1), "hours": "", "reason": "盘点"}
    act = "/console/outlets/P0/do"
    assert reader.post(f"{act}/except/", days).status_code == 403
    assert east.post(f"{act}/except/", days).status_code == 404
    assert cell.post(f"{act}/except/", days | {"hours": "上午"}).status_code == 422
    assert cell.post(f"{act}/except/", days).status_code == 302
    row = OutletException.objects.get()
    assert row.to_on == TODAY + timedelta(days=2)
    assert "盘点" in cell.get("/console/outlets/P0/").content.decode()
    assert cell.post(f"{act}/lift/", {"exception": row.pk}).status_code == 302
    assert cell.post(f"{act}/lift/", {"exception": row.pk}).status_code == 422
    assert cell.post(f"{act}/melt/", {}).status_code == 404
    assert cell.post(f"{act}/close/", {"on": TODAY, "reason": "搬迁"}).status_code == 302
    assert "已停用" in cell.get("/console/outlets/P0/").content.decode()


def test_pages_in_english(settings, tmp_path) -> None:
    head = person("head", "BS", Role.COUNTY_MANAGER)
    head.post("/console/circles/compute/", {"unit_code": "BS", "name": "Try", "added": "C2", "closed": "P0"})
    head.get("/console/circles/")  # which says in Chinese that it was computed
    in_english.latin()
    for number, row in enumerate(Settlement.objects.all()):
        Settlement.objects.filter(pk=row.pk).update(name=f"Village {number}")
    Outlet.objects.update(name="Outlet", address="At the road")
    settings.LOCALE_PATHS = [in_english.catalogue(tmp_path)]
    head.cookies["wd_language"] = "en"
    pages = (
        "circles/", "circles/compute/", f"circles/{PaymentCircle.objects.get().pk}/", "circles/settlements/", "outlets/",
        "outlets/P0/",
    )  # fmt: skip
    for path in pages:
        told = head.get(f"/console/{path}").content.decode()
        assert [one for one in chinese_left.left(told) if one not in ("国家电网", "南方电网")] == [], path
