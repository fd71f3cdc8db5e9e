"""The end of an account as steps of its case: the final bill (末次电费) is drawn up, approved by a second person, and settled."""

from __future__ import annotations

from wandeng.domains.customers import queries as accounts
from wandeng.flows import final_bill
from wandeng.flows.bill_run import Workshop
from wandeng.flows.connections.deed import Deed
from wandeng.flows.connections.reading import last_day
from wandeng.infra.effective.roots import default_root


def draw_up(deed: Deed) -> None:
    """Price the final bill from the special reading; see :func:`wandeng.flows.final_bill.draw_up`."""
    final_bill.draw_up(
        account_number=deed.done.account_number, ends_on=last_day(deed), reason=deed.reason, actor=deed.actor, at=deed.at,
        shop=Workshop(deed.library, default_root()),
    )  # fmt: skip


def require_drawn_up(deed: Deed) -> None:
    """Raises ``FinalBillMissing``."""
    final_bill.required(accounts.account(deed.scope, deed.done.account_number), last_day(deed))


def bring_out(deed: Deed) -> None:
    """Approve the final bill as the second person, and have it owed; see :func:`wandeng.flows.final_bill.bring_out`."""
    final_bill.bring_out(
        account_number=deed.done.account_number, ends_on=last_day(deed), actor=deed.actor, at=deed.at
    )  # fmt: skip


def require_out(deed: Deed) -> None:
    """Raises ``FinalBillMissing``, ``FinalBillNotOut``."""
    final_bill.published(accounts.account(deed.scope, deed.done.account_number), last_day(deed))
