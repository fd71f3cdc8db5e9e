"""Telling people of outages: exactly those who lose supply, once; changed, called off and ended plans reach exactly those told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from wandeng.domains.network import queries as network
from wandeng.domains.network.models import PowerTransformer, Switch, UsagePoint
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import delaying, plans, running, telling
from wandeng.domains.outages.models import ImportantCall, OutageTelling, OutageTold, PlannedOutage
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.tests.make import COUNTY, NOW, PLANNER, STARTS, opened, published, request
from wandeng.domains.outages.types.telling import HandWay
from wandeng.flows import outage_notices
from wandeng.infra import events
from wandeng.infra.models import Job
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def town() -> None:
    make.town()


def told(number: str) -> list[tuple[str, str]]:
    """Kind and account of everything told, in order."""
    rows = OutageTold.objects.filter(telling__outage__number=number).order_by("telling_id", "account__account_number")
    return list(rows.values_list("telling__kind", "account__account_number"))


def accounts_of(codes: Iterable[str]) -> set[str]:
    """Accounts supplied by these transformers and by nothing else, by the rows themselves."""
    here = UsagePoint.objects.filter(transformer__code__in=list(codes), kind="LOAD")
    found = set()
    for account in here.values_list("account_id", flat=True):
        points = UsagePoint.objects.filter(account_id=account, kind="LOAD")
        if set(points.values_list("transformer__code", flat=True)) <= set(codes):
            found.add(points[0].account.account_number)
    return found


def test_exactly_those_who_lose_supply_are_told_once() -> None:
    number = published(request(isolation=opened("K12")))
    done = outage_notices.tell(number=number, at=LATER)
    switch = Switch.objects.get(code="K12")
    dead = network.isolate(opened=[switch.pk], closed=[], out=[], on=STARTS.date()).dead
    codes = {one.code for one in network_codes(dead)}
    assert {account for _, account in told(number)} == accounts_of(codes)
    assert done.accounts == {"ANNOUNCEMENT": len(accounts_of(codes))}
    assert outage_notices.tell(number=number, at=LATER).accounts == {}
    assert OutageTelling.objects.get().due_by == PlannedOutage.objects.get().versions.get().notice_by
    recipient = NoticeRecipient.objects.get(notice__key=f"outage:{number}:1")
    assert "3月12日 08:00" in recipient.slots
    assert "3月12日 12:00" in recipient.slots


def network_codes(dead: Iterable[int]) -> list[PowerTransformer]:
    return list(PowerTransformer.objects.filter(pk__in=list(dead)))


def test_a_change_corrects_announces_and_calls_off() -> None:
    number = published(request(isolation=opened("K12")))
    outage_notices.tell(number=number, at=LATER)
    before = {account for _, account in told(number)}
    plans.change(
        number=number, request=request(isolation=opened("K12"), starts_at=STARTS + timedelta(days=1)), reason="天气",
        actor=PLANNER, at=LATER,
    )  # fmt: skip
    approve(number)
    done = outage_notices.tell(number=number, at=LATER)
    assert done.accounts == {"CORRECTION": len(before)}
    plans.cancel(number=number, reason="不做了", actor=COUNTY, at=LATER)
    assert outage_notices.tell(number=number, at=LATER).accounts == {"CANCELLATION": len(before)}
    assert outage_notices.tell(number=number, at=LATER).accounts == {}
    assert {account for kind, account in told(number) if kind == "CANCELLATION"} == before


def test_whom_a_change_drops_hears_of_the_time_they_know() -> None:
    number = published(request(isolation=opened("K11")))
    outage_notices.tell(number=number, at=LATER)
    plans.change(
        number=number, request=request(isolation=opened("K12"), starts_at=STARTS + timedelta(days=1)), reason="缩小范围",
        actor=PLANNER, at=LATER,
    )  # fmt: skip
    approve(number)
    done = outage_notices.tell(number=number, at=LATER)
    assert set(done.accounts) == {"CORRECTION", "CANCELLATION"}
    gone = NoticeRecipient.objects.filter(notice__version__template__code="outage_cancellation")
    assert gone.count() == done.accounts["CANCELLATION"]
    assert all("3月12日 08:00" in one.slots for one in gone)
    kept = NoticeRecipient.objects.filter(notice__version__template__code="outage_correction")
    assert all("3月13日 08:00" in one.slots for one in kept)


def approve(number: str) -> None:
    make.acknowledged(number, at=LATER)
    make.decided(number, at=LATER)


def test_supply_is_back_for_those_who_expected_it_off() -> None:
    number = published()
    outage_notices.tell(number=number, at=LATER)
    PlannedOutage.objects.filter(number=number).update(state="DONE", ended_at=STARTS)
    assert list(outage_notices.tell(number=number, at=STARTS).accounts) == ["RESTORATION"]
    assert outage_notices.tell(number=number, at=STARTS).accounts == {}


def test_events_of_a_plan_have_a_worker_look() -> None:
    published()
    events.deliver_due(now=LATER)
    assert Job.objects.filter(kind=outage_notices.TELL).count() == 1


def test_whom_nobody_reached_stands_in_the_gap_until_somebody_went_there() -> None:
    number = published()
    outage_notices.tell(number=number, at=LATER)
    found = queries.telling_view(EVERYWHERE, number, now=LATER)
    assert {one.account_number for one in found.gaps} == {account for _, account in told(number)}
    first = found.gaps[0].told_id
    stranger = Actor("x", unit_path="BS/BS-E/", roles=frozenset({"DISPATCHER"}))
    with pytest.raises(NotFound):
        telling.mark_by_hand(told=[first], way=HandWay.DOOR, note="", actor=stranger, at=LATER)
    reader = Actor("r", unit_path="BS/", roles=frozenset({"AUDITOR"}))
    with pytest.raises(NotAllowed):
        telling.mark_by_hand(told=[first], way=HandWay.DOOR, note="", actor=reader, at=LATER)
    with pytest.raises(InvalidInput):
        telling.mark_by_hand(told=[], way=HandWay.DOOR, note="", actor=PLANNER, at=LATER)
    assert telling.mark_by_hand(told=[first], way=HandWay.DOOR, note="已张贴", actor=PLANNER, at=LATER) == 1
    assert telling.mark_by_hand(told=[first], way=HandWay.CALL, note="", actor=PLANNER, at=LATER) == 0
    assert OutageTold.objects.get(pk=first).hand_way == "DOOR"
    NoticeRecipient.objects.update(state="DELIVERED", reached_at=LATER, due_at=None)
    assert queries.telling_view(EVERYWHERE, number, now=LATER).gaps == ()
    assert "3月12日" in found.media


def test_important_users_are_called_one_by_one_and_confirm() -> None:
    number = published()
    outage_notices.tell(number=number, at=LATER)
    (one,) = queries.telling_view(EVERYWHERE, number, now=LATER).calls  # the hospital, which keeps its other supply
    telling.call(call_id=one.id, confirmed_by="", note="无人接听", actor=PLANNER, at=LATER)
    telling.call(call_id=one.id, confirmed_by="值班室", note="", actor=PLANNER, at=LATER)
    with pytest.raises(Conflict):
        telling.call(call_id=one.id, confirmed_by="值班室", note="", actor=PLANNER, at=LATER)
    row = ImportantCall.objects.get()
    assert (row.state, row.tries, row.confirmed_by) == ("CONFIRMED", 1, "值班室")


DURING = STARTS + timedelta(hours=2)
ENDS = STARTS + timedelta(hours=4)


def running_number() -> str:
    """The whole west feeder off since the morning, everybody told."""
    number = published(request(isolation=opened("K11")))
    outage_notices.tell(number=number, at=LATER)
    running.start(number=number, off_at=STARTS, actor=PLANNER, at=STARTS)
    return number


def last_told(number: str) -> set[str]:
    newest = OutageTelling.objects.filter(outage__number=number).order_by("-id")[0]
    return set(OutageTold.objects.filter(telling=newest).values_list("account__account_number", flat=True))


@pytest.mark.parametrize("later", [90, -60])
def test_another_end_reaches_exactly_those_still_off_once(later: int) -> None:
    number = running_number()
    before = {account for _, account in told(number)}
    running.restore(number=number, on_at=DURING, areas=["T1"], actor=PLANNER, at=DURING)
    made = delaying.new_end(
        number=number, ends_at=ENDS + timedelta(minutes=later), reason="电缆头击穿", actor=PLANNER, at=DURING
    )
    assert (made.was, made.ends_at, made.is_late) == (ENDS, ENDS + timedelta(minutes=later), False)
    assert made.tell_by == ENDS - timedelta(minutes=30)
    events.deliver_due(now=DURING)
    done = outage_notices.tell(number=number, at=DURING)
    still = accounts_of({"T1", "T2"}) - accounts_by_any("T1")
    assert still
    assert still < before
    assert done.accounts == {"CORRECTION": len(still)}
    assert last_told(number) == still
    rows = NoticeRecipient.objects.filter(notice__version__template__code="outage_new_end")
    end = (ENDS + timedelta(minutes=later)).strftime("%H:%M")
    assert {one.account.account_number for one in rows} <= still
    assert all(end in one.slots for one in rows)
    assert outage_notices.tell(number=number, at=DURING).accounts == {}
    telling_row = OutageTelling.objects.filter(outage__number=number).order_by("-id")[0]
    assert telling_row.due_by == made.tell_by
    running.restore(number=number, on_at=DURING + timedelta(minutes=30), actor=PLANNER, at=DURING + timedelta(hours=1))
    assert outage_notices.tell(number=number, at=DURING + timedelta(hours=1)).accounts == {}


def accounts_by_any(code: str) -> set[str]:
    """Whoever this transformer supplies, whatever else does."""
    found = UsagePoint.objects.filter(transformer__code=code, kind="LOAD")
    return set(found.values_list("account__account_number", flat=True))


def test_important_users_at_areas_that_are_back_are_not_called_again() -> None:
    number = running_number()
    calls = ImportantCall.objects.filter(telling__outage__number=number)
    assert calls.filter(state="TO_CALL").count() == 1  # the hospital, at T2
    delaying.new_end(number=number, ends_at=ENDS + timedelta(hours=1), reason="雨", actor=PLANNER, at=DURING)
    assert outage_notices.tell(number=number, at=DURING).calls == 1
    assert sorted(calls.values_list("state", flat=True)) == ["DROPPED", "TO_CALL"]
    running.restore(number=number, on_at=DURING, areas=["T2"], actor=PLANNER, at=DURING)
    delaying.new_end(number=number, ends_at=ENDS + timedelta(hours=2), reason="雨", actor=PLANNER, at=DURING)
    assert outage_notices.tell(number=number, at=DURING).calls == 0
    assert calls.count() == 2


def test_another_end_is_refused_where_there_is_none() -> None:
    number = published(request(isolation=opened("K11")))
    new = {"number": number, "ends_at": ENDS + timedelta(hours=1), "reason": "雨", "actor": PLANNER, "at": DURING}
    with pytest.raises(Conflict):
        delaying.new_end(**new)
    running.start(number=number, off_at=STARTS, actor=PLANNER, at=STARTS)
    for other, refusal in (
        ({"reason": " "}, InvalidInput), ({"ends_at": DURING}, InvalidInput), ({"ends_at": ENDS}, Conflict),
        ({"actor": COUNTY}, NotAllowed), ({"actor": Actor("x", unit_path="BS/BS-E/", roles=frozenset({"DISPATCHER"}))}, NotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            delaying.new_end(**new | other)
    late = delaying.new_end(**new | {"at": ENDS - timedelta(minutes=10)})
    assert late.is_late
    running.restore(number=number, on_at=ENDS, actor=PLANNER, at=ENDS)
    with pytest.raises(Conflict):
        delaying.new_end(**new | {"at": ENDS, "ends_at": ENDS + timedelta(hours=3)})


def test_a_plan_that_ends_later_than_told_is_late_not_changed() -> None:
    number = running_number()
    delaying.new_end(number=number, ends_at=ENDS + timedelta(hours=2), reason="雨", actor=PLANNER, at=DURING)
    over = ENDS + timedelta(hours=2)
    running.restore(number=number, on_at=over, actor=PLANNER, at=over)
    running.finish(number=number, actor=PLANNER, at=over)
    found = queries.fulfilment(EVERYWHERE, unit_code="BS", year=2026, now=over)
    assert [(one.late, one.changed, one.kept) for one in found.months] == [(1, 0, 0)]
