from __future__ import annotations

from datetime import date

import pytest

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.models import Unit
from wandeng.domains.organization.tests import make
from wandeng.domains.organization.types import Role
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 5)


@pytest.fixture(autouse=True)
def _county() -> None:
    make.county()
    make.staff()


def test_a_person_acts_with_the_roles_and_the_unit_of_their_post() -> None:
    actor = queries.actor_for("reader-w", ON)
    assert (actor.code, actor.unit_path, actor.roles) == ("reader-w", "BS/BS-W/", frozenset({"METER_READER"}))
    assert actor.person_id is not None


def test_a_post_holds_from_its_first_day_up_to_its_last_and_not_a_day_longer() -> None:
    actions.dismiss(person_code="reader-w", unit_code="BS-W", role=Role.METER_READER, on=ON, actor=SYSTEM, at=make.AT)
    assert queries.actor_for("reader-w", date(2026, 3, 4)).has("METER_READER")
    with pytest.raises(NotAllowed):
        queries.actor_for("reader-w", ON)
    with pytest.raises(NotAllowed):
        queries.actor_for("reader-w", date(2025, 12, 31))


def test_a_post_over_a_county_reaches_its_offices_but_an_office_post_does_not_reach_up() -> None:
    assert queries.actor_for("head", ON, unit_code="BS-E").roles == {"COUNTY_MANAGER"}
    with pytest.raises(NotAllowed):
        queries.actor_for("clerk-e", ON, unit_code="BS")


def test_roles_of_a_lower_post_are_not_carried_up_to_the_county() -> None:
    actions.appoint(person_code="head", unit_code="BS-W", role=Role.AUDITOR, from_on=ON, actor=SYSTEM, at=make.AT)
    assert queries.actor_for("head", ON).roles == {"COUNTY_MANAGER"}
    assert queries.actor_for("head", ON, unit_code="BS-W").roles == {"COUNTY_MANAGER", "AUDITOR"}


def test_posts_in_two_offices_need_the_one_to_act_in_named() -> None:
    actions.appoint(person_code="clerk-e", unit_code="BS-W", role=Role.HALL_CLERK, from_on=ON, actor=SYSTEM, at=make.AT)
    with pytest.raises(NotAllowed, match="separate units"):
        queries.actor_for("clerk-e", ON)
    assert queries.actor_for("clerk-e", ON, unit_code="BS-W").roles == {"HALL_CLERK"}


def test_the_same_post_is_not_given_twice_for_the_same_days() -> None:
    with pytest.raises(Conflict):
        actions.appoint(
            person_code="head", unit_code="BS", role=Role.COUNTY_MANAGER, from_on=ON, actor=SYSTEM, at=make.AT
        )
    with pytest.raises(InvalidInput):
        actions.appoint(
            person_code="head", unit_code="BS", role=Role.AUDITOR, from_on=ON, to_on=ON, actor=SYSTEM, at=make.AT
        )


def test_roles_that_the_rules_keep_apart_are_not_given_to_one_person() -> None:
    def appoint(code: str, unit: str, role: Role, **days: date) -> None:
        actions.appoint(
            person_code=code, unit_code=unit, role=role, actor=SYSTEM, at=make.AT, **({"from_on": ON} | days)
        )

    with pytest.raises(actions.KeptApart, match="does not go with") as refusal:
        appoint("clerk-e", "BS", Role.BILLING_REVIEWER)
    assert refusal.value.facts["reason_zh"] == "电费核算与复核须由不同的人担任"
    # Apart in time they go together: the one ends before the other begins.
    actions.dismiss(person_code="clerk-e", unit_code="BS-E", role=Role.BILLING_CLERK, on=ON, actor=SYSTEM, at=make.AT)
    appoint("clerk-e", "BS", Role.BILLING_REVIEWER)
    appoint("head", "BS", Role.ADMINISTRATOR)
    for other in (Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR, Role.AUDITOR):
        with pytest.raises(actions.KeptApart):
            appoint("head", "BS-W", other)


def test_an_office_appoints_none_of_another_offices_people() -> None:
    west = Actor("admin-w", unit_path="BS/BS-W/", roles=frozenset({"ADMINISTRATOR"}))
    for code in ("clerk-e", "nobody"):
        with pytest.raises(NotFound, match=f"there is no person {code}"):
            actions.appoint(
                person_code=code, unit_code="BS-W", role=Role.METER_READER, from_on=ON, actor=west, at=make.AT
            )


def test_dismissing_from_a_post_nobody_holds_is_refused() -> None:
    with pytest.raises(NotFound):
        actions.dismiss(person_code="head", unit_code="BS", role=Role.AUDITOR, on=ON, actor=SYSTEM, at=make.AT)


def test_only_an_administrator_founds_units_and_only_below_their_own() -> None:
    def found(actor: Actor, parent: str) -> None:
        actions.create_unit(code="NEW", name="新所", kind="OFFICE", parent_code=parent, actor=actor, at=make.AT)

    with pytest.raises(NotAllowed):
        found(queries.actor_for("head", ON), "BS")
    west = Actor("admin-w", unit_path="BS/BS-W/", roles=frozenset({"ADMINISTRATOR"}))
    with pytest.raises(NotFound):
        found(west, "BS-E")
    found(west, "BS-W")
    made = Unit.objects.get(code="NEW")
    assert (made.path, made.territory) == ("BS/BS-W/NEW/", "hunan")
    assert Operation.objects.get(action="unit.create", actor="admin-w").unit_path == "BS/BS-W/NEW/"


@pytest.mark.parametrize("code", ["", "A/B", "西", "X" * 33])
def test_a_code_that_cannot_stand_in_a_path_is_refused(code: str) -> None:
    with pytest.raises(InvalidInput):
        actions.create_unit(code=code, name="x", kind="OFFICE", parent_code="BS", actor=SYSTEM, at=make.AT)


def test_the_tree_lists_parents_before_children_and_nothing_outside_the_scope() -> None:
    assert [(unit.code, unit.depth) for unit in queries.unit_tree(Scope.everywhere())] == [
        ("BS", 0),
        ("BS-E", 1),
        ("BS-W", 1),
    ]
    assert [unit.code for unit in queries.unit_tree(Scope("BS/BS-W/"))] == ["BS-W"]
    with pytest.raises(NotFound):
        queries.unit(Scope("BS/BS-W/"), "BS-E")


def test_every_role_has_the_word_on_its_door() -> None:
    assert Role.CALL_CLERK.name_zh == "95598 坐席"
    assert all(role.name_zh for role in Role)
