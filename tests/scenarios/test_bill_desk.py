"""The bill desk: long work asked for on a page and done by a worker, and what the desk is told about it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import exceptions, runs
from wandeng.domains.billing.models import Bill, BillRun
from wandeng.domains.billing.queries import lists
from wandeng.flows import bill_desk, work
from wandeng.flows.bill_pool import Pool
from wandeng.infra import jobs
from wandeng.infra.models import Job
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, NotAllowed, NotFound
from wandeng.kernel.ids import PersonId, RunId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)

SCOPE = Scope(world.MAKER.unit_path)
ELSEWHERE = Scope("c02/")
AUGUST, SEPTEMBER = Month(2026, 8), Month(2026, 9)
AUG1, SEP1, OCT1 = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def county(settings, tmp_path) -> None:
    """Two homes read in September (250 and 300 kWh), one of them also in August (150), and one not read yet."""
    settings.HOME = tmp_path
    world.found()
    world.add_account("1", total={AUG1: 850, SEP1: 1000, OCT1: 1250})
    world.add_account("2", total={SEP1: 1000, OCT1: 1300})
    world.add_account("3", total={SEP1: 1000})


def work_off() -> int:
    """Run the jobs that wait, as a worker would; returns how many."""
    handlers, done = work.kinds(lambda: world.NOW, Pool()), 0
    while jobs.run_one(handlers, owner="test", clock=lambda: world.NOW):
        done += 1
    assert not Job.objects.exclude(state="DONE").values_list("last_error", flat=True)
    return done


def checked_run() -> RunId:
    run = bill_desk.open_run(unit_code=world.UNIT, month=SEPTEMBER, actor=world.MAKER, at=world.NOW)
    work_off()
    return run


def test_a_run_asked_for_twice_is_one_run_and_one_job() -> None:
    run = bill_desk.open_run(unit_code=world.UNIT, month=SEPTEMBER, actor=world.MAKER, at=world.NOW)
    assert bill_desk.open_run(unit_code=world.UNIT, month=SEPTEMBER, actor=world.MAKER, at=world.NOW) == run
    waiting = bill_desk.work_of(run)
    assert waiting is not None
    assert (waiting.kind, waiting.state, Job.objects.count()) == (bill_desk.CHECK, "QUEUED", 1)
    assert work_off() == 1
    told = queries.progress(SCOPE, run)
    assert (told.state, told.shards, told.priced, told.done("freeze"), told.done("post")) == ("CHECKED", 1, 1, 1, 0)
    assert bill_desk.work_of(run) is None


def test_posting_waits_for_an_approval_and_is_done_by_a_worker() -> None:
    run = checked_run()
    with pytest.raises(Conflict, match="only an approved run"):
        bill_desk.queue_posting(run=run, actor=world.MAKER, at=world.NOW)
    runs.approve(run=run, actor=world.CHECKER, at=world.NOW)
    bill_desk.queue_posting(run=run, actor=world.MAKER, at=world.NOW)
    bill_desk.queue_posting(run=run, actor=world.MAKER, at=world.NOW)
    assert work_off() == 1
    assert BillRun.objects.get(pk=run).state == "POSTED"
    assert [one.move for one in queries.history(SCOPE, run)] == ["freeze", "price", "pass", "approve", "post"]


def test_an_approval_taken_back_before_the_worker_came_posts_nothing() -> None:
    run = checked_run()
    runs.approve(run=run, actor=world.CHECKER, at=world.NOW)
    bill_desk.queue_posting(run=run, actor=world.MAKER, at=world.NOW)
    runs.discard(run=run, reason="错月", actor=world.MAKER, at=world.NOW)
    assert work_off() == 1
    assert BillRun.objects.get(pk=run).state == "DISCARDED"


def test_a_parked_account_is_mended_and_taken_up_again_by_a_worker() -> None:
    run = checked_run()
    (missing,) = queries.exception_counts(SCOPE, run)
    assert (missing.code, missing.parked, missing.ready, missing.day) == ("MISSING_READING", 1, 0, OCT1)
    with pytest.raises(Conflict, match="no account that is ready"):
        bill_desk.retake(run=run, actor=world.MAKER, at=world.NOW)
    world.add_readings(3, {OCT1: 1100})
    exceptions.accept(run=run, account_numbers=["3"], reason="补抄", actor=world.MAKER, at=world.NOW)
    assert queries.ready_to_retake(SCOPE, run) == 1
    assert bill_desk.retake(run=run, actor=world.MAKER, at=world.NOW) == 1
    assert work_off() == 1
    assert queries.run(SCOPE, run).totals.bills == 3
    (missing,) = queries.exception_counts(SCOPE, run)
    assert (missing.parked, missing.mended, missing.retaken, missing.ready) == (0, 1, 1, 0)


def test_pricing_a_run_again_is_told_byte_by_byte() -> None:
    run = checked_run()
    assert queries.verified(SCOPE, run) is None
    bill_desk.queue_verification(run=run, actor=world.CHECKER, at=world.NOW - timedelta(minutes=1))
    work_off()
    told = queries.verified(SCOPE, run)
    assert told is not None
    assert (told.identical, told.actor) == (True, "reviewer")
    Bill.objects.filter(account__account_number="1").update(amount_fen=1)
    bill_desk.queue_verification(run=run, actor=world.CHECKER, at=world.NOW)
    work_off()
    told = queries.verified(SCOPE, run)
    assert told is not None
    assert told.complaints == (f"shard 1 of bill run {run}: the stored bills are not those that were priced",)


def test_a_preview_stores_nothing_but_its_totals() -> None:
    bill_desk.queue_preview(unit_code=world.UNIT, month=SEPTEMBER, actor=world.MAKER, at=world.NOW)
    assert bill_desk.preview_work(world.UNIT, SEPTEMBER) is not None
    work_off()
    told = queries.previewed(SCOPE, world.UNIT, "c01/", SEPTEMBER)
    assert told is not None
    # 250 kWh: 200 × 0.588 + 50 × 0.638 = 149.50; 300 kWh: 117.60 + 100 × 0.638 = 181.40.
    assert (told.bills, told.parked, told.amount_fen, told.codes) == (2, 1, 149_50 + 181_40, {"MISSING_READING": 1})
    assert not BillRun.objects.exists()
    assert queries.previewed(ELSEWHERE, world.UNIT, "c01/", SEPTEMBER) is None
    stranger = Actor("hall", PersonId(9), "c01/", frozenset({"HALL_CLERK"}))
    with pytest.raises(NotAllowed):
        bill_desk.queue_preview(unit_code=world.UNIT, month=SEPTEMBER, actor=stranger, at=world.NOW)


def test_what_lies_elsewhere_is_not_told() -> None:
    run = checked_run()
    for asked in (queries.progress, queries.history, queries.exception_counts, queries.verified, queries.spread,
                  queries.code_totals, queries.ready_to_retake):  # fmt: skip
        with pytest.raises(NotFound):
            asked(ELSEWHERE, run)
    with pytest.raises(NotFound):
        queries.key(ELSEWHERE, Bill.objects.first().pk)
    for rows in (lists.run_rows, lists.exception_rows, lists.bill_rows):
        assert not rows(ELSEWHERE)
        assert rows(SCOPE)


def test_the_lists_say_what_each_row_is() -> None:
    run = checked_run()
    (row,) = lists.run_rows(SCOPE)
    assert (row["run"], row["accounts"], row["bills"], row["parked"], row["amount_fen"]) == (run, 3, 2, 1, 330_90)
    (parked,) = lists.exception_rows(SCOPE, run=run)
    assert (parked["account_number"], parked["code"], parked["run_state"]) == ("3", "MISSING_READING", "CHECKED")
    bills = lists.bill_rows(SCOPE)
    assert [(one["account_number"], one["amount_fen"], one["state"]) for one in bills] == [
        ("2", 181_40, "CHECKED"),
        ("1", 149_50, "CHECKED"),
    ]
    assert [one["account_number"] for one in lists.of_run(bills, run)] == ["1", "2"]
    assert len(lists.in_states(bills, "CHECKED")) == 2
    assert not lists.in_states(bills, "POSTED")
    assert [one["account_number"] for one in lists.of_accounts(bills, "1")] == ["1"]
    assert not lists.of_accounts(bills, "9")


def test_a_run_is_held_against_the_month_before() -> None:
    steps.bill_month(AUGUST)
    run = checked_run()
    told = queries.spread(SCOPE, run)
    # August: one bill of 150 × 0.588 = 88.20; 250 kWh against 150 is between 125 % and double.
    assert (told.bills, told.bills_before, told.compared, told.fresh, told.absent) == (2, 1, 1, 1, 0)
    assert (told.amount_fen, told.amount_before_fen) == (330_90, 88_20)
    assert [(one.from_fen, one.to_fen, one.now, one.before) for one in told.bins if one.now or one.before] == [
        (50_00, 100_00, 0, 1),
        (100_00, 200_00, 2, 0),
    ]
    assert [(one.from_e4, one.to_e4) for one in told.bands if one.accounts] == [(12_500, 20_000)]
    assert [(one.account_number, one.change_fen) for one in told.movers] == [("1", 61_30)]
    assert queries.moved_most(SCOPE, SEPTEMBER) == told.movers
    (by_code,) = queries.code_totals(SCOPE, run)
    assert (by_code.price_code, by_code.bills, by_code.amount_fen) == (world.RESIDENTIAL, 2, 330_90)


def test_the_morning_shows_who_has_to_do_what() -> None:
    steps.bill_month(AUGUST)
    run = checked_run()
    (for_maker,) = queries.runs_waiting(SCOPE, world.MAKER)
    (for_checker,) = queries.runs_waiting(SCOPE, world.CHECKER)
    assert (for_maker.run_id, for_maker.step, for_maker.mine, for_checker.mine) == (run, "approve", False, True)
    own = Actor("clerk", PersonId(1), "c01/", frozenset({"BILLING_CLERK", "BILLING_REVIEWER"}))
    assert [one.mine for one in queries.runs_waiting(SCOPE, own)] == [False]
    assert [(one.code, one.accounts, one.run_id) for one in queries.open_exceptions(SCOPE)] == [
        ("MISSING_READING", 1, run)
    ]
    assert queries.last_month_billed(SCOPE) == SEPTEMBER
    (unit,) = queries.month_totals(SCOPE, SEPTEMBER)
    assert (unit.run_id, unit.state, unit.bills, unit.amount_fen, unit.before_amount_fen) == (
        run, "CHECKED", 2, 330_90, 88_20,
    )  # fmt: skip
    assert queries.last_month_billed(ELSEWHERE) is None
