"""Payment circles on a road that is known: who is inside, next points, villages, scenarios; and who may do what."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from wandeng.domains.network.tests import make as drawing
from wandeng.domains.organization.models import Unit
from wandeng.domains.outlets import actions, queries
from wandeng.domains.outlets.models import CircleReach, Outlet, RoadMap, Settlement
from wandeng.domains.outlets.tests import make
from wandeng.domains.outlets.types import AreaShare, ChangeShown, CircleShown, SettlementArea, VehicleStop
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ON = date(2026, 3, 2)
HEAD = Actor("head", unit_path="BS/", roles=frozenset({"COUNTY_MANAGER"}))
WEST = Actor("west", unit_path="BS/BS-W/", roles=frozenset({"COUNTY_MANAGER"}))
CLERK = Actor("clerk", unit_path="BS/", roles=frozenset({"CALL_CLERK"}))


@pytest.fixture(autouse=True)
def county() -> None:
    drawing.offices()
    make.county()


def computed(*stops: VehicleStop, unit: str = "BS", actor: Actor = HEAD, **named: object) -> CircleShown:
    made = actions.compute(unit_code=unit, on=ON, stops=stops, actor=actor, at=AT, **named)  # type: ignore[arg-type]
    return queries.circle(Scope.everywhere(), made)


def seconds(circle: CircleShown) -> dict[str, int | None]:
    rows = CircleReach.objects.filter(circle_id=circle.id).order_by("settlement__code")
    return dict(rows.values_list("settlement__code", "seconds"))


def test_who_is_inside_and_who_is_not() -> None:
    found = computed()
    # 3 km of main road at 40 km/h are 270 s, of village road at 20 km/h 540 s; the agent at J1 takes no payments.
    assert seconds(found) == {"C0": 0, "C1": 270, "C2": 810, "C3": 1350, "C4": None}
    assert (found.people, found.people_inside, found.customers, found.customers_inside) == (6_000, 5_400, 2_020, 1_830)
    assert found.areas == (
        AreaShare(SettlementArea.CITY, 5_000, 5_000, 1_700, 1_700),
        AreaShare(SettlementArea.RURAL, 1_000, 400, 320, 130),
    )
    assert (found.outlets, found.minutes) == (1, 10)


def test_next_points_and_what_no_choice_could_beat() -> None:
    found = computed()
    # A point at C2 also serves C3, 540 s away; C4 only serves itself.
    assert [(one.settlement_code, one.people) for one in found.points] == [("C2", 500), ("C4", 100)]
    assert found.at_most == 600


def test_villages_of_the_country_without_a_point_or_a_vehicle() -> None:
    assert [one.village for one in computed().without] == ["X1", "X2", "X3", "X4"]
    at_c3 = VehicleStop(111_600_000 + 3 * make.STEP + 5_000, make.NORTH)  # some 500 m from it
    found = computed(at_c3)
    assert [(one.village, one.people) for one in found.without] == [("X1", 400), ("X2", 300), ("X4", 100)]
    assert (found.villages, found.villages_without) == (4, 3)
    far = VehicleStop(111_600_000 + 3 * make.STEP + 10_000, make.NORTH)
    assert computed(far).villages_without == 4


def test_an_outlet_serves_the_village_it_names() -> None:
    make.outlet("P9", Unit.objects.get(code="BS-E"), 0, "PAY")
    Outlet.objects.filter(code="P9").update(village="X3")
    assert [one.village for one in computed().without] == ["X1", "X2", "X4"]


def test_a_scenario_adds_and_closes_and_leaves_the_truth_alone() -> None:
    found = computed(name="河西设点", added=["C2"])
    assert (found.people_inside, [one.settlement_code for one in found.points]) == (5_900, ["C4"])
    assert found.changes == (ChangeShown("ADD", "C2", "河西村"),)  # type: ignore[arg-type]
    assert "X2" not in [one.village for one in found.without]
    without = computed(name="撤营业厅", closed=["P0"])
    assert (without.people_inside, without.outlets, seconds(without)["C0"]) == (0, 0, None)
    plain = computed()
    assert plain.people_inside == 5_400
    assert queries.latest_circle(Scope.everywhere(), "BS") == plain.id


def test_an_office_uses_the_roads_and_outlets_of_its_county() -> None:
    found = computed(unit="BS-E")
    assert seconds(found) == {"C2": 810, "C3": 1350, "C4": None}
    settlements, outlets = queries.circle_map(Scope.everywhere(), found.id, on=ON)
    assert [one.code for one in settlements] == ["C2", "C3", "C4"]
    assert outlets == ()


def test_outlets_count_on_the_days_they_are_in_service_only() -> None:
    Outlet.objects.filter(code="P0").update(valid_to=ON)
    assert computed().people_inside == 0
    Outlet.objects.filter(code="P0").update(valid_from=ON, valid_to=None)
    assert computed().people_inside == 5_400


def test_what_is_missing_is_said() -> None:
    with pytest.raises(InvalidInput, match="has a name"):
        computed(added=["C2"])
    with pytest.raises(NotFound):
        computed(name="x", added=["C9"])
    with pytest.raises(NotFound):
        computed(unit="BS-W", actor=WEST, name="x", added=["C2"])
    with pytest.raises(NotFound):
        computed(unit="BS-E", actor=WEST)
    with pytest.raises(NotAllowed):
        computed(actor=CLERK)
    Settlement.objects.all().delete()
    with pytest.raises(InvalidInput, match="no settlements"):
        computed()
    RoadMap.objects.update(valid_from=date(2027, 1, 1))
    with pytest.raises(InvalidInput, match="no road map"):
        computed()


def test_a_circle_and_its_settlements_are_seen_within_the_scope() -> None:
    found = computed(unit="BS-E")
    with pytest.raises(NotFound):
        queries.circle(Scope("BS/BS-W/"), found.id)
    assert not queries.circles_rows(Scope("BS/BS-W/")).exists()
    assert {row["code"] for row in queries.reaches_rows(Scope("BS/BS-E/"))} == {"C2", "C3", "C4"}
    whole = computed()
    assert {row["code"] for row in queries.reaches_rows(Scope("BS/BS-W/"))} == {"C0", "C1"}
    # The circle is the county's: an office reads its own settlements of it, and is not led to a page that it may not open.
    assert {row["open_circle_id"] for row in queries.reaches_rows(Scope("BS/BS-W/"))} == {None}
    assert {row["open_circle_id"] for row in queries.reaches_rows(Scope("BS/BS-E/"))} == {None, found.id}
    for county in (Scope("BS/"), Scope.everywhere()):
        assert {row["open_circle_id"] for row in queries.reaches_rows(county)} == {found.id, whole.id}
