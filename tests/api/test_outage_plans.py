"""The whole life of an outage plan through the API, and what it refuses."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.api import world
from wandeng.domains.network.models import ConnectivityNode
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.outages.models import PlannedOutage
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.types import Isolation, IsolationKind
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = {
    "planner": ("BS", Role.DISPATCHER), "station": ("BS-W", Role.CELL_MANAGER), "county": ("BS", Role.COUNTY_MANAGER),
    "east": ("BS-E", Role.DISPATCHER), "hall": ("BS", Role.HALL_CLERK),
}  # fmt: skip
AHEAD = timedelta(days=10)


def asked(starts_at: datetime, **other: Any) -> dict[str, Any]:
    """A plan behind K12: 王五 is off, and the hospital keeps one supply."""
    return {
        "unit_code": "BS-W", "title": "西线检修", "reason_code": "MAINTENANCE", "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=4)).isoformat(), "works": ["配电一班, 更换熔断器, C1"], "opened": ["K12"],
        **other,
    }  # fmt: skip


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch, settings: Any) -> dict[str, world.Caller]:
    monkeypatch.setattr(world, "datetime", _Then)
    monkeypatch.setattr(middleware, "now", lambda: make.NOW)
    settings.SECURE_SSL_REDIRECT = False
    make.town()
    for code, (unit, role) in PEOPLE.items():
        organization.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=make.NOW)
        organization.appoint(
            person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.NOW
        )
    return {code: world.Caller(code) for code in PEOPLE}


class _Then(datetime):
    """The time of the town."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return make.NOW.astimezone(tz)


def done(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["result"] if answer.request["REQUEST_METHOD"] == "POST" else answer.json()


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content.decode()


def test_the_life_of_a_plan(people: dict[str, world.Caller]) -> None:
    planner, station, county = people["planner"], people["station"], people["county"]
    plan = asked(make.STARTS)
    found = done(planner.post("/outages/preview", plan))
    assert ([one["code"] for one in found["areas"]], found["customers"]) == (["T2"], 1)
    assert not PlannedOutage.objects.exists()
    done(planner.post("/outages/draft", plan))
    number = PlannedOutage.objects.get().number
    base = f"/outages/plans/{number}"
    refused(planner.post(f"{base}/submit"), 409, "OUTAGE_WARNINGS_OPEN")
    assert planner.post(f"{base}/acknowledge", {"code": "SECOND_SUPPLY_ONLY", "reason": " "}).status_code == 422
    done(planner.post(f"{base}/acknowledge", {"code": "SECOND_SUPPLY_ONLY", "reason": "医院已确认"}))
    done(planner.post(f"{base}/submit"))
    assert county.post(f"{base}/approve").status_code == 403  # the station decides first
    assert done(planner.get(base))["next_level"] == "STATION"
    done(station.post(f"{base}/approve", {"note": "同意"}))
    done(county.post(f"{base}/approve"))
    refused(county.post(f"{base}/approve"), 409, "OUTAGE_LEVEL_NOT_WANTED")
    assert station.post(f"{base}/publish").status_code == 403
    done(planner.post(f"{base}/publish"))
    later = asked(make.STARTS + timedelta(days=2), reason="阴雨")
    later.pop("unit_code")
    done(planner.post(f"{base}/change", later))
    shown = done(planner.get(base))
    assert (shown["state"], shown["version"], shown["proposed"]["version"]) == ("PUBLISHED", 1, 2)
    assert planner.post(f"{base}/change", later).status_code == 409
    differs = done(planner.get(f"{base}/differences", version=2, before=1))
    assert (differs["added"], differs["dropped"], differs["kept"]) == (0, 0, 1)
    done(planner.post(f"{base}/acknowledge", {"code": "SECOND_SUPPLY_ONLY", "reason": "医院已确认"}))
    done(station.post(f"{base}/approve"))
    done(county.post(f"{base}/approve"))
    assert done(planner.get(base))["version"] == 2
    assert done(planner.get("/units/BS/outages/fulfilment/2026"))["months"][0]["changed"] == 1
    done(planner.post(f"{base}/cancel", {"reason": "物资未到"}))
    assert done(planner.get(base))["state"] == "CANCELED"
    assert planner.post(f"{base}/cancel", {"reason": "再次"}).status_code == 409
    kept = done(planner.get("/units/BS/outages/fulfilment/2026"))["months"][0]
    assert (kept["changed"], kept["canceled"], kept["kept"]) == (0, 1, 0)


def test_what_is_refused(people: dict[str, world.Caller]) -> None:
    planner, station = people["planner"], people["station"]
    assert people["hall"].post("/outages/draft", asked(make.STARTS)).status_code == 403
    assert planner.post("/outages/draft", asked(make.STARTS, opened=["K99"])).status_code == 404
    assert planner.post("/outages/draft", asked(make.STARTS, opened=["K9"])).status_code == 422  # nobody is off
    assert planner.post("/outages/draft", asked(make.NOW - AHEAD)).status_code == 422
    short = asked(make.NOW + timedelta(days=3))
    codes = {one["code"] for one in done(planner.post("/outages/preview", short))["findings"]}
    assert "NOTICE_TOO_SHORT" in codes
    done(station.post("/outages/draft", short))
    forbidden = PlannedOutage.objects.get().number
    refused(station.post(f"/outages/plans/{forbidden}/submit"), 409, "OUTAGE_PLAN_FORBIDDEN")
    assert people["east"].get(f"/outages/plans/{forbidden}").status_code == 404
    assert people["east"].post(f"/outages/plans/{forbidden}/cancel", {"reason": "x"}).status_code == 404
    done(station.post("/outages/draft", asked(make.STARTS)))
    own = PlannedOutage.objects.exclude(number=forbidden).get().number
    done(station.post(f"/outages/plans/{own}/acknowledge", {"code": "SECOND_SUPPLY_ONLY", "reason": "医院已确认"}))
    done(station.post(f"/outages/plans/{own}/submit"))
    refused(station.post(f"/outages/plans/{own}/approve"), 403, "OUTAGE_SAME_PLANNER")
    assert planner.post(f"/outages/plans/{own}/send-back", {"note": " "}).status_code == 422
    done(planner.post(f"/outages/plans/{own}/send-back", {"note": "与抄表日冲突"}))
    assert done(planner.get(f"/outages/plans/{own}"))["state"] == "REFUSED"


def test_the_map_of_a_plan_is_geojson_of_what_its_page_draws(people: dict[str, world.Caller]) -> None:
    for place, node in enumerate(ConnectivityNode.objects.order_by("pk")):
        node.longitude_e6, node.latitude_e6 = 111_000_000 + place * 1000, 26_500_000 + place * place * 100
        node.save()
    isolation = (*make.opened("K11", "K12"), Isolation(IsolationKind.CLOSE, "K9"))
    number = make.drafted(make.request(isolation=isolation))
    told = done(people["planner"].get(f"/outages/plans/{number}/map"))
    assert told["type"] == "FeatureCollection"
    kinds: dict[str, dict[str, Any]] = {}
    for one in told["features"]:
        assert one["type"] == "Feature"
        kinds.setdefault(one["properties"]["kind"], {})[one["properties"]["code"]] = one
    assert (sorted(kinds["OPEN"]), sorted(kinds["CLOSE"])) == (["K11", "K12"], ["K9"])
    # Between both switches lies T1, which is off; the tie feeds T2 from the east.
    areas = {code: (one["properties"]["is_off"], one["properties"]["fed_by"]) for code, one in kinds["AREA"].items()}
    assert areas["T1"] == (True, "")
    assert {code for code, (is_off, _fed_by) in areas.items() if is_off} == {"T1"}
    assert areas["T2"][1] == areas["T3"][1] != areas["T1"][1]
    place = kinds["OPEN"]["K11"]["geometry"]
    assert place["type"] == "Point"
    assert [type(one) for one in place["coordinates"]] == [float, float]
    assert 110.9 < place["coordinates"][0] < 111.1
    lines = [one for one in told["features"] if one["properties"]["kind"] == "LINE"]
    assert {one["geometry"]["type"] for one in lines} == {"MultiLineString"}
    assert {one["properties"]["is_off"] for one in lines} == {True, False}
    assert people["east"].get(f"/outages/plans/{number}/map").status_code == 404
