"""The books of a month, entries, closing."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from wandeng.domains.ledger import queries
from wandeng.domains.ledger.types import AccountBalance
from wandeng.domains.organization import queries as organization
from wandeng.domains.purchases import actions as purchase_actions
from wandeng.domains.purchases import queries as purchases
from wandeng.flows import ledger_export, month_close, purchase_and_sale
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import Download, read, write
from wandeng.interfaces.doorway.lists.export import XLSX
from wandeng.kernel.periods import Month

_MONTH = "/units/{unit_code}/ledger/{month}"


def balances(scope: Scope, unit_code: str, month: Month) -> tuple[AccountBalance, ...]:
    """科目余额 of a unit and all below it."""
    unit = organization.unit(scope, unit_code)
    return queries.balances(scope, unit_path=unit.path, month=str(month))


def readiness(scope: Scope, unit_code: str, month: Month, at: datetime) -> month_close.Readiness:
    """What stands in the way of closing a month."""
    return month_close.readiness(scope, unit_code=unit_code, month=month, at=at)


def export(
    scope: Scope, unit_code: str, month: Month, library: RuleLibrary, format: Literal["xlsx", "journal"] = "xlsx"
) -> Download:
    """A month of the books as a workbook or as a journal."""
    found = ledger_export.books(scope, unit_code=unit_code, month=month, library=library)
    if format == "journal":
        return Download(f"ledger-{unit_code}-{month}.beancount", "text/plain", ledger_export.journal(found).encode())
    return Download(f"ledger-{unit_code}-{month}.xlsx", XLSX, ledger_export.workbook(found))


read(
    f"{_MONTH}/balances", balances, name="ledger-balances", like="console:ledger-balance", tag="ledger",
    about="科目余额 balances of a month",
)  # fmt: skip
read(
    f"{_MONTH}/readiness", readiness, name="ledger-readiness", like="console:ledger-balance", tag="ledger",
    about="关账前检查 what must be done before closing",
)  # fmt: skip
read(
    f"{_MONTH}/export", export, name="ledger-export", like="console:ledger-export", tag="ledger",
    about="导出账簿 a month of the books", files=(XLSX, "text/plain"),
)  # fmt: skip
write(
    f"{_MONTH}/close", month_close.close, name="ledger-close", like="console:ledger-close", tag="ledger",
    about="关账 close a month",
)  # fmt: skip
read(
    "/ledger-entries/{int:entry_id}", queries.entry, name="ledger-entry", like="console:ledger-entry", tag="ledger",
    about="记账凭证 an entry",
)  # fmt: skip
read(
    "/units/{unit_code}/sales/{month}", purchase_and_sale.statement, name="sales-statement", like="console:ledger-sales",
    tag="ledger", about="购售量价费 purchase, sale, price and revenue of a month",
)  # fmt: skip
read(
    "/purchases/{int:purchase_id}", purchases.purchase, name="purchase", like="console:ledger-purchases", tag="ledger",
    about="一笔购电结算 a purchase",
)  # fmt: skip
write(
    "/purchases/record", purchase_actions.record, name="purchase-record", like="console:ledger-purchase-new", tag="ledger",
    about="登记购电结算 record a purchase",
)  # fmt: skip
write(
    "/purchases/{int:purchase_id}/correct", purchase_actions.correct, name="purchase-correct",
    like="console:ledger-purchase-correct", tag="ledger", about="更正购电结算 correct a purchase",
)  # fmt: skip
