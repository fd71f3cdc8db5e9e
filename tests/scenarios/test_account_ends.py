"""Accounts that end: handed over to another customer, or closed; each with its final bill at once, settled before the end."""

from __future__ import annotations

from datetime import date

import pytest
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world
from tests.kits.supply_changes import (
    AUG1,
    NUMBER,
    OCT1,
    ON_16,
    SEP1,
    SEP16,
    SEPTEMBER,
    SHOWN,
    account_id,
    amounts,
    asked,
    final_bill,
    finish,
    founded,
    home,
    owed,
    pay,
    two_points,
)

from wandeng.domains.billing import queries as bills
from wandeng.domains.billing.actions.finals import BilledBeyond, MonthRunUnderWay
from wandeng.domains.billing.actions.runs import SamePerson
from wandeng.domains.billing.models import Bill, BillRun
from wandeng.domains.cases.actions import work
from wandeng.domains.cases.models import Case
from wandeng.domains.cases.tests import make as cases
from wandeng.domains.cases.tests.make import actor
from wandeng.domains.cases.types import Charter, EffectElsewhere, FormIncomplete, Proof
from wandeng.domains.collections import queries as collections
from wandeng.domains.customers.models import CustomerAccount, CustomerAgreement
from wandeng.domains.metering.models import Meter, MeterInstallation, ReadingRoute
from wandeng.domains.network.models import UsagePoint
from wandeng.domains.organization.models import Unit
from wandeng.domains.payments.actions import decisions
from wandeng.flows import bill_run
from wandeng.flows.connections import bounds, finishing
from wandeng.flows.connections.standing import AccountHasCredit, AccountOwes
from wandeng.flows.final_bill import FinalBillBlocked, FinalBillGoesOn
from wandeng.infra import ids
from wandeng.infra.effective.topics.supply_changes import Settlement
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

CITED = {"citation": "a utility's own", "status": "self-made"}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def charter(settings, tmp_path) -> Charter:
    return founded(settings, tmp_path)


def bill(charter: Charter, number: str, step: str, person: Actor) -> None:
    finishing.finish(number=number, step=step, actor=person, at=ON_16, charter=charter)


def transfer(charter: Charter, **read: str) -> str:
    """A transfer as far as the special reading."""
    asks = {"NEW_NAME": "赵敏", "NEW_PHONE": "13900000001", "REASON": "SALE"}
    number = asked(charter, "transfer_of_ownership", asks, "NEW_IDENTITY")
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    finish(charter, number, "READ", "METER_READER", proofs=(cases.PHOTO,), TRANSFER_ON="2026-09-16", **read)
    return number


def sign(charter: Charter, number: str) -> CustomerAccount:
    """The contract with the new customer; their account."""
    papers = (cases.SIGNATURE, Proof("DOCUMENT", document="PROPERTY"), Proof("DOCUMENT", document="OLD_CONSENT"))
    finish(charter, number, "PAY", "HALL_CLERK")
    finish(charter, number, "CONTRACT", "HALL_CLERK", proofs=papers)
    return CustomerAccount.objects.get(name="赵敏")


def closing(charter: Charter, **read: str) -> str:
    """A closing as far as the special reading."""
    number = asked(charter, "account_closing", {})
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    finish(charter, number, "READ", "METER_READER", proofs=(cases.PHOTO,), CLOSE_ON="2026-09-16", **read)
    return number


def test_a_transfer_ends_one_bill_and_begins_another_at_the_special_reading(charter: Charter) -> None:
    made = home({SEP1: 100})
    number = transfer(charter, READING="180")
    final_bill(charter, number)
    # 180 − 100 = 80 kWh in the first tier at 0.588 = 47.04: owed at once, not only with the month's run.
    assert (amounts(), owed()) == (["80.00 kWh × 0.588 = 47.04"], 47_04)
    with pytest.raises(AccountOwes, match=r"47\.04"):
        finish(charter, number, "PAY", "HALL_CLERK")
    pay(NUMBER, 47_04)
    new = sign(charter, number)

    old = CustomerAccount.objects.get(pk=made.account_id)
    assert (old.closed_on, new.opened_on, new.address) == (SEP16, SEP16, old.address)
    assert CustomerAgreement.objects.get(account=new).state == "SIGNED"
    here = MeterInstallation.objects.get(usage_point__account=new)
    assert (here.meter.asset_number, here.meter.state, here.installed_on) == ("M2000000001", "INSTALLED", SEP16)
    world.add_readings(here.pk, {OCT1: 230})
    run = steps.bill_month(SEPTEMBER)
    # The month's run bills the new customer and nobody else: 230 − 180 = 50 kWh at 0.588.
    assert (amounts(new.account_number), run.totals.amount_fen) == (["50.00 kWh × 0.588 = 29.40"], 29_40)
    final = bills.final_bill(account_id(NUMBER))
    assert final is not None
    assert (final.state, final.amount_fen, final.ends_on) == ("PUBLISHED", 47_04, SEP16)
    assert bill_run.verify(RunId(final.run_id), actor=world.CHECKER) == []


def test_the_tiers_of_a_part_month_are_those_of_the_month(charter: Charter) -> None:
    home({AUG1: 0, SEP1: 190})
    steps.bill_month(Month(2026, 8))
    pay(NUMBER, 111_72)  # 190 × 0.588
    number = transfer(charter, READING="440")
    final_bill(charter, number)
    # 250 kWh of a month that ends on the 16th: 200 × 0.588 = 117.60, 50 in the second tier × 0.638 = 31.90.
    assert amounts() == ["200.00 kWh × 0.588 = 117.60", "50.00 kWh × 0.638 = 31.90"]
    assert owed() == 149_50


def test_a_time_of_use_price_is_billed_by_the_registers_of_the_special_reading(charter: Charter) -> None:
    world.add_account(
        NUMBER, code=world.RESIDENTIAL_TOU, total={SEP1: 1000}, registers={"peak": {SEP1: 300}, "valley": {SEP1: 200}}
    )
    with pytest.raises(FormIncomplete, match="periods"):
        transfer(charter, READING="1100")
    number = Case.objects.get().number
    registers = {"TRANSFER_ON": "2026-09-16", "READING": "1100", "READING_PEAK": "340", "READING_VALLEY": "230"}
    finish(charter, number, "READ", "METER_READER", proofs=(cases.PHOTO,), **registers)
    final_bill(charter, number)
    # Of 100 kWh 40 at peak, 30 in the valley, and the other 30 as peak.
    assert sorted(amounts()) == [
        "30.00 kWh × 0.438 = 13.14", "30.00 kWh × 0.618 = 18.54", "40.00 kWh × 0.618 = 24.72",
    ]  # fmt: skip


def test_whoever_drew_a_final_bill_up_does_not_bring_it_out(charter: Charter) -> None:
    home({SEP1: 100})
    number = closing(charter, READING="150")
    both = Actor(
        "clerk", world.MAKER.person_id, world.MAKER.unit_path, frozenset({"BILLING_CLERK", "BILLING_REVIEWER"})
    )
    bill(charter, number, "FINAL_BILL", both)
    with pytest.raises(SamePerson):
        bill(charter, number, "BILL_OUT", both)
    assert (Case.objects.get().step, BillRun.objects.get().state) == ("BILL_OUT", "CHECKED")


def test_what_stops_a_final_bill_is_said_before_the_step_is_done(charter: Charter) -> None:
    made = home({SEP1: 100})
    MeterInstallation.objects.filter(pk=made.installation_id).update(multiplier=None)
    number = transfer(charter, READING="180")
    with pytest.raises(FinalBillBlocked) as refused:
        bill(charter, number, "FINAL_BILL", world.MAKER)
    assert refused.value.facts["codes"] == ["MULTIPLIER_MISSING"]
    assert (Case.objects.get().step, Bill.objects.count()) == ("FINAL_BILL", 0)
    MeterInstallation.objects.filter(pk=made.installation_id).update(multiplier=1)
    bill(charter, number, "FINAL_BILL", world.MAKER)
    assert (Case.objects.get().step, Bill.objects.get().amount_fen) == ("BILL_OUT", 47_04)


def test_a_final_bill_is_made_beside_no_run_of_its_month_and_after_none(charter: Charter) -> None:
    home({SEP1: 100})
    world.add_account("2000000002", total={SEP1: 0, OCT1: 10})
    number = transfer(charter, READING="180")
    run = steps.run_to_check(SEPTEMBER)
    with pytest.raises(MonthRunUnderWay, match=str(run.run_id)):
        bill(charter, number, "FINAL_BILL", world.MAKER)
    world.add_readings(MeterInstallation.objects.get(usage_point__account__account_number=NUMBER).pk, {OCT1: 200})
    steps.finish(run)
    steps.bill_month(SEPTEMBER)
    with pytest.raises(BilledBeyond, match="2026-09"):
        bill(charter, number, "FINAL_BILL", world.MAKER)


def test_a_killed_final_bill_is_found_again(charter: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    home({SEP1: 100})
    number = transfer(charter, READING="180")
    bill(charter, number, "FINAL_BILL", world.MAKER)
    with monkeypatch.context() as broken:
        broken.setattr(bill_run, "publish", _killed)
        with pytest.raises(KeyboardInterrupt):
            bill(charter, number, "BILL_OUT", world.CHECKER)
    assert (Case.objects.get().step, BillRun.objects.get().state) == ("BILL_OUT", "POSTED")
    bill(charter, number, "BILL_OUT", world.CHECKER)
    assert (Case.objects.get().step, owed(), Bill.objects.count()) == ("PAY", 47_04, 1)


def _killed(*_args: object, **_kwargs: object) -> None:
    raise KeyboardInterrupt


def test_a_step_that_bills_is_finished_where_that_can_be_done(charter: Charter) -> None:
    home({SEP1: 100})
    number = transfer(charter, READING="180")
    with pytest.raises(EffectElsewhere):
        work.finish(number=number, step="FINAL_BILL", actor=world.MAKER, at=ON_16, charter=charter)


def test_whoever_owes_does_not_close(charter: Charter) -> None:
    home({AUG1: 0, SEP1: 100})
    steps.bill_month(Month(2026, 8))
    number = closing(charter, READING="150")
    final_bill(charter, number)
    # August 100 × 0.588 = 58.80 and the final 50 × 0.588 = 29.40.
    with pytest.raises(AccountOwes, match=r"88\.2"):
        finish(charter, number, "PAY", "HALL_CLERK")
    assert Case.objects.get().step == "PAY"


def test_a_closed_account_has_its_final_bill_and_nothing_left(charter: Charter) -> None:
    made = home({SEP1: 100})
    number = closing(charter, READING="150")
    final_bill(charter, number)
    assert amounts() == ["50.00 kWh × 0.588 = 29.40"]
    pay(NUMBER, 30_00)
    # 30.00 − 29.40 = 0.60 is the customer's.
    with pytest.raises(AccountHasCredit, match=r"0\.6"):
        finish(charter, number, "PAY", "HALL_CLERK")
    decisions.refund(
        key="back", account=account_id(NUMBER), amount_fen=60, tender="CASH", channel="TILL", reason="销户退费",
        actor=actor("HALL_CLERK"), second=actor("ACCOUNTANT"), at=ON_16,
    )  # fmt: skip
    finish(charter, number, "PAY", "HALL_CLERK")
    finish(charter, number, "CLOSE", "CELL_MANAGER", proofs=SHOWN)
    assert CustomerAccount.objects.get(pk=made.account_id).closed_on == SEP16
    assert UsagePoint.objects.get(pk=made.usage_point_id).disconnected_on == SEP16
    assert Meter.objects.get(asset_number="M2000000001").state == "REMOVED"
    assert steps.bill_month(SEPTEMBER).totals.bills == 0


def test_every_point_of_an_account_goes_over_with_its_own_reading(charter: Charter) -> None:
    made = two_points()
    with pytest.raises(FormIncomplete, match="P2000000002"):
        transfer(charter, READING="180")
    number = Case.objects.get().number
    read = {"TRANSFER_ON": "2026-09-16", "READING": "180", "READINGS": "P2000000002 总=545"}
    finish(charter, number, "READ", "METER_READER", proofs=(cases.PHOTO,), **read)
    final_bill(charter, number)
    # 180 − 100 = 80 kWh at 0.588 = 47.04; the stairway’s 545 − 500 = 45 kWh at 0.604 = 27.18.
    assert sorted(amounts()) == ["45.00 kWh × 0.604 = 27.18", "80.00 kWh × 0.588 = 47.04"]
    pay(NUMBER, owed())
    new = sign(charter, number)
    assert CustomerAccount.objects.get(pk=made.account_id).closed_on == SEP16
    points = UsagePoint.objects.filter(account=new).order_by("code")
    assert [one.code for one in points] == [f"{new.account_number}-1", f"{new.account_number}-2"]
    hung = MeterInstallation.objects.filter(usage_point__account=new).order_by("usage_point__code")
    assert [one.meter.asset_number for one in hung] == ["M2000000001", "M2000000002"]
    world.add_readings(hung[0].pk, {OCT1: 230})
    world.add_readings(hung[1].pk, {OCT1: 645})
    steps.bill_month(SEPTEMBER)
    # 230 − 180 = 50 kWh at 0.588, 645 − 545 = 100 at 0.604.
    assert sorted(amounts(new.account_number)) == ["100.00 kWh × 0.604 = 60.40", "50.00 kWh × 0.588 = 29.40"]


def test_points_read_on_different_days_come_to_their_closing_readings_one_month_after_the_other(
    charter: Charter,
) -> None:
    made = two_points()
    stairs = MeterInstallation.objects.get(usage_point__code="P2000000002")
    route = ReadingRoute.objects.create(
        id=ids.reserve(ReadingRoute, 1),
        code="R10",
        name="十日例日",
        reading_day=10,
        months=1,
        unit=Unit.objects.get(code=world.UNIT),
    )
    MeterInstallation.objects.filter(pk=stairs.pk).update(route=route)
    world.add_readings(stairs.pk, {date(2026, 8, 10): 450, date(2026, 9, 10): 530})
    number = transfer(charter, READING="180", READINGS="P2000000002 总=545")
    bill(charter, number, "FINAL_BILL", world.MAKER)
    with pytest.raises(FinalBillGoesOn, match="2026-10"):
        bill(charter, number, "BILL_OUT", world.CHECKER)
    # September: the home to its closing reading, 180 − 100 = 80 at 0.588; the stairway to its tenth, 530 − 450 = 80 at 0.604.
    assert sorted(amounts()) == ["80.00 kWh × 0.588 = 47.04", "80.00 kWh × 0.604 = 48.32"]
    assert owed() == 95_36
    # It does not go on before the rest is billed too.
    with pytest.raises(FinalBillGoesOn):
        bill(charter, number, "BILL_OUT", world.CHECKER)
    work.send_back(
        number=number, to_step="FINAL_BILL", reason="另一计量点例日不同", actor=world.CHECKER, at=ON_16, charter=charter
    )
    final_bill(charter, number)
    # October's: the stairway from its tenth to its own closing reading, 545 − 530 = 15 at 0.604 = 9.06.
    assert amounts(month=Month(2026, 10)) == ["15.00 kWh × 0.604 = 9.06"]
    assert owed() == 95_36 + 9_06
    pay(NUMBER, owed())
    new = sign(charter, number)
    assert CustomerAccount.objects.get(pk=made.account_id).closed_on == SEP16
    assert UsagePoint.objects.filter(account=new).count() == 2
    # Drawn up again, it is found and not made twice.
    assert Bill.objects.filter(account_id=made.account_id).count() == 2


def test_every_meter_comes_down_with_the_account(charter: Charter) -> None:
    two_points()
    number = closing(charter, READING="180", READINGS="P2000000002 总=545")
    final_bill(charter, number)
    pay(NUMBER, owed())
    finish(charter, number, "PAY", "HALL_CLERK")
    finish(charter, number, "CLOSE", "CELL_MANAGER", proofs=SHOWN)
    assert set(Meter.objects.filter(asset_number__startswith="M20").values_list("state", flat=True)) == {"REMOVED"}
    assert UsagePoint.objects.filter(disconnected_on=SEP16).count() == 2


@pytest.mark.parametrize(
    ("line", "says"),
    [("P9 总=1", "no usage points"), ("P2000000002 峰=1", "is no reading"), ("P2000000002 总=-1", "is no reading")],
)
def test_a_line_that_is_no_reading_is_refused(charter: Charter, line: str, says: str) -> None:
    two_points()
    with pytest.raises(InvalidInput, match=says):
        closing(charter, READING="180", READINGS=line)


def test_a_promise_settles_where_the_rule_takes_one(charter: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    home({SEP1: 100})
    number = closing(charter, READING="150")
    final_bill(charter, number)
    monkeypatch.setattr(bounds, "settlement", lambda _library, _on: Settlement(by_promise=True, **CITED))
    monkeypatch.setattr(collections, "promised_fen", lambda _account, on: 29_39)
    with pytest.raises(AccountOwes):
        finish(charter, number, "PAY", "HALL_CLERK")
    monkeypatch.setattr(collections, "promised_fen", lambda _account, on: 29_40)
    finish(charter, number, "PAY", "HALL_CLERK")
    assert Case.objects.get().step == "CLOSE"
