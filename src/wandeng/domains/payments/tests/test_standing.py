"""What an account owes on a day."""

from __future__ import annotations

from datetime import date

import pytest

from wandeng.domains.payments import queries
from wandeng.domains.payments.tests import make
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
EVERYWHERE = Scope.everywhere()


def test_open_bills_with_late_fees_and_days_late_oldest_first():
    mill = make.accounts()[make.MILL]
    new = make.bill(mill, "2026-02", 500_00, date(2026, 3, 25))
    old = make.bill(mill, "2026-01", 1_000_00, date(2026, 2, 25))
    found = queries.standing(EVERYWHERE, make.MILL, on=make.TODAY)
    assert [(one.bill_id, one.open_fen, one.late_fee_fen, one.days_late) for one in found.open_bills] == [
        (old, 1_000_00, 46_00, 23),  # 23 days × 2 ‰ × 1,000.00
        (new, 500_00, 0, 0),
    ]
    assert (found.owed_fen, found.late_fee_fen, found.to_pay_fen) == (1_500_00, 46_00, 1_546_00)


def test_a_correction_is_shown_netted_and_its_rest_as_credit():
    mill = make.accounts()[make.MILL]
    paid = make.bill(mill, "2026-01", 300_00, date(2026, 3, 25))
    make.pay(mill, 300_00)
    make.bill(mill, "2026-01", -300_00, date(2026, 3, 25), kind="CANCELLATION", corrects=paid)
    found = queries.standing(EVERYWHERE, make.MILL, on=make.TODAY)
    assert (found.open_bills, found.credit_fen, found.to_pay_fen) == ((), 300_00, 0)


def test_an_account_outside_the_scope_has_no_standing():
    make.accounts()
    with pytest.raises(NotFound):
        queries.standing(Scope("BS/BS-E/"), make.MILL, on=make.TODAY)


def test_payments_are_listed_and_shown_within_the_scope():
    mill = make.accounts()[make.MILL]
    make.bill(mill, "2026-02", 300_00, date(2026, 3, 25))
    made = make.pay(mill, 310_00)
    (row,) = queries.payment_rows(Scope("BS/"))
    assert (row["key"], row["account_number"], row["amount_fen"], row["state"]) == (
        "till:1:1", make.MILL, 310_00, "RECEIVED",
    )  # fmt: skip
    assert queries.shown(Scope("BS/"), made.payment_id).settled == made.settled
    assert queries.receipt(Scope("BS/"), made.payment_id).credit_fen == 10_00
    assert list(queries.payment_rows(Scope("BS/BS-E/"))) == []
