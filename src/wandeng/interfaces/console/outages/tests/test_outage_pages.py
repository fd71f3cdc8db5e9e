"""The pages of outage plans: asked for with a preview, decided by levels, changed, shared out and counted."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from wandeng.domains.network.models import ConnectivityNode
from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.outages.actions import plans as actions
from wandeng.domains.outages.models import PlannedOutage
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.types import Isolation, IsolationKind, LiveLine
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 1, tzinfo=UTC)


def person(code: str, unit: str, role: Role) -> Client:
    organization_actions.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=AT)
    organization_actions.appoint(
        person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=AT
    )
    found = Client()
    found.force_login(organization.login_user(code))
    return found


def asked(days: int = 10, **other: str) -> dict[str, str]:
    """A form that is filled in, so many days ahead."""
    begins = (make.NOW + timedelta(days=days)).replace(hour=8, minute=0)
    return {
        "unit_code": "BS-W", "title": "西线检修", "category": "PLANNED", "reason_code": "MAINTENANCE",
        "starts_at": f"{begins:%Y-%m-%dT%H:%M}", "ends_at": f"{begins + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "opened": "K12", "closed": "", "out": "", "live_line": "NONE", "works": "配电一班, 更换熔断器, C1", "place": "",
        **other,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _town(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "now", lambda: make.NOW)
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.town()


def test_a_plan_is_previewed_saved_approved_published_and_changed(django_assert_max_num_queries: object) -> None:
    planner, station = person("planner", "BS", Role.DISPATCHER), person("station", "BS-W", Role.CELL_MANAGER)
    county, reader = person("county", "BS", Role.COUNTY_MANAGER), person("biller", "BS", Role.BILLING_CLERK)
    assert planner.get("/console/outages/new/?switch=K12").status_code == 200
    shown = planner.post("/console/outages/preview/", asked()).content.decode()
    assert "河西村" in shown
    assert "县人民医院" in shown
    assert PlannedOutage.objects.count() == 0
    short = planner.post("/console/outages/preview/", asked(3)).content.decode()
    assert "须提前 7 天通知" in short
    assert "没有找到开关 K99" in planner.post("/console/outages/preview/", asked(opened="K99")).content.decode()
    assert planner.post("/console/outages/new/", asked(works="")).status_code == 422
    assert planner.post("/console/outages/new/", asked()).status_code == 302
    number = PlannedOutage.objects.get().number
    at = f"/console/outages/plans/{number}/"
    assert planner.post(f"{at}submit/").status_code == 422  # a warning waits: the hospital keeps one supply only
    assert planner.post(f"{at}acknowledge/", {"code": "SECOND_SUPPLY_ONLY", "reason": "医院已确认"}).status_code == 302
    assert planner.post(f"{at}submit/").status_code == 302
    assert county.post(f"{at}approve/").status_code == 422  # the station decides first
    assert station.post(f"{at}approve/").status_code == 302
    assert county.post(f"{at}approve/", {"reason": "同意"}).status_code == 302
    assert county.post(f"{at}publish/").status_code == 302
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        assert "已发布" in planner.get(at).content.decode()
    assert planner.get(f"{at}change/").status_code == 200
    assert planner.post(f"{at}change/", asked(12, opened="K11", reason="阴雨")).status_code == 302
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        waiting = planner.get(at).content.decode()
    assert "变更待审批" in waiting
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        assert "新增停电户数" in planner.get(f"{at}differences/?version=2&before=1").content.decode()
    assert planner.post(f"{at}withdraw/").status_code == 302
    assert planner.post(f"{at}cancel/", {"reason": ""}).status_code == 422
    assert planner.post(f"{at}cancel/", {"reason": "物资未到"}).status_code == 302
    for path in ("", "fairness/", "fulfilment/", f"plans/{number}/"):
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            assert planner.get(f"/console/outages/{path}").status_code == 200, path
        assert reader.get(f"/console/outages/{path}").status_code == 403


def test_plans_of_other_offices_are_not_found() -> None:
    planner, east = person("planner", "BS", Role.DISPATCHER), person("east", "BS-E", Role.DISPATCHER)
    planner.post("/console/outages/new/", asked())
    number = PlannedOutage.objects.get().number
    assert east.get(f"/console/outages/plans/{number}/").status_code == 404
    assert east.post(f"/console/outages/plans/{number}/cancel/", {"reason": "x"}).status_code == 404


def placed() -> None:
    """Every node of the town somewhere else."""
    for place, node in enumerate(ConnectivityNode.objects.order_by("pk")):
        node.longitude_e6, node.latitude_e6 = 111_000_000 + place * 1000, 26_500_000 + place * place * 100
        node.save()


def test_the_map_shows_the_network_while_the_plan_runs(django_assert_max_num_queries: Any) -> None:
    placed()
    planner = person("planner", "BS", Role.DISPATCHER)
    isolation = (*make.opened("K11", "K12"), Isolation(IsolationKind.CLOSE, "K9"))
    number = make.drafted(make.request(isolation=isolation))
    assert (
        f"/console/outages/plans/{number}/map.geojson"
        in planner.get(f"/console/outages/plans/{number}/").content.decode()
    )
    with django_assert_max_num_queries(15):
        answer = planner.get(f"/console/outages/plans/{number}/map.geojson")
    assert answer.headers["Content-Type"] == "application/geo+json"
    told = [one["properties"] for one in json.loads(answer.content)["features"]]
    points = sorted((one["state"], one["name"].split()[0]) for one in told if one["kind"] == "outage")
    assert points == [("open", "断开"), ("open", "断开"), ("other", "合上转供")]
    # Between both switches lies T1, which is off; the tie feeds T2 from the east.
    areas = {one["label"].split("（")[1][:2]: one["state"] for one in told if one["kind"] == "transformer"}
    assert areas == {"T1": "dead", "T2": "live", "T3": "live", "T4": "live"}
    assert {one["state"] for one in told if one["kind"] == "line"} >= {"live", "dead", "other"}
    live = make.drafted(make.request(live_line=LiveLine.CHOSEN))
    assert "map.geojson" not in planner.get(f"/console/outages/plans/{live}/").content.decode()
    assert json.loads(planner.get(f"/console/outages/plans/{live}/map.geojson").content)["features"] == []
    east = person("east", "BS-E", Role.DISPATCHER)
    assert east.get(f"/console/outages/plans/{number}/map.geojson").status_code == 404


def test_pages_ask_the_database_little(django_assert_max_num_queries: Any) -> None:
    planner = person("planner", "BS", Role.DISPATCHER)
    number = make.published()
    later = make.request(starts_at=make.STARTS + timedelta(days=2), isolation=make.opened("K11"))
    actions.change(number=number, request=later, reason="阴雨", actor=make.PLANNER, at=make.NOW)
    make.drafted(make.request(title="另一计划"))
    pages = (
        "", "new/", "fairness/", "fulfilment/", f"plans/{number}/", f"plans/{number}/change/",
        f"plans/{number}/differences/?version=2&before=1",
    )  # fmt: skip
    for path in pages:
        planner.get(f"/console/outages/{path}")  # what a process keeps is kept
        with django_assert_max_num_queries(15):
            assert planner.get(f"/console/outages/{path}").status_code == 200, path
