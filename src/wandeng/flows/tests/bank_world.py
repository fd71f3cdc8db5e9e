"""A county that sends files to banks and gets some back: accounts, bills, agreements, and files as a bank writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from wandeng.domains.payments.actions import bank_agreements
from wandeng.domains.payments.models import BankFileRow
from wandeng.domains.payments.queries.bank_values import BankFileFacts
from wandeng.domains.payments.tests import make
from wandeng.flows import bank_files, bank_requests
from wandeng.infra.bank_layouts import reading, writing
from wandeng.infra.bank_layouts.reading import Heading
from wandeng.infra.bank_layouts.tests import make as layouts

AT, TODAY, ACCOUNTANT = make.AT, make.TODAY, make.ACCOUNTANT
BANK, COUNTER = "402", "21"
"""A bank with comma-separated files."""
UNIT = "BS"


def clock() -> Any:
    return AT


def sign(account: str, *, bank: str = BANK, kind: str = "DEBIT", digits: str = "62220000000", number: str = "") -> None:
    bank_agreements.sign_bank_agreement(
        number=number or f"XY{account}", bank=bank, account_number=account, kind=kind,
        bank_account=f"{digits}{account}", holder=f"户主{account}", signed_on=date(2026, 1, 5), actor=ACCOUNTANT, at=AT,
    )  # fmt: skip


def row(serial: int, account: str, amount: int, **other: Any) -> dict[str, Any]:
    return {
        "serial": f"{serial:08d}", "account_number": account, "name": f"付款人{serial}", "amount": amount, "day": TODAY,
        "result": "00", "bank_account": f"62220000000{account}",
    } | other  # fmt: skip


def written(
    rows: Iterable[Mapping[str, Any]], *, kind: str = COUNTER, bank: str = BANK, batch: str = "B1", day: date = TODAY
) -> bytes:
    """A file of the bank's layout whose control figures hold."""
    listed = list(rows)
    code = layouts.rules().bank(bank)
    assert code is not None
    total = sum(one["amount"] for one in listed)
    return writing.write(layouts.layout(code.layout), Heading(kind, bank, batch, UNIT, day, len(listed), total), listed)


def bring(content: bytes, *, bank: str = BANK, name: str = "bank.txt") -> BankFileFacts:
    """Bring a file and look it through."""
    made = bank_files.receive(
        bank=bank, file_name=name, chunks=[content], unit_code=UNIT, actor=ACCOUNTANT, at=AT
    )  # fmt: skip
    return bank_files.check_now(made, at=AT)


def book(facts: BankFileFacts, *, reason: str = "") -> BankFileFacts:
    """Post a checked file."""
    bank_files.post(file_id=facts.file_id, reason=reason, actor=ACCOUNTANT, at=AT)
    return bank_files.post_now(facts.file_id, actor=ACCOUNTANT, clock=clock)


def ask(kind: str = "01", *, bank: str = BANK) -> tuple[bank_requests.Made, list[dict[str, Any]]]:
    """Make a request; the file and its rows as the bank reads them."""
    made = bank_requests.export(kind=kind, bank=bank, unit_code=UNIT, on=TODAY, actor=ACCOUNTANT, at=AT)
    path = bank_files.content_path(
        bank_files.queries.bank_file(bank_files.Scope.everywhere(), made.file_id).content_hash
    )
    code = layouts.rules().bank(bank)
    assert code is not None
    found = reading.read(path, layouts.layout(code.layout), bank=bank)
    rows = [
        {**one, "amount": one["amount_fen"], "day": TODAY, "batch": found.heading.batch}
        for one in found.rows.iter_rows(named=True)
    ]
    return made, rows


def verdicts(file_id: int) -> list[tuple[str, str]]:
    return list(BankFileRow.objects.filter(file_id=file_id).order_by("line").values_list("verdict", "reason"))
