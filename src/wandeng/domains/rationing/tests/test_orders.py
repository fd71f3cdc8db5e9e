"""An order takes whose turn it is and nobody protected; a person may swap with a reason; what happened is what fairness counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.rationing import queries, rules
from wandeng.domains.rationing.actions import orders, running, schemes
from wandeng.domains.rationing.models import RationingOrder, RationingScheme
from wandeng.domains.rationing.tests import make
from wandeng.domains.rationing.tests.make import COUNTY, ENDS, NOW, PLANNER, STARTS
from wandeng.domains.rationing.types import GapUncovered, Measure, ParticipantKind, SameOrderer, ShareProtected
from wandeng.domains.reliability import queries as interruptions
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wandeng.kernel.periods import Period

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()
FREE_LINES = (
    ("ACCOUNT", "1001", "STAGGER", 500, 100),
    ("LINE", "K21", "CUT", 300, 300),
    ("LINE", "K11", "CUT", 600, 600),
)


@pytest.fixture(autouse=True)
def town() -> None:
    make.town()


def chosen(number: str) -> list[str]:
    return [one.code for one in queries.order(EVERYWHERE, number).chosen]


def test_measures_in_order_and_nobody_protected() -> None:
    make.approved()
    number = make.proposed(1000)
    found = queries.order(EVERYWHERE, number)
    assert chosen(number) == ["1001", "1002", "1005"]
    assert {one.code: (one.why, one.detail) for one in found.left} == {
        "1004": ("PROTECTED", "FIRST"), "K11": ("PROTECTED", "FIRST"), "K12": ("PROTECTED", "FIRST"),
    }  # fmt: skip
    assert (found.shed_kw, found.short_kw, found.level) == (400, 600, "III")  # 10 % of 10 MW is not above 10
    assert found.notice_by == STARTS - timedelta(days=1)
    with pytest.raises(GapUncovered):
        orders.approve(number=number, actor=COUNTY, at=NOW)
    with pytest.raises(SameOrderer):
        orders.approve(
            number=number,
            note="够了",
            actor=Actor("planner-1", unit_path="BS/", roles=frozenset({"COUNTY_MANAGER"})),
            at=NOW,
        )
    with pytest.raises(ShareProtected):
        orders.swap(number=number, into="1004", reason="医院同意", actor=PLANNER, at=NOW)
    by_level = orders.propose(
        unit_code="BS",
        starts_at=STARTS + timedelta(days=3),
        ends_at=ENDS + timedelta(days=3),
        level="IV",
        actor=PLANNER,
        at=NOW,
    )
    assert queries.order(EVERYWHERE, by_level).gap_kw == 500


def test_protections_from_cuts_count_and_a_window_takes_nobody_twice() -> None:
    scheme = make.approved()
    account = scheme.participants.get(code="1001").account_id
    assert account is not None
    first = make.proposed(100, protected={account: "LIFE_SUPPORT"})
    assert chosen(first) == ["1002"]
    second = make.proposed(100)
    told = {one.code: (one.why, one.detail) for one in queries.order(EVERYWHERE, second).shares}
    assert chosen(second) == ["1001"]
    assert told["1002"] == ("BUSY", first)


def test_the_turn_goes_round_by_what_happened() -> None:
    make.approved()
    for day in range(4):
        begin = STARTS + timedelta(days=day)
        number = make.published(100, starts_at=begin)
        assert chosen(number) == [["1001"], ["1002"]][day % 2]
        running.start(number=number, off_at=begin, actor=PLANNER, at=begin)
        over = begin + timedelta(hours=4)
        assert running.restore(number=number, on_at=over, actor=PLANNER, at=over) == 0
        running.finish(number=number, actor=PLANNER, at=over)
    found = queries.burdens(EVERYWHERE, "BS", year=2026)
    hours = {one.code: (one.times, one.seconds // 3600, one.equivalent_s) for one in found.rows}
    # 400 of 500 kW stay allowed: a fifth of eight hours is equivalent.
    assert hours["1001"] == hours["1002"] == (2, 8, 8 * 720)
    assert [(one.measure, one.spread) for one in found.spreads] == [("STAGGER", 0), ("LIMIT", 0), ("CUT", 0)]
    assert found.orders == 4


def test_a_line_is_dark_and_written_as_an_interruption() -> None:
    make.approved(FREE_LINES)
    number = make.proposed(300)
    assert chosen(number) == ["1001"]  # both lines have the hospital behind them
    RationingOrder.objects.filter(number=number).delete()
    CustomerAccount.objects.filter(account_number="1004").update(importance="")
    number = make.published(300)
    assert chosen(number) == ["1001", "K11"]
    running.start(number=number, off_at=STARTS, actor=PLANNER, at=STARTS)
    step = interruptions.interruption(EVERYWHERE, number)
    assert (step.kind, step.cause, step.belongs_to) == ("RATIONING_SYSTEM", "SHORTAGE", f"rationing.order:{number}")
    assert {one.transformer_code for one in step.steps} == {"T1", "T2"}
    with pytest.raises(Conflict):
        running.finish(number=number, actor=PLANNER, at=ENDS)
    assert running.restore(number=number, on_at=ENDS, codes=["K11"], actor=PLANNER, at=ENDS) == 1
    assert {one.on_at for one in interruptions.interruption(EVERYWHERE, number).steps} == {ENDS}
    running.allow(number=number, code="1001", before_kw=800, allowed_kw=600, actor=PLANNER, at=ENDS)
    assert running.restore(number=number, on_at=ENDS, actor=PLANNER, at=ENDS) == 0
    shares = {one.code: one.equivalent_s for one in queries.order(EVERYWHERE, number).chosen}
    assert shares == {"1001": 3600, "K11": 4 * 3600}
    with pytest.raises(Conflict):
        running.restore(number=number, on_at=ENDS, actor=PLANNER, at=ENDS)
    running.finish(number=number, actor=PLANNER, at=ENDS)


def test_a_swap_needs_a_reason_and_a_change_a_new_approval() -> None:
    make.approved()
    number = make.proposed(100)
    with pytest.raises(InvalidInput):
        orders.swap(number=number, out="1001", into="1002", reason=" ", actor=PLANNER, at=NOW)
    orders.swap(number=number, out="1001", into="1002", reason="当日检修停产", actor=PLANNER, at=NOW)
    told = {one.code: one.why for one in queries.order(EVERYWHERE, number).shares}
    assert (chosen(number), told["1001"], told["1002"]) == (["1002"], "SWAPPED_OUT", "SWAPPED_IN")
    orders.approve(number=number, actor=COUNTY, at=NOW)
    with pytest.raises(Conflict):
        orders.swap(number=number, out="1002", reason="又变", actor=PLANNER, at=NOW)
    orders.publish(number=number, actor=PLANNER, at=NOW)
    changes: dict[str, Any] = {
        "number": number,
        "starts_at": STARTS,
        "ends_at": ENDS + timedelta(hours=1),
        "gap_kw": 200,
    }
    assert orders.change(**changes, reason="缺口扩大", actor=PLANNER, at=NOW) == 2
    row = RationingOrder.objects.get()
    assert (row.state, row.approved_by, chosen(number)) == ("DRAFT", "", ["1001", "1002"])
    with pytest.raises(MoveRefused):
        orders.publish(number=number, actor=PLANNER, at=NOW)
    orders.cancel(number=number, reason="气温下降", actor=PLANNER, at=NOW)


def test_schemes_are_versions_approved_by_a_second_person() -> None:
    first = make.drafted()
    with pytest.raises(Conflict):
        schemes.draft(unit_code="BS", year=2026, max_demand_kw=1, actor=PLANNER, at=NOW)
    with pytest.raises(NotFound):
        make.proposed()
    boss = Actor("planner-1", unit_path="BS/", roles=frozenset({"COUNTY_MANAGER"}))
    with pytest.raises(SameOrderer):
        schemes.approve(scheme_id=first, actor=boss, at=NOW)
    with pytest.raises(NotAllowed):
        schemes.approve(scheme_id=first, actor=PLANNER, at=NOW)
    schemes.approve(scheme_id=first, actor=COUNTY, at=NOW)
    with pytest.raises(Conflict):
        schemes.drop(scheme_id=first, code="1001", actor=PLANNER, at=NOW)
    second = schemes.draft(unit_code="BS", year=2026, max_demand_kw=12_000, actor=PLANNER, at=NOW)
    schemes.drop(scheme_id=second, code="1001", actor=PLANNER, at=NOW)
    schemes.approve(scheme_id=second, actor=COUNTY, at=NOW)
    assert list(RationingScheme.objects.order_by("version").values_list("state", flat=True)) == ["REPLACED", "APPROVED"]
    found = queries.scheme(EVERYWHERE, second)
    assert len(found.participants) == len(make.PEOPLE) - 1
    assert {level: kw for level, _, kw in found.levels} == {"I": 3600, "II": 2400, "III": 1200, "IV": 600}
    with pytest.raises(NotFound):
        queries.scheme(Scope("BS/BS-E/"), second)


def test_rationing_begins_no_earlier_than_the_rule_lets_it() -> None:
    make.approved()
    number = make.published(100)
    told = rules.rationing(rules.local_day(STARTS)).started.earliest_minutes
    early = STARTS - timedelta(minutes=told)
    with pytest.raises(InvalidInput, match="hours before"):
        running.start(number=number, off_at=early - timedelta(seconds=1), actor=PLANNER, at=STARTS)
    assert running.start(number=number, off_at=early, actor=PLANNER, at=STARTS) == 1


def taken(scheme: int, code: str) -> tuple[Any, ...]:
    found = next(one for one in queries.scheme(EVERYWHERE, scheme).participants if one.code == code)
    return str(found.kind), found.name, str(found.measure), found.before_kw, found.shed_kw


def test_one_participant_is_taken_in_and_changed_there() -> None:
    scheme = make.drafted(())
    common: dict[str, Any] = {"scheme_id": scheme, "actor": PLANNER, "at": NOW}
    account = common | {"kind": ParticipantKind.ACCOUNT, "code": "1001"}
    schemes.take_in(**account, measure=Measure.STAGGER, before_kw=500, shed_kw=100)
    name = CustomerAccount.objects.get(account_number="1001").name
    assert taken(scheme, "1001") == ("ACCOUNT", name, "STAGGER", 500, 100)
    schemes.take_in(**account, measure=Measure.LIMIT, before_kw=400, shed_kw=50, name="水泥厂")
    assert taken(scheme, "1001") == ("ACCOUNT", "水泥厂", "LIMIT", 400, 50)
    line = common | {"kind": ParticipantKind.LINE, "code": "K12", "before_kw": 300}
    for measure, shed in ((Measure.LIMIT, 300), (Measure.CUT, 299)):
        with pytest.raises(InvalidInput):
            schemes.take_in(**line, measure=measure, shed_kw=shed)
    schemes.take_in(**line, measure=Measure.CUT, shed_kw=300)
    assert taken(scheme, "K12")[0] == "LINE"
    assert len(queries.scheme(EVERYWHERE, scheme).participants) == 2


def test_nobody_from_elsewhere_is_taken_in_nor_into_what_stands() -> None:
    scheme = make.drafted(())
    common: dict[str, Any] = {
        "scheme_id": scheme, "measure": Measure.CUT, "before_kw": 10, "shed_kw": 10, "actor": PLANNER, "at": NOW,
    }  # fmt: skip
    for kind in ParticipantKind:
        with pytest.raises(NotFound):
            schemes.take_in(**common, kind=kind, code="nobody")
    schemes.take_in(**common, kind=ParticipantKind.ACCOUNT, code="1001")
    with pytest.raises(NotAllowed):
        schemes.take_in(**common | {"actor": Actor("hall-1", unit_path="BS/")}, kind=ParticipantKind.LINE, code="K12")
    schemes.approve(scheme_id=scheme, actor=COUNTY, at=NOW)
    with pytest.raises(Conflict):
        schemes.take_in(**common, kind=ParticipantKind.ACCOUNT, code="1002")


def test_limited_loads_come_to_equivalent_hours_beside_the_outages() -> None:
    make.approved()
    number = make.published(1000 - 600)
    running.start(number=number, off_at=STARTS, actor=PLANNER, at=STARTS)
    running.allow(number=number, code="1001", before_kw=500, allowed_kw=400, actor=PLANNER, at=STARTS)
    year = Period(date(2026, 1, 1), date(2027, 1, 1))
    assert queries.limited(EVERYWHERE, "BS", period=year).times == 0
    running.restore(number=number, on_at=ENDS, actor=PLANNER, at=ENDS)
    found = queries.limited(EVERYWHERE, "BS", period=year)
    # 1001 and 1002 gave up 100 of 500 kW, 1005 200 of 400, for four hours each.
    assert (found.times, found.customers, found.seconds) == (3, 3, 3 * 4 * 3600)
    assert found.equivalent_s == int(4 * 3600 * (0.2 + 0.2 + 0.5))
    assert queries.limited(EVERYWHERE, "BS", period=Period(date(2026, 8, 1), date(2026, 9, 1))).times == 0
    assert queries.burdens(EVERYWHERE, "BS", year=2026).limited == found
