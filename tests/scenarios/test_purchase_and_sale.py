"""Purchase, sale, price and revenue of a billed month: every figure from the stored rows, and tied to the ledger."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from django.test import Client
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.domains.billing.models import BillLine
from wandeng.domains.billing.types import LINE_NUMBERS
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries as people
from wandeng.domains.organization.types import Role
from wandeng.domains.purchases.models import EnergyPurchase
from wandeng.domains.purchases.types import Source
from wandeng.domains.tariffs.models import PriceAssignment
from wandeng.flows import purchase_and_sale
from wandeng.flows.imports import intake
from wandeng.flows.purchase_and_sale import Amount, Statement
from wandeng.infra import pii
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
SEPTEMBER = Month(2026, 9)
SEP1, OCT1 = date(2026, 9, 1), date(2026, 10, 1)
HEAD = "unit,month,source,supplier,energy_kwh,amount_yuan,document_number\n"


@pytest.fixture(autouse=True)
def _household(settings: Any, tmp_path: Path) -> None:
    """250 kWh billed and posted for September: 200 × 0.588 + 50 × 0.638 = 149.50."""
    settings.HOME = tmp_path
    settings.SECURE_SSL_REDIRECT = False
    pii.create_key()
    world.found()
    world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    steps.bill_month(SEPTEMBER)
    organization.add_person(code="acc", name="账务", unit_code=world.UNIT, actor=SYSTEM, at=world.NOW)
    organization.appoint(
        person_code="acc", unit_code=world.UNIT, role=Role.ACCOUNTANT, from_on=date(2026, 1, 1), actor=SYSTEM,
        at=world.NOW,
    )  # fmt: skip


def bring(folder: Path, rows: str) -> dict[str, int]:
    path = folder / "购电.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    counts = intake.take_in("purchases", path, actor=SYSTEM, clock=lambda: world.NOW).counts
    return {"created": counts.created, "unchanged": counts.unchanged, "parked": counts.parked}


def statement() -> Statement:
    return purchase_and_sale.statement(Scope.everywhere(), unit_code=world.UNIT, month=SEPTEMBER)


def test_what_was_sold_is_what_was_billed_and_nothing_is_collected_yet() -> None:
    found = statement().now
    assert found.all_sold == Amount(25_000, 14_950)
    assert found.all_sold.price_e4 == 5_980  # 149.50 / 250
    assert (found.open_fen, found.collected_fen, found.collected_e4) == (14_950, 0, 0)
    assert found.lost_ckwh is None, "nothing is recorded as bought"


def test_what_was_sold_by_price_is_what_the_lines_say_and_ties_to_the_ledger() -> None:
    found = statement()
    (code,) = found.now.at_price
    assert code.startswith("demo.")
    # 200 and 50 kWh of the tiers are energy once, and the month has nothing else.
    assert found.now.at_price[code] == found.now.all_sold == Amount(25_000, 14_950)
    assert {tie.code for tie in found.ties} == {"BILLS", "PRICES", "PURCHASES"}
    assert all(tie.holds for tie in found.ties)


def test_a_second_charge_on_the_same_energy_is_money_and_lines_that_differ_are_told() -> None:
    before = statement().now
    (code,) = before.at_price
    world.add_account("2", total={SEP1: 0, OCT1: 100})
    waiting = steps.run_to_check(SEPTEMBER)
    line = BillLine.objects.order_by("-id").first()
    BillLine.objects.create(
        id=line.bill_id * LINE_NUMBERS + 900, bill_id=line.bill_id, usage_point_id=line.usage_point_id,
        charge_id=line.charge_id, quantity=line.quantity, amount_fen=1,
    )  # fmt: skip
    steps.finish(waiting)
    found = statement()
    # 100 × 0.588 = 58.80, and a fen that the bill knows nothing of.
    assert found.now.at_price == {code: before.at_price[code] + Amount(10_000, 5_881)}
    assert [tie.code for tie in found.ties if not tie.holds] == ["PRICES"]


def test_a_month_stays_as_it_was_posted_and_customers_are_another_view() -> None:
    before = statement().now
    (code,) = before.at_price
    PriceAssignment.objects.update(valid_to=date(2026, 2, 1), valid_from=date(2026, 1, 1))
    assert statement().now.at_price == {code: Amount(25_000, 14_950)}
    by_customer = purchase_and_sale.statement(
        Scope.everywhere(), unit_code=world.UNIT, month=SEPTEMBER, by=purchase_and_sale.By.CUSTOMER
    )
    assert (by_customer.now.at_price, len(by_customer.ties)) == ({}, 2)


def test_a_point_whose_price_is_gone_when_it_is_posted_is_told_apart() -> None:
    world.add_account("2", total={SEP1: 0, OCT1: 100})
    waiting = steps.run_to_check(SEPTEMBER)
    PriceAssignment.objects.update(valid_to=date(2026, 2, 1), valid_from=date(2026, 1, 1))
    steps.finish(waiting)
    assert statement().now.at_price[""] == Amount(10_000, 5_880)


def test_purchases_are_imported_once_and_give_the_loss(tmp_path: Path) -> None:
    rows = (
        f"{world.UNIT},2026-09,省网趸购,省电力公司,200,82.00,JS-1\n{world.UNIT},2026-09,小水电,白石水电站,66,21.78,JS-2\n"
        f"{world.UNIT},2026-9,小水电,坏月份,1,1,JS-3\nNOWHERE,2026-09,小水电,白石水电站,1,1,JS-4\n"
    )
    assert bring(tmp_path, rows) == {"created": 2, "unchanged": 0, "parked": 2}
    found = statement()
    assert found.now.bought == {Source.GRID: Amount(20_000, 8_200), Source.SMALL_HYDRO: Amount(6_600, 2_178)}
    # 266 bought, 250 sold: 16 lost, 16 / 266 = 6.02 %
    assert (found.now.lost_ckwh, found.now.loss_e4) == (1_600, 602)
    assert all(tie.holds for tie in found.ties)
    assert {tie.code: tie.ledger_fen for tie in found.ties} == {"BILLS": 14_950, "PRICES": 14_950, "PURCHASES": 10_378}
    again = f"{world.UNIT},2026-09,省网趸购,省电力公司,200,82.00,JS-1\n{world.UNIT},2026-09,小水电,白石水电站,66,21.79,JS-2\n"
    assert bring(tmp_path, again) == {"created": 0, "unchanged": 1, "parked": 1}
    assert EnergyPurchase.objects.count() == 2


def test_a_figure_that_the_ledger_does_not_have_is_shown(tmp_path: Path) -> None:
    bring(tmp_path, f"{world.UNIT},2026-09,省网趸购,省电力公司,200,82.00,JS-1\n")
    EnergyPurchase.objects.update(amount_fen=8_201)
    assert [tie.code for tie in statement().ties if not tie.holds] == ["PURCHASES"]


def test_the_statement_on_its_page_and_a_purchase_by_hand(tmp_path: Path) -> None:
    known = Client()
    known.force_login(people.login_user("acc"))
    given = {
        "unit_code": world.UNIT, "month": "2026-09", "source": "GRID", "supplier": "省电力公司", "energy_ckwh": "266",
        "amount_fen": "100.00", "document_number": "JS-1",
    }  # fmt: skip
    assert known.post("/console/ledger/purchases/new/", given).status_code == 302
    page = known.get("/console/ledger/sales/?month=2026-09").content.decode()
    for text in ("省网趸购", "0.5980", "¥149.50", "与总账一致", "6.02 %"):
        assert text in page, text
    assert "电价类别" in page
    by_customer = known.get("/console/ledger/sales/?month=2026-09&by=customer").content.decode()
    assert "居民" in by_customer
    assert '<th scope="col" rowspan="2">用户分类' in by_customer
    book = known.get("/console/ledger/sales/?month=2026-09&format=xlsx").content
    cells = {
        str(cell)
        for row in python_calamine.load_workbook(io.BytesIO(book)).get_sheet_by_index(0).to_python()
        for cell in row
    }
    assert {"售电合计（按电价类别）", "售电合计（按用户分类）"} <= cells
    number = EnergyPurchase.objects.get().pk
    assert "省电力公司" in known.get("/console/ledger/purchases/").content.decode()
    assert "更正" in known.get(f"/console/ledger/purchases/{number}/").content.decode()
    refused = known.post(
        f"/console/ledger/purchases/{number}/", {"energy_ckwh": "1", "amount_fen": "1", "document_number": "x"}
    )
    assert refused.status_code == 422
    assert EnergyPurchase.objects.count() == 1
    changed = {"energy_ckwh": "260", "amount_fen": "98.00", "document_number": "JS-1b", "reason": "抄录有误"}
    assert known.post(f"/console/ledger/purchases/{number}/", changed).status_code == 302
    assert EnergyPurchase.objects.get(is_current=True).amount_fen == 9_800
