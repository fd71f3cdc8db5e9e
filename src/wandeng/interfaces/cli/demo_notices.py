"""What the outbox of the demonstration holds: a few hundred customers told of their bills, numbers for staff, an opt-out."""

from __future__ import annotations

from datetime import datetime, timedelta

from wandeng.domains.customers import queries as customers
from wandeng.domains.notices import actions, queries
from wandeng.domains.organization import queries as organization
from wandeng.flows import bill_notices, notice_delivery
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE, Month

TOLD = 300
TEMPLATE = "bill_published"


def tell(unit_code: str, month: Month, now: datetime) -> int:
    """Tell some customers of the unit of their bills of the month and deliver it; returns how many. Twice is once."""
    now = _morning(now)
    actions.install_defaults(actor=SYSTEM, at=now)
    _give_staff_numbers(now)
    if not queries.recipient_rows(Scope.everywhere()).filter(template_code=TEMPLATE).exists():
        _opt_somebody_out(now)
        bill_notices.announce(unit_code=unit_code, month=month, actor=SYSTEM, at=now, most=TOLD)
    notice_delivery.deliver_all(clock=lambda: now)
    return queries.recipient_rows(Scope.everywhere()).filter(template_code=TEMPLATE).count()


def _morning(now: datetime) -> datetime:
    """The last ten o'clock: an hour at which anything may leave, whenever the demonstration is made."""
    local = now.astimezone(BILLING_ZONE)
    ten = local.replace(hour=10, minute=0, second=0, microsecond=0)
    return ten if ten <= local else ten - timedelta(days=1)


def _give_staff_numbers(now: datetime) -> None:
    """Those who are told of orders have a number; invented ones, 139 and the number of the account."""
    for place, account in enumerate(organization.demo_accounts(), start=1):
        actions.set_address(channel="SMS", address=f"139{place:08d}", person=account.person_code, actor=SYSTEM, at=now)


def _opt_somebody_out(now: datetime) -> None:
    first = customers.account_rows(Scope.everywhere()).order_by("account_number").first()
    if first is not None:
        actions.opt_out(
            account_number=first["account_number"], purpose="BILL", source="REPLY", actor=SYSTEM, at=now,
            reason="短信回复退订",
        )  # fmt: skip
