"""Cancelling, billing again and adjusting: the original stays, the correction refers to it, and the ledger follows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.calc.rating.frames import BasicMethod, Kind
from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import corrections, runs
from wandeng.domains.billing.actions.corrections import Decision
from wandeng.domains.billing.frames.corrections import RebillBlocked
from wandeng.domains.billing.models import Bill, BillCorrection, BillLine, BillRun
from wandeng.domains.ledger import checks as ledger_checks
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.ledger.models import Entry
from wandeng.domains.metering.models import Reading
from wandeng.flows import bill_correction, bill_run
from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import Event
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.ids import AccountId, RunId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)

SEPTEMBER = Month(2026, 9)
SEP1, OCT1 = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def household(home) -> world.Made:
    """250 kWh billed and posted for September: 200 × 0.588 + 50 × 0.638 = 149.50."""
    world.found()
    made = world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    steps.bill_month(SEPTEMBER)
    return made


def revisions() -> list[tuple[int, str, int, int]]:
    return list(
        Bill.objects.order_by("month_index", "revision").values_list("revision", "kind", "energy_ckwh", "amount_fen")
    )


def owed(made: world.Made) -> int:
    return ledger.receivable_fen(account=AccountId(made.account_id))


def cancel(reason: str = "错户") -> bill_correction.Corrected:
    return bill_correction.cancel(
        account_number="1", month=SEPTEMBER, reason=reason, actor=world.MAKER, at=world.NOW, shop=steps.shop()
    )


def adjust(**given: object) -> bill_correction.Corrected:
    facts = {"action": "ADJUST", "account_number": "1", "months": (SEPTEMBER,), "reason": "表计超差",
             "case_code": "out_of_tolerance", "document_number": "退补-2026-17"}  # fmt: skip
    return bill_correction.adjust(
        decision=Decision(**facts | given), actor=world.MAKER, at=world.NOW, shop=steps.shop()
    )


def test_a_cancelled_bill_stays_and_is_taken_back_line_by_line(household: world.Made) -> None:
    steps.finish(cancel().run)
    assert revisions() == [(0, "ORDINARY", 250_00, 149_50), (1, "CANCELLATION", -250_00, -149_50)]
    original, cancellation = Bill.objects.order_by("revision")
    assert cancellation.corrects_id == original.pk
    lines = BillLine.objects.filter(bill=cancellation).values_list("quantity", "charge__price_e8", "amount_fen")
    assert list(lines.order_by("id")) == [(-200_00, 58_800_000, -117_60), (-50_00, 63_800_000, -31_90)]
    assert owed(household) == 0
    with ColumnStore() as store:
        assert ledger_checks.all_faults(store) == []


def test_a_bill_is_cancelled_at_most_once(household: world.Made) -> None:
    steps.finish(cancel().run)
    with pytest.raises(Conflict, match="cancelled already"):
        cancel("又一次")
    twin = Bill.objects.get(kind="CANCELLATION")
    twin.pk, twin.revision = 99, 9
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_a_corrected_reading_is_billed_again_and_the_customer_owes_the_difference(household: world.Made) -> None:
    world.correct_reading(household.installation_id, OCT1, 1240)
    made = steps.rebill("1", SEPTEMBER)
    assert owed(household) == 149_50  # nothing before a second person has approved
    steps.finish(made.run)
    # 240 kWh: 117.60 + 40 × 0.638 = 25.52, together 143.12.
    assert revisions() == [
        (0, "ORDINARY", 250_00, 149_50),
        (1, "CANCELLATION", -250_00, -149_50),
        (2, "REBILL", 240_00, 143_12),
    ]
    assert owed(household) == 143_12
    explained = queries.explain(Scope.everywhere(), account_number="1", month=SEPTEMBER)
    assert (explained.revision, explained.reason, len(explained.history)) == (2, "抄表更正", 3)
    assert explained.lines[1].arithmetic == "40.00 kWh × 0.638 = 25.52"
    assert explained.due_on == date(2026, 10, 27)  # 25 days after it was made on 2 October
    assert bill_run.verify(RunId(made.run.run_id), actor=world.MAKER) == []


def test_every_revision_can_be_explained(household: world.Made) -> None:
    world.correct_reading(household.installation_id, OCT1, 1240)
    steps.finish(steps.rebill("1", SEPTEMBER).run)
    by_revision = [
        queries.explain(Scope.everywhere(), account_number="1", month=SEPTEMBER, revision=number) for number in range(3)
    ]
    assert [one.amount_fen for one in by_revision] == [149_50, -149_50, 143_12]
    assert by_revision[1].lines[0].arithmetic == "-200.00 kWh × 0.588 = -117.60"
    assert by_revision[1].points == by_revision[0].points


def test_a_rebilled_bill_can_be_billed_again_and_its_entry_is_reversed(household: world.Made) -> None:
    world.correct_reading(household.installation_id, OCT1, 1240)
    steps.finish(steps.rebill("1", SEPTEMBER).run)
    world.correct_reading(household.installation_id, OCT1, 1200)
    steps.finish(steps.rebill("1", SEPTEMBER, reason="再次更正").run)
    assert [one[1:] for one in revisions()[3:]] == [("CANCELLATION", -240_00, -143_12), ("REBILL", 200_00, 117_60)]
    assert owed(household) == 117_60
    reversal = Entry.objects.get(reverses__isnull=False)
    rebilled = Bill.objects.get(revision=2)
    assert (reversal.kind, reversal.reverses.biz_key) == ("BILL_CANCELLATION", f"bill:{rebilled.pk}")


def test_a_cancelled_month_can_be_billed_again_later(household: world.Made) -> None:
    steps.finish(cancel().run)
    steps.finish(steps.rebill("1", SEPTEMBER).run)
    assert [one[1] for one in revisions()] == ["ORDINARY", "CANCELLATION", "REBILL"]
    assert owed(household) == 149_50


def test_a_month_is_billed_again_by_the_rules_of_its_own_time() -> None:
    world.found()
    may = Month(2026, 5)
    made = world.add_account(
        "1", code=world.COMMERCIAL, total={may.first: 0, may.next().first: 1000, date(2026, 7, 1): 2000}
    )
    steps.bill_month(may)
    steps.bill_month(may.next())
    world.correct_reading(made.installation_id, may.next().first, 900)
    steps.finish(steps.rebill("1", may).run)
    transmitted = {
        (line.bill.month_index, line.bill.revision): line.charge.price_e8
        for line in BillLine.objects.filter(charge__item=5).select_related("bill", "charge")
    }
    # Transmission prices changed on 1 June 2026: the re-bill of May, made in October, keeps May's.
    assert transmitted[may.index, 2] == transmitted[may.index, 0] != transmitted[may.next().index, 0]


def test_two_persons_make_a_correction(household: world.Made) -> None:
    view = cancel().run
    with pytest.raises(runs.SamePerson):
        runs.approve(run=RunId(view.run_id), actor=replace(world.CHECKER, code="clerk"), at=world.NOW)
    with pytest.raises(corrections.CorrectionOpen):
        cancel("别的原因")


def test_a_correction_says_why(household: world.Made) -> None:
    with pytest.raises(InvalidInput, match="say why"):
        cancel(" ")
    assert BillRun.objects.filter(kind="CORRECTION").count() == 0


def test_a_draft_is_not_corrected_but_discarded() -> None:
    world.found()
    world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    steps.run_to_check(SEPTEMBER)
    with pytest.raises(corrections.BillNotPosted):
        cancel()


def test_inputs_that_cannot_be_priced_leave_the_bill_as_it_is(household: world.Made) -> None:
    Reading.objects.filter(read_on=OCT1).update(is_current=False)
    with pytest.raises(RebillBlocked, match="MISSING_READING"):
        steps.rebill("1", SEPTEMBER)
    assert [one[1] for one in revisions()] == ["ORDINARY"]
    assert BillRun.objects.get(kind="CORRECTION").state == "DISCARDED"
    world.add_readings(household.installation_id, {OCT1: 1240})
    steps.finish(steps.rebill("1", SEPTEMBER).run)
    assert owed(household) == 143_12


def test_back_billed_energy_takes_the_prices_and_proportions_of_its_month(household: world.Made) -> None:
    steps.finish(adjust(energy_ckwh=100_00).run)
    # 100 kWh in the ratio 200 : 50: 80 × 0.588 = 47.04 and 20 × 0.638 = 12.76, together 59.80.
    bill = Bill.objects.get(kind="ADJUSTMENT")
    assert (bill.energy_ckwh, bill.amount_fen, bill.corrects.revision) == (100_00, 59_80, 0)
    assert owed(household) == 149_50 + 59_80
    row = BillCorrection.objects.get()
    assert (row.case_code, row.document_number, row.energy_ckwh) == ("out_of_tolerance", "退补-2026-17", 100_00)


def test_refunded_money_is_shared_over_the_items_to_the_fen(household: world.Made) -> None:
    steps.finish(adjust(amount_fen=-10_01).run)
    # 10.01 in the ratio 117.60 : 31.90: 1001 × 11760/14950 = 787.41, 213.59 → 787 + 214.
    lines = BillLine.objects.filter(bill__kind="ADJUSTMENT").order_by("id").values_list("amount_fen", flat=True)
    assert list(lines) == [-787, -214]
    explained = queries.explain(Scope.everywhere(), account_number="1", month=SEPTEMBER, revision=1)
    assert explained.lines[0].arithmetic == "-7.87 元 × 100 % = -7.87"
    assert owed(household) == 139_49


def test_back_billed_energy_of_a_large_customer_pays_funds_and_power_factor_but_no_capacity() -> None:
    world.found()
    terms = {"running_capacity_ckva": 315_00, "basic_method": BasicMethod.CAPACITY, "pf_standard": 90}
    registers = {"peak": {SEP1: 0, OCT1: 100}, "valley": {SEP1: 0, OCT1: 100}, "reactive": {SEP1: 0, OCT1: 300}}
    world.add_account(
        "1", code=world.TWO_PART, total={SEP1: 0, OCT1: 300}, registers=registers, terms=terms, capacity_kva=315
    )
    steps.bill_month(SEPTEMBER)
    steps.finish(adjust(energy_ckwh=30_00).run)
    original, adjusted = (
        queries.explain(Scope.everywhere(), account_number="1", month=SEPTEMBER, revision=number) for number in (0, 1)
    )
    assert {line.kind for line in adjusted.lines} == {Kind.ENERGY, Kind.FUND, Kind.POWER_FACTOR}
    for item in {line.item_code for line in adjusted.lines if line.kind in (Kind.ENERGY, Kind.FUND)}:
        energy = sum(line.quantity for line in adjusted.lines if line.item_code == item)
        assert energy == 30_00, item  # each item is charged on all of it
    rate = next(line for line in original.lines if line.kind == Kind.POWER_FACTOR).price_e8
    factor = next(line for line in adjusted.lines if line.kind == Kind.POWER_FACTOR)
    base = sum(line.amount_fen for line in adjusted.lines if line.kind == Kind.ENERGY)
    assert (factor.price_e8, factor.quantity) == (rate, base)  # funds are not in the base (WE-03)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"energy_ckwh": 1, "amount_fen": 1}, "one of the two"),
        ({}, "one of the two"),
        ({"energy_ckwh": 100, "case_code": "no_such_case"}, "no case of the back-billing rules"),
        ({"energy_ckwh": 100, "document_number": " "}, "document"),
    ],
)
def test_an_adjustment_names_its_case_its_document_and_one_measure(
    household: world.Made, given: dict[str, object], said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        adjust(**given)


def annual_household() -> world.Made:
    """Shandong: January 2,500, February 100, March 100 kWh; the first tier ends at 2,520 a year."""
    world.found(territory="shandong")
    january = Month(2026, 1)
    edges = {january.first: 0, date(2026, 2, 1): 2500, date(2026, 3, 1): 2600, date(2026, 4, 1): 2700}
    made = world.add_account("1", code="shandong.residential", total=edges)
    for ahead in range(3):
        steps.bill_month(january.plus(ahead))
    world.correct_reading(made.installation_id, date(2026, 2, 1), 2400)
    return made


def test_a_changed_month_of_an_annual_tier_names_the_later_ones_that_stand_on_it() -> None:
    made = annual_household()
    corrected = steps.rebill("1", Month(2026, 1))
    assert corrected.later == (Month(2026, 2), Month(2026, 3))
    steps.finish(corrected.run)
    # January becomes 2,400 × 0.5469 = 1,312.56; February and March still stand at 58.69 and 59.69.
    assert owed(made) == 1312_56 + 58_69 + 59_69


def test_a_cascade_bills_the_later_months_again_in_one_run() -> None:
    made = annual_household()
    corrected = steps.rebill("1", Month(2026, 1), cascade=True)
    assert corrected.later == ()
    steps.finish(corrected.run)
    rebilled = Bill.objects.filter(kind="REBILL").order_by("month_index").values_list("energy_ckwh", "amount_fen")
    # February runs from 2,400 to 2,600: 120 × 0.5469 = 65.628 → 65.63 and 80 × 0.5969 = 47.75, together 113.38.
    # March stands on 2,600 as before: 59.69.
    assert list(rebilled) == [(2400_00, 1312_56), (200_00, 113_38), (100_00, 59_69)]
    assert owed(made) == 1312_56 + 113_38 + 59_69
    news = json.loads(Event.objects.get(name="billing.bills_corrected").body)
    assert (news["months"], news["account_id"]) == (["2026-01", "2026-02", "2026-03"], made.account_id)
    assert bill_run.verify(RunId(corrected.run.run_id), actor=world.MAKER) == []


def test_a_monthly_tier_cascades_nowhere(household: world.Made) -> None:
    world.add_readings(household.installation_id, {date(2026, 11, 1): 1500})
    steps.bill_month(SEPTEMBER.next())
    world.correct_reading(household.installation_id, OCT1, 1240)
    assert steps.rebill("1", SEPTEMBER, cascade=True).run.shards == 1
