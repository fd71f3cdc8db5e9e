"""A household's bill is run, published and printed: the paper says what the ledger says, and says it the same twice."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from tests.kits import bill_world as world

from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import runs
from wandeng.flows import bill_run
from wandeng.flows.bill_documents import pages
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
JULY = Month(2026, 7)


@pytest.fixture
def printer() -> pages.BillPrinter:
    return pages.BillPrinter(RuleLibrary.load(default_root()))


def publish(month: Month) -> None:
    view = bill_run.run(
        unit_code=world.UNIT, month=month, actor=world.MAKER, at=world.NOW, shop=bill_run.Workshop.default()
    )
    runs.approve(run=RunId(view.run_id), actor=world.CHECKER, at=world.NOW + timedelta(hours=1))
    bill_run.post(RunId(view.run_id), actor=world.MAKER, at=world.NOW)
    bill_run.publish(RunId(view.run_id), actor=world.MAKER, at=world.NOW)


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace(" ", "")


def test_a_household_of_460_kwh_in_july_reads_its_bill(printer: pages.BillPrinter) -> None:
    world.found()
    world.add_account("430000000001", total={date(2026, 6, 1): 700, date(2026, 7, 1): 1000, date(2026, 8, 1): 1460})
    publish(JULY)
    bill = queries.explain(Scope(world.MAKER.unit_path), account_number="430000000001", month=JULY)
    # Read on 1 August, so the winter and summer tiers: 200 × 0.588 + 250 × 0.638 + 10 × 0.888 = 285.98.
    assert bill.amount_fen == 28_598
    pdf = printer.pdf(bill)
    text = text_of(pdf)
    for expected in ("¥285.98", "贰佰捌拾伍元玖角捌分", "117.60", "159.50", "8.88", "430000000001", "2026年7月"):
        assert expected in text, expected
    assert "演示电价，非公布价格" in text
    assert printer.pdf(bill) == pdf
    assert pages.BillPrinter(RuleLibrary.load(default_root())).pdf(bill) == pdf


def test_an_account_without_a_bill_has_no_document(printer: pages.BillPrinter) -> None:
    world.found()
    with pytest.raises(NotFound):
        queries.explain(Scope(world.MAKER.unit_path), account_number="430000000001", month=JULY)


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (1000, "壹拾元整"),
        (100_110, "壹仟零壹元壹角"),
        (1_050_000, "壹万零伍佰元整"),
        (50_101_122, "伍拾万壹仟零壹拾壹元贰角贰分"),
        (-1230, "负壹拾贰元叁角"),
    ],
)
def test_amounts_in_words(fen: int, words: str) -> None:
    assert pages.amount_in_words(fen) == words
