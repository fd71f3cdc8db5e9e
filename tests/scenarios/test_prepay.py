"""Prepay: the balance of a day from its readings, exact to the fen; the warning, the overdraft, the cut and the top-up; the
estimate and the bill."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world
from tests.kits import prepay_world as prepay
from typer.testing import CliRunner

from wandeng.domains.collections.actions import disconnection
from wandeng.domains.collections.models import (
    PrepayAgreement,
    PrepayDay,
    PrepayEstimate,
    PrepayTrueUp,
    ReconnectionOrder,
)
from wandeng.domains.collections.queries import faults
from wandeng.domains.collections.queries import prepay as queries
from wandeng.domains.metering import frames as metering
from wandeng.domains.metering.models import MeterInstallation
from wandeng.domains.notices.models import Notice
from wandeng.domains.organization.models import Unit
from wandeng.flows import disconnection as cutting
from wandeng.flows import prepay as flow
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.main import app
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
NOV1, DEC1 = date(2026, 11, 1), date(2026, 12, 1)
EVERYWHERE = Scope.everywhere()


def nov(day: int) -> date:
    return date(2026, 11, day)


def steady(kwh_a_day: int, days: int = 30) -> dict[date, int]:
    return {NOV1 + timedelta(days=passed): 1_000 + kwh_a_day * passed for passed in range(days + 1)}


@pytest.fixture(autouse=True)
def county() -> None:
    world.found()


def test_a_balance_is_the_ledger_less_what_is_used_priced_by_the_tiers_of_the_month() -> None:
    prepay.customer("1", steady(30), paid_fen=20_000)
    prepay.runs(nov(2), nov(9))
    # 1 to 6 days: 30 kWh × 0.588 = 17.64 a day. Day 7: 210 kWh = 200 × 0.588 + 10 × 0.638 = 117.60 + 6.38 = 123.98.
    # Day 8: 240 kWh = 117.60 + 40 × 0.638 = 143.12.
    assert prepay.balances("1") == [20_000 - fen for fen in (17_64, 35_28, 52_92, 70_56, 88_20, 105_84, 123_98, 143_12)]
    last = prepay.day_of("1", nov(9))
    assert (last.energy_ckwh, last.estimate_fen, last.day_fen) == (240_00, 143_12, 19_14)
    assert (last.day_ckwh, last.since_on) == (30_00, nov(8))
    # The week's mean: (143.12 − 17.64) / 7 = 17.9257…; three days of it are above the least of 20 yuan.
    assert (last.mean_fen, last.warn_fen) == (17_93, 53_79)


def test_the_charges_of_the_days_add_up_to_what_was_estimated_last() -> None:
    prepay.customer("1", steady(17), paid_fen=20_000)
    prepay.runs(nov(2), nov(15))
    days = PrepayDay.objects.filter(account__account_number="1")
    assert sum(days.values_list("day_fen", flat=True)) == prepay.day_of("1", nov(15)).estimate_fen


def test_a_day_run_again_changes_nothing_and_tells_nobody_twice() -> None:
    prepay.customer("1", steady(30), paid_fen=3_000)
    first = prepay.run(nov(2))
    rows, told = list(PrepayDay.objects.values()), Notice.objects.count()
    prepay.pay("1", 50_000, on=nov(2))
    again = prepay.run(nov(2), at=prepay.noon(nov(2)))
    assert (first.computed, first.warned) == (1, 1)
    assert (again.computed, again.repeated, again.warned) == (0, 1, 0)
    assert list(PrepayDay.objects.values()) == rows
    assert Notice.objects.exclude(version__template__code="payment_received").count() == told


def test_a_missing_reading_is_a_gap_with_its_reason_and_is_filled_in_when_it_comes() -> None:
    readings = steady(30)
    late = readings.pop(nov(4))
    made = prepay.customer("1", readings, paid_fen=20_000)
    prepay.runs(nov(2), nov(4))
    gap = prepay.day_of("1", nov(4))
    assert (gap.gap, gap.gap_on, gap.balance_fen, gap.estimate_fen) == ("MISSING_READING", nov(4), None, None)
    assert PrepayAgreement.objects.get().gap == "MISSING_READING"
    world.add_readings(made.installation_id, {nov(4): late})
    done = prepay.run(nov(4), at=prepay.noon(nov(4)))
    assert (done.computed, done.gaps) == (1, 0)
    assert prepay.day_of("1", nov(4)).balance_fen == 20_000 - 52_92


def test_a_gap_is_passed_over_by_the_next_day_and_stays_a_gap_then() -> None:
    readings = steady(30)
    late = readings.pop(nov(3))
    made = prepay.customer("1", readings, paid_fen=20_000)
    prepay.runs(nov(2), nov(4))
    over = prepay.day_of("1", nov(4))
    assert (over.since_on, over.day_fen, over.balance_fen) == (nov(2), 52_92 - 17_64, 20_000 - 52_92)
    world.add_readings(made.installation_id, {nov(3): late})
    assert prepay.run(nov(3)).repeated == 1
    assert prepay.day_of("1", nov(3)).gap == "MISSING_READING"


def test_the_estimate_at_the_billed_reading_is_the_bill_to_the_fen_by_tiers_and_periods() -> None:
    total = steady(13)
    valley = {day: 300 + (kwh - 1_000) * 4 // 10 for day, kwh in total.items()}
    prepay.customer("1", total, paid_fen=30_000)
    prepay.customer("2", total, paid_fen=30_000, code=world.RESIDENTIAL_TOU, registers={"valley": valley})
    prepay.customer("3", total, paid_fen=90_000, code=world.COMMERCIAL)
    prepay.runs(nov(30), DEC1)
    estimates = dict(
        PrepayEstimate.objects.filter(day=DEC1, month_index=Month(2026, 11).index).values_list(
            "account__account_number", "amount_fen"
        )
    )
    steps.bill_month(Month(2026, 11))
    prepay.run(date(2026, 12, 2))  # no reading of that day: gaps, and the true-ups all the same
    true_ups = {row.account.account_number: row for row in PrepayTrueUp.objects.select_related("account")}
    assert {number: row.bill_fen for number, row in true_ups.items()} == estimates
    assert {row.reason for row in true_ups.values()} == {"SAME"}
    # 390 kWh: 200 × 0.588 + 150 × 0.638 + 40 × 0.888 = 117.60 + 95.70 + 35.52 = 248.82
    assert estimates["1"] == 248_82


def test_a_bill_ends_its_estimate_and_the_balance_is_not_charged_twice() -> None:
    prepay.customer("1", steady(13) | {date(2026, 12, 2): 1_400}, paid_fen=30_000)
    prepay.runs(DEC1, DEC1)
    assert prepay.day_of("1", DEC1).balance_fen == 30_000 - 248_82
    steps.bill_month(Month(2026, 11))
    now = queries.balance_now(EVERYWHERE, "1", at=prepay.noon(DEC1))
    assert (now.estimate_fen, now.balance_fen) == (0, 30_000 - 248_82)
    prepay.run(date(2026, 12, 2))
    # One day of December: 10 kWh × 0.588 = 5.88.
    after = prepay.day_of("1", date(2026, 12, 2))
    assert (after.estimate_fen, after.day_fen, after.balance_fen) == (5_88, 5_88, 30_000 - 248_82 - 5_88)


def test_a_true_up_says_why_a_bill_differs_from_the_last_estimate() -> None:
    prepay.customer("later", steady(13), paid_fen=30_000)
    made = prepay.customer("moved", steady(13), paid_fen=30_000)
    prepay.runs(nov(29), nov(30))
    world.correct_reading(made.installation_id, DEC1, 1_400)
    steps.bill_month(Month(2026, 11))
    prepay.run(date(2026, 12, 2))
    later = PrepayTrueUp.objects.get(account__account_number="later")
    # The last estimate went to the 30th: 377 kWh; the bill has 390. 13 kWh × 0.888 = 11.54.
    assert (later.reason, later.difference_fen) == ("LATER_USE", 11_54)


def test_who_runs_low_is_warned_once_told_of_the_overdraft_and_proposed_when_grace_is_over() -> None:
    prepay.customer("1", steady(30), paid_fen=60_00)
    prepay.runs(nov(2), nov(3))
    # 60.00 − 17.64 = 42.36 < three mean days (52.92): warned on the first day.
    assert prepay.episode("1").state == "WARNED"
    prepay.runs(nov(4), nov(5))
    # 60.00 − 70.56 = −10.56, below −10: overdrawn; the notice arrives in the morning.
    assert (prepay.episode("1").state, prepay.episode("1").overdrawn_on) == ("OVERDRAWN", nov(5))
    assert prepay.order("1") is None
    prepay.runs(nov(6), nov(6))
    assert prepay.order("1") is None  # told at 8:30 on the 5th; at 5:30 on the 6th the day is not over
    prepay.runs(nov(7), nov(7))
    order = prepay.order("1")
    assert order is not None
    # Seven days: 60.00 − 105.84 = −45.84 lacks 45.84 to 0.
    assert (order.basis, order.state, order.demanded_fen) == ("PREPAY", "PROPOSED", 45_84)
    codes = list(Notice.objects.values_list("version__template__code", flat=True))
    assert (codes.count("prepay_low_balance"), codes.count("prepay_overdrawn")) == (1, 1)


def overdrawn(number: str = "1") -> str:
    """An account proposed on Saturday 7 November, and read until the 11th."""
    prepay.customer(number, steady(30), paid_fen=60_00)
    prepay.runs(nov(2), nov(10))
    found = prepay.order(number)
    assert found is not None
    return found.number


def test_a_person_approves_the_list_and_each_order_is_sent_with_all_its_guards() -> None:
    order = overdrawn()
    answers = flow.approve_each(orders=[order], actor=prepay.MANAGER, at=prepay.noon(nov(10)), library=prepay.library)
    assert [(one.number, one.is_done) for one in answers] == [(order, True)]
    assert prepay.order("1").state == "DISPATCHED"


def test_nobody_is_cut_at_night_on_a_day_off_or_by_an_old_balance() -> None:
    order = overdrawn()
    at = {
        "night": (prepay.night(nov(10)), ["OUTSIDE_HOURS"]),
        "old": (prepay.noon(nov(12)), ["BALANCE_OLD"]),
        "sunday": (prepay.noon(nov(15)), ["BALANCE_OLD", "MORATORIUM_DAY"]),
    }
    disconnection.approve(order=order, actor=prepay.MANAGER, at=prepay.noon(nov(10)), library=prepay.library)
    for moment, reasons in at.values():
        answer = disconnection.dispatch(order=order, actor=prepay.MANAGER, at=moment, library=prepay.library)
        assert not answer.is_sent
        assert ", ".join(reasons) in answer.sentence
    assert prepay.order("1").state == "APPROVED"


def test_a_top_up_withdraws_the_order_in_its_own_transaction() -> None:
    overdrawn()
    # On the 10th the account has used 270 kWh: 117.60 + 70 × 0.638 = 162.26; it lacks 102.26 to nothing.
    prepay.pay("1", 92_25, on=nov(10))
    assert prepay.order("1").state == "PROPOSED"  # −10.01 is still overdrawn
    prepay.pay("1", 1, on=nov(10))
    assert (prepay.order("1").state, prepay.episode("1").state) == ("WITHDRAWN", "WARNED")
    prepay.pay("1", 200_00, on=nov(10))
    assert (prepay.episode("1").state, prepay.episode("1").closed_as) == ("CLOSED", "TOPPED_UP")


def test_who_is_cut_and_tops_up_to_the_restore_threshold_is_ordered_back_at_once() -> None:
    order = overdrawn()
    flow.approve_each(orders=[order], actor=prepay.MANAGER, at=prepay.noon(nov(10)), library=prepay.library)
    cut_at = prepay.noon(nov(10)) + timedelta(minutes=5)
    disconnection.confirm_cut(
        order=order, cut_at=cut_at, actor=prepay.Actor("d", prepay.PersonId(13), "c01/", frozenset({"DISPATCHER"})),
        at=cut_at,
    )  # fmt: skip
    assert queries.prepay_of(EVERYWHERE, "1", at=cut_at).standing == "CUT"
    prepay.pay("1", 102_25, on=nov(10), at=cut_at + timedelta(minutes=1))
    assert not ReconnectionOrder.objects.exists()  # −0.01
    prepay.pay("1", 1, on=nov(10), at=cut_at + timedelta(minutes=2))
    back = ReconnectionOrder.objects.get()
    assert (back.state, back.cause, back.disconnection.number) == ("ORDERED", "PAYMENT", order)


def test_a_batch_of_payments_does_the_same() -> None:
    order = overdrawn()
    flow.approve_each(orders=[order], actor=prepay.MANAGER, at=prepay.noon(nov(10)), library=prepay.library)
    account = prepay.order("1").account_id
    prepay.pay_batch([(account, 300_00)], at=prepay.noon(nov(10)) + timedelta(minutes=1))
    assert prepay.order("1").state == "RECALLED"
    assert ReconnectionOrder.objects.get().state == "ORDERED"
    assert prepay.episode("1").closed_as == "TOPPED_UP"


def test_the_sweep_leaves_a_prepay_order_alone_whose_balance_is_still_low() -> None:
    overdrawn()
    assert cutting.sweep(at=prepay.noon(nov(10)), library=prepay.library) == 0
    assert prepay.order("1").state == "PROPOSED"


def test_protected_customers_are_warned_and_never_told_of_a_cut() -> None:
    from wandeng.domains.collections.models import ProtectedCustomer

    made = prepay.customer("1", steady(30), paid_fen=60_00)
    ProtectedCustomer.objects.create(
        id=1, account_id=made.account_id, kind="LIFE_SUPPORT", evidence="1", valid_from=NOV1, valid_to=DEC1,
        state="APPROVED", proposed_by="a", proposed_at=prepay.night(NOV1), decided_by="b", decided_at=prepay.night(NOV1),
    )  # fmt: skip
    prepay.runs(nov(2), nov(12))
    assert (prepay.episode("1").state, prepay.order("1")) == ("WARNED", None)
    assert not Notice.objects.filter(version__template__code="prepay_overdrawn").exists()


def test_a_warning_that_reached_nobody_keeps_the_account_from_being_cut() -> None:
    prepay.customer("1", steady(30), paid_fen=60_00)
    for day in range(2, 12):
        prepay.run(nov(day))
    assert (prepay.episode("1").state, prepay.order("1")) == ("OVERDRAWN", None)


def test_a_meter_read_by_curves_is_computed_by_the_quarter_hours_up_to_the_day(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    made = prepay.customer("1", {}, paid_fen=100_00)
    MeterInstallation.objects.filter(pk=made.installation_id).update(source="INTERVAL")
    rows = [(made.installation_id, nov(day), point, 250) for day in range(1, 4) for point in range(96)]
    curve = pl.DataFrame(rows, ["installation_id", "day", "point", "active_wh"], orient="row").to_arrow()
    with ColumnStore() as store:
        unit = Unit.objects.get(code=world.UNIT).pk
        metering.append_intervals(store, curve, unit_id=unit, month=Month(2026, 11), at=world.NOW)
    prepay.runs(nov(2), nov(5))
    # 96 × 0.25 kWh = 24 kWh a day: 14.11 (24 × 0.588 = 14.112), 28.22, 42.34; the 4th was not read yet on the 5th.
    assert prepay.balances("1") == [100_00 - 14_11, 100_00 - 28_22, 100_00 - 42_34, None]
    assert prepay.day_of("1", nov(5)).gap == "MISSING_READING"


def test_the_checks_find_a_day_whose_parts_do_not_add_up() -> None:
    prepay.customer("1", steady(30), paid_fen=200_00)
    prepay.runs(nov(2), nov(4))
    assert faults.faults() == []
    PrepayEstimate.objects.filter(day=nov(3)).update(amount_fen=1)
    PrepayDay.objects.filter(day=nov(4)).delete()
    assert [fault.code for fault in faults.faults()] == ["PREPAY_ESTIMATES_DIFFER", "PREPAY_ESTIMATE_ADRIFT"]


def test_an_estimate_explains_itself_line_by_line() -> None:
    prepay.customer("1", steady(30), paid_fen=200_00)
    found = flow.explain(EVERYWHERE, account_number="1", day=nov(9), library=prepay.library)
    lines = [(line.tier, line.quantity, line.amount_fen) for month in found.months for line in month.lines]
    # 240 kWh: 200 × 0.588 and 40 × 0.638.
    assert (found.estimate_fen, lines) == (143_12, [(1, 200_00, 117_60), (2, 40_00, 25_52)])


def test_a_day_can_be_run_and_shown_from_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "now", lambda: prepay.noon(nov(9)))
    prepay.customer("1", steady(30), paid_fen=60_00)
    told = json.loads(run("prepay", "day", "-u", world.UNIT, "--json"))
    assert (told["computed"], told["warned"]) == (1, 1)
    shown = json.loads(run("prepay", "show", "1", "--lines", "--json"))
    assert (shown["prepay"]["balance"]["balance_fen"], shown["estimate"]["estimate_fen"]) == (60_00 - 143_12, 143_12)
    assert json.loads(run("prepay", "list", "--json"))[0]["standing"] == "WARNED"
    assert json.loads(run("prepay", "share", "--json"))[0]["share_e4"] == 10_000
    run("prepay", "end", "1", "-r", "客户申请")
    assert json.loads(run("prepay", "list", "--all", "--json"))[0]["standing"] == "ENDED"
    assert json.loads(run("prepay", "trueup", "--json")) == json.loads(run("prepay", "proposals", "--json")) == []


def run(*words: str) -> str:
    answer = CliRunner().invoke(app, words)
    assert answer.exception is None, answer.exception
    return answer.stdout


def test_the_share_counts_accounts_by_unit() -> None:
    prepay.customer("1", steady(30), paid_fen=60_00)
    world.add_account("2", total={})
    whole = queries.share(EVERYWHERE)[0]
    assert (whole.accounts, whole.prepay, whole.share_e4) == (2, 1, 5_000)


def test_an_ended_agreement_is_not_computed_any_more_and_its_order_is_withdrawn() -> None:
    from wandeng.domains.collections.actions import prepay as agreements

    order = overdrawn()
    agreements.end(account_number="1", reason="客户申请", actor=prepay.CLERK, at=prepay.noon(nov(10)))
    assert prepay.order("1").state == "WITHDRAWN", order
    assert prepay.run(nov(11)).computed == 0
