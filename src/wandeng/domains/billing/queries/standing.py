"""Where a billed account stands, and which later bills lean on one of its months."""

from __future__ import annotations

from wandeng.domains.billing import standing
from wandeng.domains.billing.types import BillPlace
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import Month


def place(scope: Scope, *, account_number: str, month: Month) -> BillPlace:
    """The account behind a bill. Raises ``NotFound`` when the month was never billed, or outside the scope."""
    bill = standing.bill_of(scope, account_number, month)
    return BillPlace(bill.account_id, bill.account.unit.path, bill.account.unit.territory)


def later_months(scope: Scope, *, account_number: str, month: Month) -> tuple[Month, ...]:
    """Later months of the same calendar year for which the account has a bill that stands."""
    after = [month.plus(ahead) for ahead in range(1, 13 - month.number)]
    bills = standing.standing(standing.bills_of(scope, account_number, after))
    return tuple(Month.from_index(index) for index in sorted({bill.month_index for bill in bills}))
