"""What is summed as bills and payments are posted is at every moment what adding everything up anew gives."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world
from tests.kits import sold_slowly

from wandeng.domains.billing import moves
from wandeng.domains.billing.actions import months
from wandeng.domains.billing.actions.corrections import Decision
from wandeng.domains.billing.models import MonthMove, ShardPriceSale, ShardSale
from wandeng.domains.billing.queries import sales
from wandeng.domains.billing.queries.faults import faults
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.organization.models import Unit
from wandeng.domains.payments.actions import receive, reverse
from wandeng.domains.payments.models import Payment
from wandeng.flows import bill_correction
from wandeng.infra import ids
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Refused
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
MONTHS = (Month(2026, 8), Month(2026, 9))
READ = {date(2026, 8, 1): 1000, date(2026, 9, 1): 1250, date(2026, 10, 1): 1560}
CODES = (world.RESIDENTIAL, world.COMMERCIAL, world.RESIDENTIAL)


@pytest.fixture(autouse=True)
def _billed(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    world.found()
    top = Unit.objects.get(code=world.UNIT)
    Unit.objects.create(id=ids.reserve(Unit, 1), code="office", name="所", kind="OFFICE", parent=top,
                        path=f"{top.path}office/", territory="demo")  # fmt: skip
    for number, code in enumerate(CODES):
        world.add_account(str(number), code=code, total=READ)
    for month in MONTHS:
        steps.bill_month(month)


def the_same() -> None:
    """Quick and slow say the same of every month."""
    for month in MONTHS:
        here: dict[str, Any] = {"unit_path": f"{world.UNIT}/", "months": (month,)}
        sold: dict[str, tuple[int, ...]] = defaultdict(lambda: (0, 0, 0, 0))
        for row in sales.sold(Scope.everywhere(), **here):
            parts = (row.energy_ckwh, row.amount_fen, row.fed_ckwh, row.fed_fen)
            sold[row.customer_class] = tuple(map(sum, zip(sold[row.customer_class], parts, strict=True)))
        assert dict(sold) == sold_slowly.by_class(month)
        at_price = {
            row.price_code: (row.energy_ckwh, row.amount_fen) for row in sales.sold_at(Scope.everywhere(), **here)
        }
        assert at_price == sold_slowly.by_price(month)
        owed = sales.owed(Scope.everywhere(), **here)
        found = {row.unit_path: (row.billed_fen, row.open_fen) for row in owed if row.billed_fen or row.open_fen}
        slow = {unit: sums for unit, sums in sold_slowly.by_unit(month).items() if any(sums)}
        assert found == slow
        assert sum(row.posted_fen for row in owed) == sum(row.billed_fen for row in owed)


class Program:
    """Steps in a random order, each as the product makes it."""

    def __init__(self, seed: int) -> None:
        self.random, self.count = random.Random(seed), 0

    def step(self) -> None:
        self.count += 1
        getattr(self, self.random.choice(("pay", "pay", "give_back", "correct", "move", "fold")))()

    def pay(self) -> None:
        account = self.random.choice(CustomerAccount.objects.order_by("pk"))
        receive(
            key=f"p{self.count}", account=AccountId(account.pk), amount_fen=self.random.choice((1, 5_000, 40_000)),
            tender="CASH", channel="TILL", received_on=world.NOW.date(), at=world.NOW, actor=world.MAKER,
        )  # fmt: skip

    def give_back(self) -> None:
        payment = self.random.choice([None, *Payment.objects.filter(state="RECEIVED").order_by("pk")])
        if payment is not None:
            reverse(key=f"r{self.count}", payment_id=payment.pk, reason="错收", actor=world.MAKER, at=world.NOW,
                    second=world.CHECKER)  # fmt: skip

    def correct(self) -> None:
        facts: dict[str, Any] = {
            "account_number": str(self.random.randrange(len(CODES))), "reason": "更正", "action": "ADJUST",
            "months": (self.random.choice(MONTHS),), "case_code": "out_of_tolerance", "document_number": f"T-{self.count}",
            "energy_ckwh": self.random.choice((-50_00, 80_00)),
        }  # fmt: skip
        given: dict[str, Any] = {"actor": world.MAKER, "at": world.NOW, "shop": steps.shop()}
        if self.random.random() < 0.5:
            made = bill_correction.adjust(decision=Decision(**facts), **given)
        else:
            month = self.random.choice(MONTHS)
            made = bill_correction.rebill(account_number=facts["account_number"], month=month, reason="更正", **given)
        the_same()
        steps.finish(made.run)

    def move(self) -> None:
        unit = self.random.choice(Unit.objects.order_by("pk"))
        CustomerAccount.objects.filter(account_number=str(self.random.randrange(len(CODES)))).update(unit=unit)

    def fold(self) -> None:
        months.fold()
        keys = list(MonthMove.objects.values_list("month_index", "unit_id"))
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize("seed", [1, 2])
def test_after_every_step_the_sums_are_what_everything_comes_to(seed: int) -> None:
    program, refused = Program(seed), 0
    the_same()
    for _ in range(12):
        try:
            program.step()
        except Refused:
            refused += 1
        the_same()
    assert refused < 6
    assert [one.fault for one in faults()] == []


def kept() -> list[list[tuple[Any, ...]]]:
    """Every sum that is kept, whatever its number."""
    months.fold()
    found = []
    for model in (ShardSale, ShardPriceSale, MonthMove):
        names = [field.attname for field in model._meta.fields if field.name != "id"]
        found.append(sorted(model.objects.values_list(*names)))
    return found


def test_an_installation_with_bills_from_before_gets_the_same_sums() -> None:
    before = kept()
    assert all(before)
    migration = import_module("wandeng.domains.billing.migrations.0004_sums_of_posted")
    with connection.schema_editor() as editor:
        migration.forget(None, editor)
    assert kept() == [[], [], []]
    with connection.schema_editor() as editor:
        migration.fill(None, editor)
    assert kept() == before
    the_same()


def test_a_sum_that_is_wrong_is_told() -> None:
    assert faults() == []
    ShardSale.objects.filter(pk=ShardSale.objects.order_by("pk")[0].pk).update(energy_ckwh=F("energy_ckwh") + 1)
    assert [one.fault for one in faults()] == ["SOLD_DIFFERS"]
    MonthMove.objects.filter(pk=MonthMove.objects.order_by("pk")[0].pk).update(open_fen=F("open_fen") - 1)
    assert [one.fault for one in faults()] == ["SOLD_DIFFERS", "OPEN_DIFFERS"]
    moves.recount(connection)
    assert [one.fault for one in faults()] == ["SOLD_DIFFERS"]
