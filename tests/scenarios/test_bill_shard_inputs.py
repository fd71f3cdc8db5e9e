"""What a shard is frozen from: its own accounts' rows, however their ids lie among those of others."""

from __future__ import annotations

from datetime import date

import pytest
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.domains.billing.models import Bill
from wandeng.infra import ranges
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)

SEPTEMBER = Month(2026, 9)
SEP1, OCT1 = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def two_units_in_turn(settings, tmp_path):
    """Accounts of two units, one after the other: between two of one unit lies one of the other."""
    settings.HOME = tmp_path
    world.found()
    world.found(code="c02")
    for number in range(1, 9):
        world.add_account(
            str(number), total={SEP1: 1000, OCT1: 1000 + 10 * number}, unit_code=world.UNIT if number % 2 else "c02"
        )


def _billed() -> dict[str, int]:
    view = steps.bill_month(SEPTEMBER)
    assert view.totals.parked == 0
    return dict(Bill.objects.values_list("account__account_number", "amount_fen"))


EXPECTED = {"1": 588, "3": 1764, "5": 2940, "7": 4116}  # 10, 30, 50, 70 kWh × 0.588


def test_rows_of_others_in_the_range_are_read_and_left_out() -> None:
    assert _billed() == EXPECTED


def test_scattered_ids_are_joined_and_give_the_same(monkeypatch) -> None:
    monkeypatch.setattr(ranges, "dense", lambda _ids: None)
    assert _billed() == EXPECTED
