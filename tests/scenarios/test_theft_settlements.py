"""From a lead to money: a confidential case, an inspection that confirms it, what is paid back by the rule of the day and the prices of
the newest bill, an adjustment that a second person posts, a penalty that stands in the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.domains.billing.models import Bill, BillCorrection
from wandeng.domains.cases.actions import work
from wandeng.domains.cases.queries import one as cases
from wandeng.domains.cases.types import Charter, Proof
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.losses import queries
from wandeng.domains.losses.models import LossLead
from wandeng.domains.losses.types import NotConfirmed, UseKind
from wandeng.domains.network.models import UsagePoint
from wandeng.domains.payments import checks as payment_checks
from wandeng.flows import bill_correction, ledger_export, loss_leads, theft_settlements
from wandeng.infra import events, ids, pii
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
SEPTEMBER = Month(2026, 9)
SEP1, OCT1 = date(2026, 9, 1), date(2026, 10, 1)
LATER = world.NOW + timedelta(minutes=5)
EVERYWHERE = Scope.everywhere()


@pytest.fixture
def made(settings: Any, tmp_path: Path) -> world.Made:
    """250 kWh billed and posted for September: 200 × 0.588 + 50 × 0.638 = 149.50."""
    settings.HOME = tmp_path
    pii.create_key()
    world.found()
    account = world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    steps.bill_month(SEPTEMBER)
    return account


def _lead(made: world.Made) -> int:
    point = UsagePoint.objects.get(account_id=made.account_id)
    row = LossLead.objects.create(
        id=ids.reserve(LossLead, 1), transformer_id=point.transformer_id, usage_point=point, account_id=made.account_id,
        from_on=SEP1, to_on=date(2026, 9, 11), rank=1, attributed_ckwh=30_000, coefficient_e4=15_000, share_e4=7_000,
        explained_e4=5_000, correlation_e4=8_000, days=10, whole_days=10, made_at=world.NOW, evidence="{}",
    )  # fmt: skip
    return row.pk


def _inspected(made: world.Made, finding: str = "CONFIRMED") -> int:
    lead = _lead(made)
    auditor = replace(world.CHECKER, code="auditor", roles=frozenset({"AUDITOR"}))
    charter = Charter.current()
    number = loss_leads.open_case(lead_id=lead, actor=auditor, at=world.NOW, charter=charter)
    proof = (Proof("PHOTO", file_name="a.jpg", content=b"\xff\xd8\xff\xe0a"),)
    answers = {"FINDING": finding, "PENALTY": "YES" if finding == "CONFIRMED" else "NO"}
    for step, given, proofs in (("ACCEPT", {}, ()), ("INSPECT", answers, proof)):
        work.finish(
            number=number, step=step, actor=auditor, at=world.NOW, charter=charter, answers=given, proofs=proofs
        )
    loss_leads.take_finding({"process": "revenue_inspection", "step": "INSPECT", "number": number}, world.NOW)
    return lead


def _settle(lead: int, **given: Any) -> bill_correction.Corrected:
    facts: dict[str, Any] = {"capacity_w": 2_000, "use": UseKind.LIGHTING, "days": 10} | given
    reviewer = replace(world.MAKER, roles=frozenset({"BILLING_REVIEWER"}))
    return theft_settlements.settle(
        lead_id=lead, actor=reviewer, at=LATER, shop=steps.shop(), charter=Charter.current(), **facts
    )


def _deliver() -> None:
    while events.deliver_due(now=LATER):
        pass


def _penalty() -> dict[str, int]:
    """What stands on the accounts of penalties."""
    rows = ledger.balances(EVERYWHERE, unit_path=f"{world.UNIT}/", month=str(Month.of(LATER.date())))
    return {one.ledger_account: one.closing_fen for one in rows if "PENALTY" in one.ledger_account}


def test_a_confirmed_lead_is_paid_back_through_the_books_and_its_case_carries_the_penalty(made: world.Made) -> None:
    lead = _inspected(made)
    before = ledger.receivable_fen(account=AccountId(made.account_id))
    run = _settle(lead).run
    steps.finish(run)
    # 2 kW × 6 h × 10 d = 120 kWh in the proportions of September: 96 × 0.588 + 24 × 0.638 = 71.76
    assert ledger.receivable_fen(account=AccountId(made.account_id)) - before == 71_76
    correction = BillCorrection.objects.get()
    number = queries.lead(EVERYWHERE, lead).case_number
    assert (correction.case_code, correction.document_number, correction.energy_ckwh) == ("theft", number, 120_00)
    assert list(Bill.objects.order_by("revision").values_list("kind", "energy_ckwh", "amount_fen"))[1] == (
        "ADJUSTMENT", 120_00, 71_76,
    )  # fmt: skip
    case = cases.case(EVERYWHERE, number, charter=Charter.current(), now=LATER)
    told = {one.code: one.value for one in case.fields}
    assert (told["AMOUNT"], told["PENALTY_AMOUNT"], told["DAYS"]) == ("71.76", "215.28", "10")
    assert case.is_confidential


def test_the_penalty_is_booked_on_its_own_account_when_the_adjustment_is_published(made: world.Made) -> None:
    lead = _inspected(made)
    run = _settle(lead).run
    _deliver()
    assert _penalty() == {}
    steps.finish(run)
    owed = ledger.receivable_fen(account=AccountId(made.account_id))
    _deliver()
    assert _penalty() == {"PENALTY": 215_28, "REVENUE:PENALTY": -215_28}
    assert ledger.receivable_fen(account=AccountId(made.account_id)) == owed
    assert not ledger.faults()
    with ColumnStore() as store:
        assert payment_checks.all_faults(store) == []
    body = {"run_id": run.run_id, "account_id": made.account_id}
    theft_settlements.book_penalty(body, LATER)
    assert _penalty()["PENALTY"] == 215_28
    found = ledger_export.books(
        EVERYWHERE, unit_code=world.UNIT, month=Month.of(LATER.date()), library=steps.shop().library
    )
    journal = ledger_export.journal(found)
    assert "Assets:C1221:PENALTY  215.28 CNY" in journal
    assert "Income:C6301:REVENUE:PENALTY  -215.28 CNY" in journal


def test_settling_again_makes_nothing_twice(made: world.Made) -> None:
    lead = _inspected(made)
    first, second = _settle(lead), _settle(lead)
    assert first.run.run_id == second.run.run_id
    assert BillCorrection.objects.count() == 1
    with pytest.raises(InvalidInput):
        _settle(lead, days=20)


def test_unknown_days_are_those_of_the_rule_and_what_was_recorded_comes_off(made: world.Made) -> None:
    lead, library = _inspected(made), steps.shop().library
    told = theft_settlements.reckon(EVERYWHERE, lead, capacity_w=1_000, library=library, use=UseKind.POWER)
    assert (told.days, told.days_known, told.hours_per_day, told.energy_ckwh) == (180, False, 12, 2_160_00)
    less = theft_settlements.reckon(
        EVERYWHERE, lead, capacity_w=1_000, library=library, use=UseKind.POWER, recorded_ckwh=160_00, multiple=1
    )
    assert (less.energy_ckwh, less.multiple, less.penalty_fen) == (2_000_00, 1, less.base_fen)
    assert less.rule_path.startswith("national/breach_and_theft/")
    for wrong in ({"recorded_ckwh": 2_160_00}, {"multiple": 4}):
        with pytest.raises(InvalidInput):
            theft_settlements.reckon(EVERYWHERE, lead, capacity_w=1_000, library=library, use=UseKind.POWER, **wrong)


def test_a_lead_that_nobody_confirmed_is_not_reckoned(made: world.Made) -> None:
    library = steps.shop().library
    lead = _inspected(made, "WIRING")
    with pytest.raises(NotConfirmed):
        theft_settlements.reckon(EVERYWHERE, lead, capacity_w=1_000, library=library)
    with pytest.raises(NotFound):
        theft_settlements.reckon(Scope("nowhere/"), lead, capacity_w=1_000, library=library)
    assert not BillCorrection.objects.exists()
