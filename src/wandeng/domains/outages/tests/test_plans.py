"""Plans go from a draft to what is told, by levels, and are changed and canceled for reasons."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import plans as actions
from wandeng.domains.outages.frames import affected
from wandeng.domains.outages.models import PlannedOutage, PlannedOutageVersion
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.types import (
    Isolation,
    IsolationKind,
    LiveLine,
    NobodyOff,
    OutageState,
    PlanView,
    SamePlanner,
    VersionState,
)
from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import Event
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()
TODAY = make.NOW.date()


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()


def view(number: str) -> PlanView:
    return queries.plan(EVERYWHERE, number, on=TODAY)


def events() -> list[str]:
    return list(Event.objects.filter(name__startswith="outages.").order_by("id").values_list("name", flat=True))


def off(number: str) -> set[str]:
    """Account numbers without supply by the version that stands."""
    with ColumnStore() as store:
        rows = affected.accounts(store, version_id=view(number).standing.id)
    found = CustomerAccount.objects.filter(pk__in=rows["account_id"].to_list())
    return set(found.values_list("account_number", flat=True))


def test_a_draft_knows_whom_it_interrupts() -> None:
    number = make.drafted()
    shown = view(number)
    assert shown.state is OutageState.DRAFT
    assert [(area.code, area.customers) for area in shown.standing.areas] == [("T2", 1)]
    # The hospital keeps its supply from T4.
    assert (shown.standing.customers, shown.standing.important, shown.standing.double_supply) == (1, 0, 1)
    assert [(user.account_number, user.keeps_supply) for user in shown.standing.users] == [("1004", True)]
    assert shown.standing.notice_by == make.STARTS - timedelta(days=7)
    assert shown.standing.place == "河西村"
    assert off(number) == {"1003"}


def test_what_a_tie_feeds_meanwhile_is_not_affected() -> None:
    both = (*make.opened("K11"), Isolation(IsolationKind.CLOSE, "K9"))
    assert off(make.drafted(make.request(isolation=make.opened("K11")))) == {"1001", "1002", "1003"}
    with pytest.raises(NobodyOff):  # K9 feeds both areas from the east
        make.drafted(make.request(isolation=both))
    some = (*make.opened("K11", "K12"), Isolation(IsolationKind.CLOSE, "K9"))
    assert off(make.drafted(make.request(isolation=some))) == {"1001", "1002"}


def test_a_user_with_two_supplies_is_off_when_both_are_taken() -> None:
    out = (Isolation(IsolationKind.OUT, "T2"), Isolation(IsolationKind.OUT, "T4"))
    number = make.drafted(make.request(isolation=out))
    assert off(number) == {"1003", "1004"}
    assert view(number).standing.important == 1


def test_what_is_done_live_interrupts_nobody() -> None:
    number = make.drafted(make.request(live_line=LiveLine.CHOSEN, isolation=()))
    assert (view(number).standing.customers, view(number).standing.areas) == (0, ())
    assert off(number) == set()


def test_a_plan_goes_from_draft_to_published() -> None:
    number = make.drafted()
    make.acknowledged(number)
    actions.submit(number=number, actor=make.PLANNER, at=make.NOW)
    assert view(number).next_level == "STATION"
    assert actions.approve(number=number, actor=make.STATION, at=make.NOW) == "COUNTY"
    assert view(number).state is OutageState.SUBMITTED
    assert actions.approve(number=number, actor=make.COUNTY, at=make.NOW) == ""
    assert view(number).state is OutageState.APPROVED
    assert events() == []
    actions.publish(number=number, actor=make.COUNTY, at=make.NOW)
    assert view(number).state is OutageState.PUBLISHED
    assert events() == ["outages.published"]
    found = queries.open_between(EVERYWHERE, make.STARTS, make.STARTS + timedelta(hours=1))
    assert [one.number for one in found] == [number]
    assert queries.open_between(EVERYWHERE, make.STARTS + timedelta(hours=4), make.STARTS + timedelta(hours=5)) == ()


def test_nobody_approves_what_they_made_and_no_level_another() -> None:
    number = make.drafted(actor=make.STATION)
    make.acknowledged(number, actor=make.STATION)
    actions.submit(number=number, actor=make.STATION, at=make.NOW)
    with pytest.raises(SamePlanner):
        actions.approve(number=number, actor=make.STATION, at=make.NOW)
    with pytest.raises(NotAllowed):
        actions.approve(number=number, actor=make.COUNTY, at=make.NOW)
    assert view(number).approvals == ()


def test_a_plan_of_the_county_itself_is_decided_by_the_county() -> None:
    number = make.drafted(make.request(unit_code="BS"))
    make.acknowledged(number)
    actions.submit(number=number, actor=make.PLANNER, at=make.NOW)
    assert view(number).next_level == "COUNTY"
    with pytest.raises(NotAllowed):
        actions.approve(number=number, actor=make.STATION, at=make.NOW)
    assert actions.approve(number=number, actor=make.COUNTY, at=make.NOW) == ""
    assert view(number).state == "APPROVED"


def test_a_plan_that_is_sent_back_is_mended_and_submitted_again() -> None:
    number = make.drafted()
    make.acknowledged(number)
    actions.submit(number=number, actor=make.PLANNER, at=make.NOW)
    with pytest.raises(InvalidInput):
        actions.send_back(number=number, note=" ", actor=make.STATION, at=make.NOW)
    actions.send_back(number=number, note="与抄表日冲突", actor=make.STATION, at=make.NOW)
    assert view(number).state is OutageState.REFUSED
    with pytest.raises(MoveRefused):
        actions.submit(number=number, actor=make.PLANNER, at=make.NOW)
    later = make.request(starts_at=make.STARTS + timedelta(days=1))
    assert actions.change(number=number, request=later, reason="错开抄表日", actor=make.PLANNER, at=make.NOW) == 2
    shown = view(number)
    assert (shown.state, shown.version) == (OutageState.DRAFT, 2)
    assert [one.state for one in shown.versions] == [VersionState.STANDS, VersionState.REPLACED]
    make.acknowledged(number)
    actions.submit(number=number, actor=make.PLANNER, at=make.NOW)
    make.decided(number)
    assert view(number).state is OutageState.APPROVED


def test_a_change_of_what_was_told_waits_for_approval() -> None:
    number = make.published()
    later = make.request(starts_at=make.STARTS + timedelta(days=2), isolation=make.opened("K11"))
    actions.change(number=number, request=later, reason="阴雨", actor=make.PLANNER, at=make.NOW)
    shown = view(number)
    assert (shown.state, shown.version, shown.standing.starts_at) == (OutageState.PUBLISHED, 1, make.STARTS)
    assert shown.proposed is not None
    assert shown.proposed.is_change
    assert shown.proposed.notice_by == make.STARTS - timedelta(days=5)
    with pytest.raises(Conflict):
        actions.change(number=number, request=later, reason="又变", actor=make.PLANNER, at=make.NOW)
    make.acknowledged(number)
    make.decided(number)
    shown = view(number)
    assert (shown.state, shown.version, shown.proposed) == (OutageState.PUBLISHED, 2, None)
    assert off(number) == {"1001", "1002", "1003"}
    assert events() == ["outages.published", "outages.changed"]


def test_a_refused_or_withdrawn_change_leaves_what_was_told() -> None:
    number = make.published()
    later = make.request(starts_at=make.STARTS + timedelta(days=2))
    actions.change(number=number, request=later, reason="阴雨", actor=make.PLANNER, at=make.NOW)
    actions.send_back(number=number, note="不同意", actor=make.STATION, at=make.NOW)
    actions.change(number=number, request=later, reason="仍有雨", actor=make.PLANNER, at=make.NOW)
    actions.withdraw_change(number=number, actor=make.PLANNER, at=make.NOW)
    shown = view(number)
    assert [one.state for one in shown.versions] == ["WITHDRAWN", "REFUSED", "STANDS"]
    assert (shown.version, events()) == (1, ["outages.published"])


def test_a_canceled_plan_tells_only_who_was_told() -> None:
    draft, told = make.drafted(), make.published(make.request(starts_at=make.STARTS + timedelta(days=1)))
    with pytest.raises(InvalidInput):
        actions.cancel(number=draft, reason="", actor=make.PLANNER, at=make.NOW)
    actions.cancel(number=draft, reason="并入下月", actor=make.PLANNER, at=make.NOW)
    assert "outages.canceled" not in events()
    actions.cancel(number=told, reason="物资未到", actor=make.PLANNER, at=make.NOW)
    assert events()[-1] == "outages.canceled"
    assert PlannedOutage.objects.filter(state="CANCELED").count() == 2
    with pytest.raises(MoveRefused):
        actions.cancel(number=told, reason="再次", actor=make.PLANNER, at=make.NOW)


def test_plans_of_others_do_not_exist() -> None:
    number = make.drafted()
    stranger = Actor("east", unit_path="BS/BS-E/", roles=frozenset({"DISPATCHER"}))
    with pytest.raises(NotFound):
        queries.plan(Scope.of(stranger), number, on=TODAY)
    with pytest.raises(NotFound):
        actions.submit(number=number, actor=stranger, at=make.NOW)
    with pytest.raises(NotFound):  # a switch of another office
        make.drafted(make.request(unit_code="BS-E", isolation=make.opened("K12")), actor=stranger)
    assert list(queries.plans_rows(Scope.of(stranger))) == []
    assert PlannedOutageVersion.objects.count() == 1
