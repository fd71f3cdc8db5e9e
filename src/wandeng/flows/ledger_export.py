"""A month of the books for others: a workbook for the accounting system, a journal for an independent checker."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import xlsxwriter

from wandeng.domains.ledger import queries as ledger
from wandeng.domains.ledger.types import AccountBalance, EntryFacts, Heading
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.money import FEN_PER_YUAN, format_scaled
from wandeng.kernel.periods import BILLING_ZONE, Month

OPENING = "Equity:Opening-Balances"
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Books:
    """A month of a unit's books: balances of each ledger account, its heading, and the entries."""

    unit: UnitNode
    month: Month
    balances: tuple[AccountBalance, ...]
    heading_of: Callable[[str], Heading]
    entries: list[EntryFacts]


def books(scope: Scope, *, unit_code: str, month: Month, library: RuleLibrary) -> Books:
    """The books of a unit and all below it. Raises :class:`NotFound` for a unit outside the scope, ``NoRuleInForce``
    without a chart of accounts, :class:`InvalidInput` for a ledger account that stands under no heading."""
    unit = organization.unit(scope, unit_code)
    return Books(
        unit, month,
        ledger.balances(scope, unit_path=unit.path, month=str(month)),
        ledger.headings(library, on=month.first),
        ledger.entries_of(scope, unit_path=unit.path, month=str(month)),
    )  # fmt: skip


def workbook(found: Books) -> bytes:
    """XLSX with two sheets: balances by heading and ledger account (科目余额), and the vouchers (凭证) line by line.
    Amounts are yuan as numbers."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        _balance_sheet(book.add_worksheet("科目余额"), found, bold, money)
        _voucher_sheet(book.add_worksheet("凭证"), found, bold, money, day)
    return target.getvalue()


def _balance_sheet(sheet: xlsxwriter.worksheet.Worksheet, found: Books, bold: object, money: object) -> None:
    sheet.freeze_panes(1, 3)
    sheet.set_column(0, 2, 18)
    sheet.set_column(3, 6, 16)
    sheet.write_row(0, 0, ("科目编码", "科目名称", "明细科目", "期初余额", "本期借方", "本期贷方", "期末余额"), bold)
    for line, one in enumerate(found.balances, start=1):
        heading = found.heading_of(one.ledger_account)
        sheet.write_row(line, 0, (heading.code, heading.name_zh, one.ledger_account))
        amounts = (one.opening_fen, one.debit_fen, one.credit_fen, one.closing_fen)
        for place, amount in enumerate(amounts, start=3):
            sheet.write_number(line, place, amount / FEN_PER_YUAN, money)


def _voucher_sheet(
    sheet: xlsxwriter.worksheet.Worksheet, found: Books, bold: object, money: object, day: object
) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 6, 18)
    sheet.set_column(7, 8, 16)
    sheet.write_row(
        0, 0, ("凭证号", "记账日期", "单位", "业务类型", "业务键", "科目编码", "明细科目", "借方", "贷方"), bold
    )
    line = 0
    for entry in found.entries:
        posted = entry.posted_at.astimezone(BILLING_ZONE).date()
        for name, amount in entry.lines:
            line += 1
            sheet.write_number(line, 0, entry.entry_id)
            sheet.write_datetime(line, 1, posted, day)
            sheet.write_row(line, 2, (entry.unit_code, entry.kind, entry.biz_key, found.heading_of(name).code, name))
            sheet.write_number(line, 7 if amount > 0 else 8, abs(amount) / FEN_PER_YUAN, money)


def journal(found: Books) -> str:
    """The month as a journal in the syntax of Beancount, with the opening balances it begins with and an assertion of
    every balance it ends with: a program that knows nothing of this one adds it up again."""
    return "\n".join(_journal(found)) + "\n"


def _journal(found: Books) -> Iterator[str]:
    first, after = found.month.first, found.month.next().first
    names = sorted({one.ledger_account for one in found.balances})
    yield f'option "title" "{found.unit.code} {found.month}"'
    yield 'option "operating_currency" "CNY"'
    yield f"{first} open {OPENING}"
    for name in names:
        yield f"{first} open {_account(found, name)} CNY"
    for one in found.balances:
        if one.opening_fen:
            yield from _transaction(first, "*", f"期初 {one.ledger_account}", [
                (_account(found, one.ledger_account), one.opening_fen), (OPENING, -one.opening_fen)
            ])  # fmt: skip
    for entry in found.entries:
        posted = min(max(entry.posted_at.astimezone(BILLING_ZONE).date(), first), after - timedelta(days=1))
        lines = [(_account(found, name), amount) for name, amount in entry.lines]
        yield from _transaction(posted, "*", f"{entry.kind} {entry.biz_key}", lines)
    for one in found.balances:
        yield f"{after} balance {_account(found, one.ledger_account)} {format_scaled(one.closing_fen, 2)} CNY"


def _transaction(on: date, flag: str, text: str, lines: list[tuple[str, int]]) -> Iterator[str]:
    yield f'{on} {flag} "{text.replace(chr(34), chr(39))}"'
    for name, amount in lines:
        yield f"  {name}  {format_scaled(amount, 2)} CNY"


def _account(found: Books, name: str) -> str:
    """``REVENUE:LATE_FEE`` → ``Income:C6301:REVENUE:LATE-FEE``: parts begin with a capital and hold no other sign."""
    heading = found.heading_of(name)
    parts = [_NOT_A_NAME.sub("-", part).strip("-") for part in name.split(":")]
    return ":".join([heading.root, f"C{heading.code}", *(part if part[:1].isupper() else f"X{part}" for part in parts)])
