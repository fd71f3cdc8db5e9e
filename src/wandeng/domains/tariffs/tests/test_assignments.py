from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa
import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from wandeng.domains.customers.types import AccountSet
from wandeng.domains.network.models import UsagePoint
from wandeng.domains.network.tests import make
from wandeng.domains.tariffs import actions, frames
from wandeng.domains.tariffs.models import PriceAssignment
from wandeng.domains.tariffs.types import ContractTerms, InstalledTransformer, PriceCodeUnknown, SuspensionTooShort
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.models import Operation
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import FAR_FUTURE

START, MAY, JUNE = date(2025, 1, 1), date(2026, 5, 1), date(2026, 6, 1)
HOME = "hunan.residential"
WORKS = ContractTerms("hunan.residential", running_capacity_ckva=100_000, basic_method=1, pf_standard=90)
WEST = Actor("clerk-w", unit_path="BS/BS-W/", roles=frozenset({"BILLING_CLERK"}))

database = pytest.mark.django_db(transaction=True)


@cache
def library() -> RuleLibrary:
    return RuleLibrary.load(default_root())


@pytest.fixture
def _town() -> None:
    make.town()
    assign("P5", WORKS)


def assign(point: str, terms: ContractTerms, from_on: date = START, to_on: date = FAR_FUTURE) -> int:
    return actions.assign_price(
        usage_point=point, terms=terms, from_on=from_on, to_on=to_on, library=library(), actor=SYSTEM, at=make.AT
    )


def change(point: str, from_on: date, actor: Actor = SYSTEM, **changes: Any) -> int:
    return actions.change_terms(
        usage_point=point, from_on=from_on, library=library(), actor=actor, at=make.AT, reason="改类", **changes
    )


def suspend(ckva: int, from_on: date, to_on: date) -> None:
    actions.suspend_capacity(
        usage_point="P5", suspended_ckva=ckva, from_on=from_on, to_on=to_on, library=library(), actor=SYSTEM,
        at=make.AT, reason="暂停",
    )  # fmt: skip


def resume(on: date) -> None:
    actions.resume_capacity(usage_point="P5", on=on, library=library(), actor=SYSTEM, at=make.AT, reason="恢复")


def pieces(point: str = "P5") -> list[tuple[date, date, int]]:
    rows = PriceAssignment.objects.filter(usage_point__code=point).order_by("valid_from")
    return [(row.valid_from, row.valid_to, row.running_capacity_ckva) for row in rows]


@database
@pytest.mark.usefixtures("_town")
def test_a_change_ends_the_running_piece_and_keeps_what_it_does_not_name() -> None:
    change("P5", MAY, running_capacity_ckva=63_000)
    assert pieces() == [(START, MAY, 100_000), (MAY, FAR_FUTURE, 63_000)]
    old, new = PriceAssignment.objects.order_by("valid_from")
    assert actions.terms_of(new) == replace(actions.terms_of(old), running_capacity_ckva=63_000)
    logged = Operation.objects.get(action="terms.change")
    assert '"changed":{"running_capacity_ckva":[100000,63000]}' in logged.facts
    assert (logged.reason, logged.unit_path) == ("改类", "BS/BS-E/")


@database
@pytest.mark.usefixtures("_town")
def test_a_change_between_two_pieces_leaves_the_later_one_as_agreed() -> None:
    change("P5", JUNE, running_capacity_ckva=50_000)
    change("P5", MAY, running_capacity_ckva=63_000)
    assert pieces() == [(START, MAY, 100_000), (MAY, JUNE, 63_000), (JUNE, FAR_FUTURE, 50_000)]


@database
@pytest.mark.usefixtures("_town")
def test_a_change_on_the_first_day_of_a_piece_changes_it_in_place() -> None:
    change("P5", MAY, running_capacity_ckva=63_000)
    change("P5", MAY, running_capacity_ckva=40_000)
    assert pieces() == [(START, MAY, 100_000), (MAY, FAR_FUTURE, 40_000)]


@database
@pytest.mark.usefixtures("_town")
def test_a_change_that_changes_nothing_or_has_nothing_to_change_is_refused() -> None:
    with pytest.raises(InvalidInput):
        change("P5", MAY, running_capacity_ckva=100_000)
    with pytest.raises(InvalidInput):
        change("P5", MAY, pf_standard=86)
    with pytest.raises(PriceCodeUnknown):
        change("P5", MAY, price_code="hunan.nothing")
    with pytest.raises(NotFound):
        change("P5", date(2024, 12, 31), pf_standard=85)
    with pytest.raises(NotFound):
        change("P5", MAY, actor=WEST, pf_standard=85)
    assert pieces() == [(START, FAR_FUTURE, 100_000)]


@database
@pytest.mark.usefixtures("_town")
def test_terms_are_assigned_only_to_days_that_have_none() -> None:
    with pytest.raises(Conflict):
        assign("P5", WORKS, MAY, JUNE)
    with pytest.raises(InvalidInput):
        assign("P1", WORKS, MAY, MAY)
    assign("P5", WORKS, date(2024, 1, 1), START)
    assert len(pieces()) == 2


@database
@pytest.mark.usefixtures("_town")
def test_the_database_itself_refuses_pieces_that_overlap_and_takes_those_that_touch() -> None:
    point = UsagePoint.objects.get(code="P1")

    def insert(pk: int, from_on: date, to_on: date) -> None:
        with transaction.atomic():
            PriceAssignment.objects.create(
                id=pk, usage_point=point, valid_from=from_on, valid_to=to_on, price_code=HOME
            )

    insert(901, START, MAY)
    insert(902, MAY, JUNE)
    for days in ((date(2026, 4, 30), MAY), (START, JUNE), (date(2024, 1, 1), date(2025, 1, 2)), (MAY, FAR_FUTURE)):
        with pytest.raises(IntegrityError):
            insert(903, *days)
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceAssignment.objects.filter(pk=901).update(valid_to=date(2026, 5, 2))
    assert len(pieces("P1")) == 2


@database
@pytest.mark.usefixtures("_town")
def test_a_suspension_rests_for_its_days_and_ends_by_itself() -> None:
    suspend(63_000, MAY, JUNE)
    assert pieces() == [(START, MAY, 100_000), (MAY, JUNE, 37_000), (JUNE, FAR_FUTURE, 100_000)]


@database
@pytest.mark.usefixtures("_town")
def test_a_suspension_may_be_ended_early_and_leaves_no_trace_behind_the_day() -> None:
    suspend(63_000, MAY, JUNE)
    back = date(2026, 5, 20)
    resume(back)
    assert pieces() == [(START, MAY, 100_000), (MAY, back, 37_000), (back, FAR_FUTURE, 100_000)]
    with pytest.raises(Conflict):
        resume(back)


@database
@pytest.mark.usefixtures("_town")
def test_a_suspension_of_fourteen_days_is_refused_with_the_rule_and_one_of_fifteen_is_not() -> None:
    with pytest.raises(SuspensionTooShort, match=r"at least 15 days \(national/two_part/2023-06-01\.toml\).* 14"):
        suspend(63_000, MAY, date(2026, 5, 15))
    assert pieces() == [(START, FAR_FUTURE, 100_000)]
    suspend(63_000, MAY, date(2026, 5, 16))
    assert len(pieces()) == 3


@database
@pytest.mark.usefixtures("_town")
@pytest.mark.parametrize(
    ("ended_on", "expected"),
    [
        # Fourteen days: the basic charge of the whole time is charged.
        (date(2026, 5, 15), [(START, MAY, 100_000), (MAY, FAR_FUTURE, 100_000)]),
        (date(2026, 5, 16), [(START, MAY, 100_000), (MAY, date(2026, 5, 16), 37_000), (date(2026, 5, 16), FAR_FUTURE, 100_000)]),
    ],
)  # fmt: skip
def test_a_suspension_ended_before_its_fifteenth_day_is_over_counts_for_nothing(
    ended_on: date, expected: list[tuple[date, date, int]]
) -> None:
    suspend(63_000, MAY, JUNE)
    resume(ended_on)
    assert pieces() == expected


@database
@pytest.mark.usefixtures("_town")
@pytest.mark.parametrize(
    ("ckva", "from_on", "to_on", "refusal"),
    [
        (100_001, MAY, JUNE, Conflict),  # more than runs
        (0, MAY, JUNE, InvalidInput),
        (10, MAY, MAY, InvalidInput),
        (10, MAY, date(2026, 7, 2), Conflict),  # the terms change on 1 July
    ],
)
def test_a_suspension_that_does_not_fit_is_refused(
    ckva: int, from_on: date, to_on: date, refusal: type[Exception]
) -> None:
    change("P5", date(2026, 7, 1), pf_standard=85)
    before = pieces()
    with pytest.raises(refusal):
        suspend(ckva, from_on, to_on)
    assert pieces() == before


@database
@pytest.mark.usefixtures("_town")
def test_terms_come_out_clipped_to_the_period_in_order() -> None:
    change("P5", date(2026, 5, 16), running_capacity_ckva=63_000, household_shift_ckwh=10_000)
    assign("P1", ContractTerms(HOME), to_on=date(2026, 5, 11))
    with ColumnStore() as store:
        table = frames.terms_for_period(store, accounts=AccountSet(unit_path="BS/"), from_on=MAY, to_on=JUNE)
        west = frames.terms_for_period(store, accounts=AccountSet(unit_path="BS/BS-W/"), from_on=MAY, to_on=JUNE)
        june = frames.terms_for_period(store, accounts=AccountSet(unit_path="BS/BS-W/"), from_on=JUNE, to_on=FAR_FUTURE)
    assert table.schema == frames.TERMS
    code = dict(UsagePoint.objects.values_list("pk", "code"))
    shown = [
        (code[row["usage_point_id"]], row["valid_from"].day, row["valid_to"].day, row["running_capacity_ckva"])
        for row in table.to_pylist()
    ]
    assert shown == [("P1", 1, 11, 0), ("P5", 1, 16, 100_000), ("P5", 16, 1, 63_000)]
    last = table.to_pylist()[-1]
    assert (last["price_code"], last["basic_method"], last["pf_standard"], last["tier_shift_ckwh"]) == (
        HOME,
        1,
        90,
        10_000,
    )
    assert (west.num_rows, june.num_rows) == (1, 0)


@database
@pytest.mark.usefixtures("_town")
def test_terms_follow_each_points_own_period() -> None:
    assign("P1", ContractTerms(HOME))
    assign("P2", ContractTerms(HOME), to_on=MAY)
    ids = dict(UsagePoint.objects.values_list("code", "pk"))
    periods = [("P1", date(2026, 4, 25), date(2026, 5, 25)), ("P2", MAY, JUNE), ("P5", MAY, JUNE)]
    points = pa.table(
        {
            "usage_point_id": [ids[code] for code, _, _ in periods],
            "period_from": [start for _, start, _ in periods],
            "period_to": [end for _, _, end in periods],
        }
    )
    with ColumnStore() as store:
        table = frames.terms_for_points(store, accounts=AccountSet(unit_path="BS/"), points=points)
        nothing = frames.terms_for_points(store, accounts=AccountSet(unit_path="BS/"), points=points.slice(0, 0))
    shown = [(row["usage_point_id"], row["valid_from"], row["valid_to"]) for row in table.to_pylist()]
    assert shown == [(ids["P1"], *periods[0][1:]), (ids["P5"], MAY, JUNE)]
    assert nothing.schema == frames.TERMS


def test_interlocked_transformers_count_by_the_largest_sum_that_can_run() -> None:
    def unit(kva: int, branch: str = "", *, sealed: bool = False) -> InstalledTransformer:
        return InstalledTransformer(kva * 100, sealed, "A" if branch else "", branch)

    # 630 + 630 against 1000, interlocked; 315 runs besides
    units = [unit(630, "1"), unit(630, "1"), unit(1_000, "2"), unit(315)]
    assert actions.running_capacity(units) == (1_260 + 315) * 100
    # one of the pair is sealed: now the single one is larger
    assert actions.running_capacity([unit(630, "1", sealed=True), *units[1:]]) == (1_000 + 315) * 100
    assert actions.running_capacity([]) == 0


@given(st.lists(st.tuples(st.integers(1, 10**6), st.booleans(), st.sampled_from("ABC"), st.sampled_from("12"))))
def test_interlocking_never_adds_capacity_and_never_takes_the_largest_branch_away(
    drawn: list[tuple[int, bool, str, str]],
) -> None:
    locked = [InstalledTransformer(*unit) for unit in drawn]
    free = [replace(unit, interlock="", branch="") for unit in locked]
    running = [unit.capacity_ckva for unit in locked if not unit.is_suspended]
    assert max(running, default=0) <= actions.running_capacity(locked) <= actions.running_capacity(free) == sum(running)


@pytest.mark.parametrize("wrong", [{"running_capacity_ckva": -1}, {"basic_method": 4}, {"loss_method": 3}])
def test_terms_that_cannot_be_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(InvalidInput):
        ContractTerms(HOME, **wrong)
