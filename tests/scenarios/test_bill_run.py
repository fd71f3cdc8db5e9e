from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.calc.rating.frames import Kind
from wandeng.domains.billing import frozen, queries
from wandeng.domains.billing.actions import exceptions, runs
from wandeng.domains.billing.models import Bill, BillException, BillLine, BillRun, BillShard
from wandeng.domains.ledger import checks as ledger_checks
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.metering.models import MeterInstallation
from wandeng.domains.network.models import PowerTransformer, UsagePoint
from wandeng.domains.organization.models import Unit
from wandeng.flows import bill_pool, bill_run
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import Event, RuleText, StateChange
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict, NotAllowed
from wandeng.kernel.ids import AccountId, RunId, UnitId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)

AUGUST, SEPTEMBER = Month(2026, 8), Month(2026, 9)
AUG1, SEP1, OCT1 = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def county(settings, tmp_path):
    settings.HOME = tmp_path
    world.found()


def amounts() -> dict[str, int]:
    return dict(Bill.objects.filter(kind="ORDINARY").values_list("account__account_number", "amount_fen"))


def codes(run_id: int) -> dict[str, str]:
    return {one.account_number: one.code for one in queries.exceptions(Scope.everywhere(), RunId(run_id))}


def test_clean_accounts_are_billed_and_the_others_are_parked_with_their_reason() -> None:
    world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    world.add_account("2", total={SEP1: 1000})
    world.add_account("3", total={SEP1: 1000, OCT1: 1100}, multiplier=None)
    world.add_account("4", code="demo.no_such_code", total={SEP1: 1000, OCT1: 1100})
    world.add_account("5", total={SEP1: 0, OCT1: 2000}, capacity_kva=1)
    view = steps.bill_month(SEPTEMBER)
    # 200 × 0.588 = 117.60 and 50 × 0.638 = 31.90 (September is read in October: tiers 200 and 350).
    assert amounts() == {"1": 14950}
    assert codes(view.run_id) == {
        "2": "MISSING_READING", "3": "MULTIPLIER_MISSING", "4": "NO_TERMS", "5": "OVER_CAPACITY",
    }  # fmt: skip
    assert (view.state, view.totals.accounts, view.totals.bills, view.totals.parked) == ("PUBLISHED", 5, 1, 4)


def test_what_is_posted_is_what_is_billed_and_the_books_balance() -> None:
    first = world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    world.add_account("2", code=world.COMMERCIAL, total={SEP1: 0, OCT1: 1000})
    steps.bill_month(SEPTEMBER)
    assert ledger.receivable_fen(account=AccountId(first.account_id)) == 14950
    balance = ledger.trial_balance(unit=UnitId(Unit.objects.get().pk), month="2026-09")
    assert balance["RECEIVABLE"] == sum(amounts().values())
    assert balance["REVENUE:catalogue_energy"] == -14950
    assert sum(balance.values()) == 0
    with ColumnStore() as store:
        assert ledger_checks.all_faults(store) == []


def test_a_published_run_is_news_and_its_rules_are_kept_word_for_word() -> None:
    world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    view = steps.bill_month(SEPTEMBER)
    news = Event.objects.get(name="billing.bill_run_published")
    assert json.loads(news.body) == {
        "run_id": view.run_id, "unit_path": "c01/", "month": "2026-09", "bills": 1, "amount_fen": 14950,
    }  # fmt: skip
    assert "0.588" in RuleText.objects.get(path="demo/residential/2025-01-01.toml").text


def test_the_due_day_follows_the_rule() -> None:
    world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    steps.bill_month(SEPTEMBER)
    assert Bill.objects.get().due_on == date(2026, 10, 26)  # 25 days after the period's end


def test_a_held_zero_is_billed_in_the_same_run_once_a_person_has_accepted_it() -> None:
    world.add_account("1", total={AUG1: 0, SEP1: 100, OCT1: 100})
    world.add_account("2", total={AUG1: 0, SEP1: 100, OCT1: 210})
    steps.bill_month(AUGUST)
    view = steps.run_to_check(SEPTEMBER)
    assert codes(view.run_id) == {"1": "ZERO"}
    run_id = RunId(view.run_id)
    runs.approve(run=run_id, actor=world.CHECKER, at=world.NOW)
    exceptions.accept(run=run_id, code="ZERO", reason="空房", actor=world.MAKER, at=world.NOW)
    assert exceptions.retake(run=run_id, actor=world.MAKER, at=world.NOW) == 1
    again = bill_run.advance(run_id, actor=world.MAKER, at=world.NOW, shop=steps.shop())
    assert (again.state, again.approved_by) == ("CHECKED", "")
    assert Bill.objects.get(month_index=SEPTEMBER.index, account__account_number="1").amount_fen == 0
    assert steps.finish(again).totals.bills == 2
    history = StateChange.objects.filter(subject_type="billing.BillException").values_list("move", "actor", "reason")
    assert list(history) == [("accept", "clerk", "空房")]


def test_the_credit_of_a_dead_reactive_register_is_given_only_once_a_person_has_accepted_it() -> None:
    edges = {"total": {SEP1: 0, OCT1: 1000}, "registers": {"reactive": {SEP1: 70, OCT1: 70}}}
    world.add_account("1", code=world.COMMERCIAL, terms={"pf_standard": 90}, **edges)
    world.add_account("2", code=world.COMMERCIAL, **edges)
    run_id = RunId(steps.run_to_check(SEPTEMBER).run_id)
    assert codes(run_id) == {"1": "NO_REACTIVE"}
    exceptions.accept(run=run_id, code="NO_REACTIVE", reason="电容过补", actor=world.MAKER, at=world.NOW)
    assert exceptions.retake(run=run_id, actor=world.MAKER, at=world.NOW) == 1
    bill_run.advance(run_id, actor=world.MAKER, at=world.NOW, shop=steps.shop())
    credit = BillLine.objects.get(charge__kind=Kind.POWER_FACTOR)
    assert credit.charge.price_e8 == -750_000  # cos φ = 1.00 against 0.90: −0.75 %
    assert amounts()["1"] - amounts()["2"] == credit.amount_fen < 0


def test_a_mended_account_is_taken_up_again_and_an_unmended_one_is_parked_again() -> None:
    mended = world.add_account("1", total={SEP1: 0})
    world.add_account("2", total={SEP1: 0})
    view = steps.run_to_check(SEPTEMBER)
    run_id = RunId(view.run_id)
    world.add_readings(mended.installation_id, {OCT1: 100})
    exceptions.accept(run=run_id, code="MISSING_READING", reason="补抄", actor=world.MAKER, at=world.NOW)
    assert exceptions.retake(run=run_id, actor=world.MAKER, at=world.NOW) == 2
    again = bill_run.advance(run_id, actor=world.MAKER, at=world.NOW, shop=steps.shop())
    assert amounts() == {"1": 5880}  # 100 × 0.588
    assert again.totals.codes == {"MISSING_READING": 1}
    assert exceptions.retake(run=run_id, actor=world.MAKER, at=world.NOW) == 0
    assert BillException.objects.filter(run=run_id, account__account_number="2").count() == 2


def test_after_posting_the_next_run_of_the_month_takes_what_was_left() -> None:
    late = world.add_account("1", total={SEP1: 0})
    world.add_account("2", total={SEP1: 0, OCT1: 10})
    steps.bill_month(SEPTEMBER)
    world.add_readings(late.installation_id, {OCT1: 100})
    second = steps.bill_month(SEPTEMBER)
    assert (second.sequence, second.totals.bills) == (2, 1)
    assert amounts() == {"1": 5880, "2": 588}


def test_who_made_a_run_cannot_approve_it_and_the_database_says_the_same() -> None:
    world.add_account("1", total={SEP1: 0, OCT1: 10})
    view = steps.run_to_check(SEPTEMBER)
    both = replace(world.MAKER, roles=frozenset({"BILLING_CLERK", "BILLING_REVIEWER"}))
    with pytest.raises(runs.SamePerson):
        runs.approve(run=RunId(view.run_id), actor=both, at=world.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        BillRun.objects.filter(pk=view.run_id).update(approved_by="clerk")
    with pytest.raises(NotAllowed):
        runs.approve(run=RunId(view.run_id), actor=replace(world.MAKER, code="other"), at=world.NOW)


def test_an_unapproved_run_is_not_posted() -> None:
    world.add_account("1", total={SEP1: 0, OCT1: 10})
    view = steps.run_to_check(SEPTEMBER)
    with pytest.raises(Conflict, match="only an approved run"):
        bill_run.post(RunId(view.run_id), actor=world.MAKER, at=world.NOW)
    assert BillShard.objects.get().stage == "PRICED"


def test_a_run_in_which_too_many_bills_moved_halts_until_a_reviewer_says_why_it_may_go_on() -> None:
    for number in range(1, 10):
        world.add_account(str(number), total={AUG1: 0, SEP1: 200, OCT1: 400})
    world.add_account("10", total={AUG1: 0, SEP1: 200, OCT1: 2200})
    steps.bill_month(AUGUST)
    view = steps.run_to_check(SEPTEMBER)
    # 2000 kWh after 200: ten times and 1800 kWh more; one account of ten is 10 %, the limit 0.5 %.
    assert (view.state, codes(view.run_id)) == ("HALTED", {"10": "JUMP"})
    assert [(one.code, one.found, one.limit) for one in view.gate] == [("MOVED_SHARE", "1 of 10 (10.00 %)", "0.50 %")]
    with pytest.raises(NotAllowed):
        runs.override(run=RunId(view.run_id), reason="ok", actor=world.MAKER, at=world.NOW)
    with pytest.raises(NotAllowed):
        runs.override(run=RunId(view.run_id), reason=" ", actor=world.CHECKER, at=world.NOW)
    assert steps.finish(view).totals.bills == 9


def test_energy_billed_behind_a_master_meter_is_held_against_it() -> None:
    world.add_account("1", total={SEP1: 0, OCT1: 800})
    master = world.add_account("M", total={SEP1: 0, OCT1: 1000})
    UsagePoint.objects.filter(pk=master.usage_point_id).update(kind="SUPPLY")
    view = steps.run_to_check(SEPTEMBER)
    # 1000 kWh went in, 800 were billed: 20 % lost, the limit is 10 %. The master itself is never billed.
    assert (view.state, view.totals.bills) == ("HALTED", 1)
    assert [(one.code, one.found) for one in view.gate] == [("SUPPLY_LOSS", "20.00 %")]


def test_an_area_with_a_parked_account_is_told_and_not_judged() -> None:
    world.add_account("1", total={SEP1: 0, OCT1: 100})
    world.add_account("2", total={SEP1: 0})
    master = world.add_account("M", total={SEP1: 0, OCT1: 1000})
    UsagePoint.objects.filter(pk=master.usage_point_id).update(kind="SUPPLY")
    view = steps.run_to_check(SEPTEMBER)
    assert (view.state, [(one.code, one.halts) for one in view.gate]) == ("CHECKED", [("SUPPLY_UNKNOWN", False)])


def test_running_again_changes_nothing() -> None:
    world.add_account("1", total={SEP1: 0, OCT1: 10})
    view = steps.run_to_check(SEPTEMBER)
    before = list(Bill.objects.values()), list(BillLine.objects.values()), list(BillShard.objects.values())
    assert steps.run_to_check(SEPTEMBER).run_id == view.run_id
    assert (list(Bill.objects.values()), list(BillLine.objects.values()), list(BillShard.objects.values())) == before


def test_a_run_can_be_priced_again_to_the_byte_and_a_changed_line_is_found() -> None:
    world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    view = steps.bill_month(SEPTEMBER)
    assert bill_run.verify(RunId(view.run_id), actor=world.MAKER) == []
    BillLine.objects.filter(charge__tier=1).update(amount_fen=11761)
    assert bill_run.verify(RunId(view.run_id), actor=world.MAKER) == [
        f"shard 1 of bill run {view.run_id}: the stored bills are not those that were priced"
    ]


def test_later_readings_do_not_reach_a_frozen_run() -> None:
    made = world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    view = steps.run_to_check(SEPTEMBER)
    world.correct_reading(made.installation_id, OCT1, 1300)
    assert bill_run.verify(RunId(view.run_id), actor=world.MAKER) == []
    assert amounts() == {"1": 14950}


def test_changed_frozen_inputs_are_refused() -> None:
    world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    view = steps.run_to_check(SEPTEMBER)
    path = next(frozen.folder(view.run_id).glob("00001-*/reads.parquet"))
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(frozen.FrozenInputsChanged):
        bill_run.verify(RunId(view.run_id), actor=world.MAKER)


def test_a_discarded_draft_leaves_no_bills_and_the_month_can_be_run_again() -> None:
    world.add_account("1", total={SEP1: 0, OCT1: 10})
    view = steps.run_to_check(SEPTEMBER)
    runs.discard(run=RunId(view.run_id), reason="电价更正", actor=world.MAKER, at=world.NOW)
    assert (Bill.objects.count(), BillLine.objects.count()) == (0, 0)
    assert steps.bill_month(SEPTEMBER).sequence == 2
    assert amounts() == {"1": 588}


def test_a_posted_run_is_neither_discarded_nor_retaken() -> None:
    world.add_account("1", total={SEP1: 0, OCT1: 10})
    world.add_account("2", total={SEP1: 0})
    view = steps.run_to_check(SEPTEMBER)
    run_id = RunId(view.run_id)
    exceptions.accept(run=run_id, account_numbers=["2"], reason="补抄", actor=world.MAKER, at=world.NOW)
    runs.approve(run=run_id, actor=world.CHECKER, at=world.NOW)
    with ColumnStore() as store:
        job = bill_run.billing.jobs(store, run_id=view.run_id, unit_path="c01/", stages=(bill_run.Stage.PRICED,))[0]
        bill_run.billing.post(store, job, unit=UnitId(view.unit_id), month="2026-09", at=world.NOW, actor=world.MAKER)
    with pytest.raises(runs.PostingBegun):
        runs.discard(run=run_id, reason="x", actor=world.MAKER, at=world.NOW)
    with pytest.raises(runs.PostingBegun):
        exceptions.retake(run=run_id, actor=world.MAKER, at=world.NOW)
    assert BillRun.objects.get().state == "APPROVED"


def test_a_dry_run_stores_nothing_and_tells_what_the_run_will_say() -> None:
    world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    world.add_account("2", total={SEP1: 1000})
    totals, _ = bill_run.dry_run(unit_code="c01", month=SEPTEMBER, actor=world.MAKER, shop=steps.shop())
    assert (BillRun.objects.count(), Bill.objects.count(), BillException.objects.count()) == (0, 0, 0)
    view = steps.run_to_check(SEPTEMBER)
    assert totals == replace(view.totals, codes=totals.codes)
    assert totals.codes == {"MISSING_READING": 1} == view.totals.codes


def test_a_run_that_would_share_accounts_with_an_open_one_is_refused() -> None:
    top = Unit.objects.get()
    Unit.objects.create(
        id=ids.reserve(Unit, 1), code="c01b", name="所", kind="OFFICE", parent=top, path="c01/c01b/", territory="demo"
    )
    steps.run_to_check(SEPTEMBER)
    with pytest.raises(runs.RunsOverlap):
        steps.run_to_check(SEPTEMBER, unit_code="c01b")


def test_a_submeter_reduces_its_parent_and_is_not_billed_itself() -> None:
    factory = world.add_account("1", code=world.COMMERCIAL, total={SEP1: 0, OCT1: 1000})
    point = UsagePoint.objects.create(
        id=ids.reserve(UsagePoint, 1), code="P1s", account_id=factory.account_id, kind="SUBMETER",
        transformer=PowerTransformer.objects.get(), deducts_from_id=factory.usage_point_id, voltage_code="AC00022",
        connected_on=world.OPENED,
    )  # fmt: skip
    hung = world.hang_meter(point, "M1s", installed_on=world.OPENED)
    world.add_readings(hung.pk, {SEP1: 0, OCT1: 100})
    steps.bill_month(SEPTEMBER)
    assert Bill.objects.get().energy_ckwh == 900_00
    assert MeterInstallation.objects.count() == 2


def test_two_processes_give_the_same_bytes_as_none() -> None:
    with ColumnStore() as store:
        world.populate(store, 1200, [SEPTEMBER])
    with bill_pool.Pool(2, worth_jobs=2) as pool:
        shop = replace(steps.shop(), pool=pool, shard_accounts=300)
        first = bill_run.run(unit_code="c01", month=SEPTEMBER, actor=world.MAKER, at=world.NOW, shop=shop)
    hashes = list(BillShard.objects.order_by("number").values_list("input_hash", "lines_hash"))
    runs.discard(run=RunId(first.run_id), reason="again", actor=world.MAKER, at=world.NOW)
    alone = replace(steps.shop(), shard_accounts=300)
    second = bill_run.run(unit_code="c01", month=SEPTEMBER, actor=world.MAKER, at=world.NOW, shop=alone)
    again = BillShard.objects.filter(run=second.run_id).order_by("number").values_list("input_hash", "lines_hash")
    assert list(again) == hashes
    assert second.totals == first.totals
    assert second.totals.bills + second.totals.parked == 1200
