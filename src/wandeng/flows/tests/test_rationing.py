"""Telling people of rationing: exactly those an order takes, once; changed, canceled and ended orders reach exactly those told."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from wandeng.calc.curves import CURVES
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.metering import frames as metering
from wandeng.domains.metering.models import Meter, MeterInstallation
from wandeng.domains.network.models import UsagePoint
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.domains.organization.models import Unit
from wandeng.domains.rationing import queries
from wandeng.domains.rationing.actions import orders, running, schemes, telling
from wandeng.domains.rationing.models import RationingCall, RationingParticipant, RationingTelling, RationingTold
from wandeng.domains.rationing.tests import make
from wandeng.domains.rationing.tests.make import COUNTY, ENDS, NOW, PLANNER, STARTS
from wandeng.domains.rationing.types import RationingHandWay
from wandeng.flows import rationing
from wandeng.flows.imports import intake
from wandeng.flows.supply_status import planned
from wandeng.flows.supply_status.answers import Answer, supply_status
from wandeng.flows.supply_status.planned import PlannedNotice
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.models import Job, ParkedRow
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()
LATER = NOW + timedelta(hours=1)
LINES = (("ACCOUNT", "1005", "STAGGER", 500, 100), ("LINE", "K11", "CUT", 600, 600))


@pytest.fixture(autouse=True)
def town() -> None:
    make.town()


def told(number: str, kind: str) -> set[str]:
    rows = RationingTold.objects.filter(telling__order__number=number, telling__kind=kind)
    return set(rows.values_list("account__account_number", flat=True))


def test_those_on_dark_lines_and_those_who_take_part_are_told_once() -> None:
    CustomerAccount.objects.filter(account_number="1004").update(importance="TEMPORARY")
    make.approved(LINES)
    number = make.published(300)
    assert rationing.tell(number=number, at=LATER).accounts == {"ANNOUNCEMENT": 4}
    # T1 and T2 hang on the line; the hospital keeps its other supply.
    assert told(number, "ANNOUNCEMENT") == {"1001", "1002", "1003", "1005"}
    assert rationing.tell(number=number, at=LATER).accounts == {}
    assert list(RationingCall.objects.values_list("account__account_number", "is_participant")) == [("1005", True)]
    own, other = (
        NoticeRecipient.objects.get(account__account_number=one, notice__key=f"rationing:{number}:1").slots
        for one in ("1005", "1001")
    )
    assert "100千瓦" in own
    assert "停止供电" in other
    view = queries.telling_view(EVERYWHERE, number, now=LATER)
    assert view.notice_by == STARTS - timedelta(days=1) == view.tellings[0].due_by
    assert (len(view.gaps), view.tellings[0].left) == (4, 4)
    assert "新华村" in view.media
    assert "1005" not in view.media


def everybody(at: datetime) -> tuple[PlannedNotice, ...]:
    return planned.planned(EVERYWHERE, now=at, library=current.library())


def asked(at: datetime) -> Answer:
    return supply_status(EVERYWHERE, "1001", now=at.astimezone(UTC), library=current.library())[0].answer


def test_everybody_reads_which_areas_are_cut_and_no_customer() -> None:
    CustomerAccount.objects.filter(account_number="1004").update(importance="TEMPORARY")
    make.approved(LINES)
    number = make.proposed(300)
    assert everybody(LATER) == ()
    orders.approve(number=number, actor=COUNTY, at=LATER)
    orders.publish(number=number, actor=PLANNER, at=LATER)
    (one,) = everybody(LATER)
    assert (one.number, one.reason, one.mark, one.starts_at) == (number, "RATIONING", "STANDS", STARTS)
    assert one.places == ("新华村", "河西村")
    status = asked(LATER)
    assert (status.next_from, status.next_until) == (STARTS, ENDS)
    running.start(number=number, off_at=STARTS, actor=PLANNER, at=STARTS)
    (one,) = everybody(STARTS)
    assert one.mark == "RUNNING"
    status = asked(STARTS)
    assert (status.standing, status.reason, status.until) == ("PLANNED", "RATIONING", ENDS)
    text = json.dumps(planned.document(one, {}), ensure_ascii=False)
    assert not {"1001", "1002", "1003", "1005"} & set(re.findall("[0-9]{4,}", text.replace(number, "")))
    running.restore(number=number, on_at=ENDS, actor=PLANNER, at=ENDS)
    assert everybody(ENDS) == ()


def test_rationing_that_is_called_off_or_changed_says_so() -> None:
    CustomerAccount.objects.filter(account_number="1004").update(importance="TEMPORARY")
    make.approved(LINES)
    number = make.published(300)
    rationing.change(
        number=number, starts_at=STARTS + timedelta(hours=1), ends_at=ENDS, gap_kw=300, reason="推迟", actor=PLANNER, at=LATER
    )  # fmt: skip
    assert everybody(LATER) == ()
    orders.approve(number=number, actor=COUNTY, at=LATER)
    orders.publish(number=number, actor=PLANNER, at=LATER)
    assert [(one.mark, one.starts_at) for one in everybody(LATER)] == [("CHANGED", STARTS + timedelta(hours=1))]
    orders.cancel(number=number, reason="气温下降", actor=PLANNER, at=LATER)
    assert [one.mark for one in everybody(LATER)] == ["CANCELED"]


def test_a_change_corrects_and_drops_exactly_those_told() -> None:
    make.approved()
    number = make.published(200)
    rationing.tell(number=number, at=LATER)
    assert told(number, "ANNOUNCEMENT") == {"1001", "1002"}
    rationing.change(
        number=number,
        starts_at=STARTS + timedelta(hours=1),
        ends_at=ENDS,
        gap_kw=100,
        reason="缺口缩小",
        actor=PLANNER,
        at=LATER,
    )
    assert rationing.tell(number=number, at=LATER).accounts == {}  # nobody until it is published again
    orders.approve(number=number, actor=COUNTY, at=LATER)
    orders.publish(number=number, actor=PLANNER, at=LATER)
    assert rationing.tell(number=number, at=LATER).accounts == {"CANCELLATION": 1, "CORRECTION": 1}
    assert (told(number, "CORRECTION"), told(number, "CANCELLATION")) == ({"1001"}, {"1002"})
    gone = NoticeRecipient.objects.get(notice__version__template__code="rationing_cancellation")
    assert "10:00" in gone.slots  # the time they know
    orders.cancel(number=number, reason="气温下降", actor=PLANNER, at=LATER)
    assert rationing.tell(number=number, at=LATER).accounts == {"CANCELLATION": 1}
    assert told(number, "CANCELLATION") == {"1001", "1002"}


def test_the_end_is_told_and_events_queue_the_telling() -> None:
    make.approved()
    number = make.published(100)
    rationing.tell(number=number, at=LATER)
    running.start(number=number, off_at=STARTS, actor=PLANNER, at=STARTS)
    running.restore(number=number, on_at=ENDS, actor=PLANNER, at=ENDS)
    running.finish(number=number, actor=PLANNER, at=ENDS)
    assert rationing.tell(number=number, at=ENDS).accounts == {"RESTORATION": 1}
    rationing.queue_telling({"number": number}, ENDS)
    assert Job.objects.filter(kind=rationing.TELL, payload__contains=number).exists()
    with pytest.raises(NotFound):
        rationing.tell(number="XD0", at=ENDS)


def test_shortly_before_the_deadline_somebody_goes_to_the_door() -> None:
    make.approved()
    number = make.published(100)
    rationing.tell(number=number, at=LATER)
    NoticeRecipient.objects.update(state="FAILED", due_at=None)
    due = queries.telling_view(EVERYWHERE, number, now=LATER).notice_by
    ways = [
        {one.next for one in queries.telling_view(EVERYWHERE, number, now=due - timedelta(hours=left)).gaps}
        for left in (7, 5, -1)
    ]
    assert ways == [{"CALL"}, {"DOOR"}, {"DOOR"}]


def test_who_was_not_reached_is_told_by_hand_and_called() -> None:
    make.approved()
    number = make.published(100)
    rationing.tell(number=number, at=LATER)
    gap = queries.telling_view(EVERYWHERE, number, now=LATER).gaps[0]
    reader = Actor("r", unit_path="BS/", roles=frozenset({"AUDITOR"}))
    with pytest.raises(NotAllowed):
        telling.mark_by_hand(told=[gap.told_id], way=RationingHandWay.DOOR, note="", actor=reader, at=LATER)
    with pytest.raises(InvalidInput):
        telling.mark_by_hand(told=[], way=RationingHandWay.DOOR, note="", actor=PLANNER, at=LATER)
    assert telling.mark_by_hand(told=[gap.told_id], way=RationingHandWay.DOOR, note="", actor=PLANNER, at=LATER) == 1
    assert not queries.telling_view(EVERYWHERE, number, now=LATER).gaps
    call = RationingCall.objects.get()
    telling.call(call_id=call.pk, confirmed_by="", actor=PLANNER, at=LATER)
    telling.call(call_id=call.pk, confirmed_by="厂长", actor=PLANNER, at=LATER)
    with pytest.raises(Conflict):
        telling.call(call_id=call.pk, confirmed_by="厂长", actor=PLANNER, at=LATER)
    assert (RationingCall.objects.get().tries, RationingTelling.objects.count()) == (1, 1)


HEAD = "单位,年度,类型,户号或开关编码,名称,措施,轮换组,序位,正常负荷,压降负荷\n"


def bring(folder: Path, text: str) -> tuple[int, int, int, int]:
    path = folder / "file.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    counts = intake.take_in("rationing-participants", path, actor=SYSTEM, clock=lambda: NOW).counts
    return counts.created, counts.changed, counts.unchanged, counts.parked


def test_participants_come_by_file_into_a_draft(tmp_path: Path) -> None:
    good = "BS,2026,用户,1001,张三厂,错峰,一组,1,500,100\nBS,2026,线路,K12,西线后段,拉路,,2,300,300\n"
    assert bring(tmp_path, good) == (0, 0, 0, 2)  # there is no draft
    assert ParkedRow.objects.count() == 2
    made = schemes.draft(unit_code="BS", year=2026, max_demand_kw=1000, actor=PLANNER, at=NOW)
    bad = (
        "BS,2026,用户,9999,谁,错峰,,0,500,100\nBS,2026,用户,1002,李,错峰,,0,100,200\n"
        "BS,2026,线路,K11,西线,限电,,0,300,300\nBS,2026,线路,K21,东线,拉路,,0,300,200\n"
    )
    assert bring(tmp_path, good + bad) == (2, 0, 0, 4)
    assert bring(tmp_path, good.replace("500,100", "500,150")) == (0, 1, 1, 0)
    rows = RationingParticipant.objects.filter(scheme_id=made).order_by("code")
    assert [(one.code, one.kind, one.measure, one.shed_kw) for one in rows] == [
        ("1001", "ACCOUNT", "STAGGER", 150), ("K12", "LINE", "CUT", 300),
    ]  # fmt: skip


def curves(account: str, days: dict[date, int]) -> None:
    """A meter of multiplier 2 at the account's point, with the same Wh at every quarter hour of a day."""
    point = UsagePoint.objects.get(account__account_number=account, kind="LOAD")
    meter = Meter.objects.create(id=point.pk, asset_number=f"M{account}", state="INSTALLED")
    hung = MeterInstallation.objects.create(
        id=point.pk, meter=meter, usage_point=point, installed_on=date(2026, 1, 1), multiplier=2, source="INTERVAL"
    )
    rows = [(hung.pk, day, slot, wh) for day, wh in days.items() for slot in range(96)]
    table = pl.DataFrame(rows, ["installation_id", "day", "point", "active_wh"], orient="row").to_arrow()
    with ColumnStore() as store:
        metering.append_intervals(
            store, table.cast(pl.DataFrame(CURVES.empty_table()).select(table.column_names).to_arrow().schema),
            unit_id=Unit.objects.get(code="BS-W").pk, month=Month.parse("2026-07"), at=NOW,
        )  # fmt: skip


def test_what_was_saved_is_told_or_why_it_cannot_be() -> None:
    make.approved()
    number = make.published(200)
    before = {date(2026, 7, day): 50_000 for day in (8, 9, 10, 13, 14)} | {
        date(2026, 7, 11): 1
    }  # the 11th is a Saturday
    curves("1001", before | {date(2026, 7, 15): 40_000})
    running.start(number=number, off_at=STARTS, actor=PLANNER, at=STARTS)
    running.restore(number=number, on_at=ENDS, actor=PLANNER, at=ENDS)
    running.finish(number=number, actor=PLANNER, at=ENDS)
    found = queries.saved(EVERYWHERE, number)
    by_code = {one.code: one for one in found.shares}
    # 16 quarter hours of 2 × 10 kWh less: 320 kWh in four hours, 80 kW.
    one = by_code["1001"]
    assert (one.saved_wh, one.saved_kw, one.like_days, one.why) == (320_000, 80, 5, "")
    assert (by_code["1002"].why, by_code["1002"].saved_wh) == ("MISSING_READINGS", None)
    assert (found.saved_wh, found.expected_wh, found.uncomputable) == (320_000, 400_000, 1)
