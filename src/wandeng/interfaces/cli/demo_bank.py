"""What the accountant of a demonstration finds: a debit run that came back, a counter's file, money nobody knows, a day
that does not agree. The bank is played here; everything else goes through the product's own doors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from wandeng.domains.customers import queries as customers
from wandeng.domains.organization import queries as organization
from wandeng.domains.payments.actions import bank_agreements
from wandeng.domains.payments.queries import bank_files as queries
from wandeng.flows import bank_files, bank_requests
from wandeng.infra.bank_layouts import reading, writing
from wandeng.infra.bank_layouts.reading import Heading
from wandeng.infra.effective.topics.bank_files import BankLayout
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

ACCOUNTANT = "account2"
DEBIT_BANK, COUNTER_BANK = "102", "402"
AGREEMENTS, AT_THE_COUNTER = 120, 40
NOT_ENOUGH = 9
"""One in so many debits meets an account without money."""
TYPED_WRONGLY = ("4300000000001", "0000", "9")

Row = Mapping[str, Any]


def leave_bank_files(now: datetime) -> int:
    """Agreements of an office, a debit run with its result, a counter's file with strangers, and the counter's detail with
    a difference. Done once; returns how many files there are."""
    everywhere = Scope.everywhere()
    if queries.file_rows(everywhere).exists():
        return queries.file_rows(everywhere).count()
    today = now.astimezone(BILLING_ZONE).date()
    actor = organization.actor_for(ACCOUNTANT, today)
    unit = _largest_office(Scope.of(actor))
    owing = _owing(unit, today - timedelta(days=5), actor, now)
    signing = owing[: min(AGREEMENTS, len(owing) * 2 // 3)]
    _sign(signing, today, actor, now)
    _debit(unit, today, actor, now)
    rest = owing[len(signing) :][:AT_THE_COUNTER]
    _counter(unit, rest, today - timedelta(days=1), actor, now)
    return queries.file_rows(everywhere).count()


def _largest_office(scope: Scope) -> str:
    """The unit with the most accounts of its own."""
    ((code, _),) = Counter(customers.account_rows(scope).values_list("unit_code", flat=True)).most_common(1)
    return str(code)


def _owing(unit: str, on: date, actor: Actor, now: datetime) -> list[Row]:
    """Who owes, as the office tells a bank for its counters."""
    try:
        made = bank_requests.export(kind="06", bank=COUNTER_BANK, unit_code=unit, on=on, actor=actor, at=now)
    except InvalidInput:
        return []
    return _rows(made.file_id, COUNTER_BANK, unit, on)


def _sign(rows: Iterable[Row], today: date, actor: Actor, now: datetime) -> None:
    for place, row in enumerate(rows):
        number = str(row["account_number"])
        bank_agreements.sign_bank_agreement(
            number=f"DK{number}", bank=DEBIT_BANK, account_number=number, kind="DEBIT",
            bank_account=f"622202{place:06d}{number[-6:]}", holder=str(row["name"]),
            signed_on=today - timedelta(days=400 - place), actor=actor, at=now,
        )  # fmt: skip


def _debit(unit: str, today: date, actor: Actor, now: datetime) -> None:
    """Ask the bank; what it could not take says why."""
    asked_on, told_on = today - timedelta(days=4), today - timedelta(days=2)
    try:
        made = bank_requests.export(kind="01", bank=DEBIT_BANK, unit_code=unit, on=asked_on, actor=actor, at=now)
    except InvalidInput:
        return
    batch = queries.bank_file(Scope.everywhere(), made.file_id).batch
    told = [
        {**row, "day": told_on, "result": "01" if place % NOT_ENOUGH == NOT_ENOUGH - 1 else "00"}
        for place, row in enumerate(_rows(made.file_id, DEBIT_BANK, unit, asked_on))
    ]
    _bring(_written("10", DEBIT_BANK, batch, unit, told_on, told), "批扣结果.txt", DEBIT_BANK, unit, actor, now)


def _counter(unit: str, owing: list[Row], on: date, actor: Actor, now: datetime) -> None:
    """A day at the bank's counter: most pay their debt, three are typed wrongly; then the bank's own detail of the day, in
    which one payment is missing and one stands that was in no file."""
    paid: list[dict[str, Any]] = [
        {**row, "serial": f"{place:08d}", "day": on, "pay_mode": "110"} for place, row in enumerate(owing, start=1)
    ]
    for row, number in zip(paid, TYPED_WRONGLY, strict=False):
        row["account_number"] = number
    batch = f"GT{on:%Y%m%d}"
    _bring(_written("21", COUNTER_BANK, batch, unit, on, paid), "柜台代收.csv", COUNTER_BANK, unit, actor, now)
    detail: list[dict[str, Any]] = [{**row, "reference": f"{batch}:{row['serial']}"} for row in paid[:-1]]
    detail.append({"serial": "99999999", "account_number": "", "amount": 66_60, "day": on, "reference": "GT-MANUAL:1"})
    _bring(
        _written("03", COUNTER_BANK, f"DZ{on:%Y%m%d}", unit, on, detail), "对账明细.csv", COUNTER_BANK, unit, actor, now
    )


def _bring(content: bytes, name: str, bank: str, unit: str, actor: Actor, now: datetime) -> None:
    made = bank_files.receive(bank=bank, file_name=name, chunks=[content], unit_code=unit, actor=actor, at=now)
    if bank_files.check_now(made, at=now).state == "CHECKED":
        bank_files.post(file_id=made, actor=actor, at=now)
        bank_files.post_now(made, actor=actor, clock=lambda: now)


def _layout(bank: str, unit: str, on: date) -> BankLayout:
    body = bank_files.rules(organization.unit(Scope.everywhere(), unit).territory, on).body
    return body.layout_of(bank_files.bank_of(body, bank))


def _rows(file_id: int, bank: str, unit: str, on: date) -> list[Row]:
    """A file of ours as the bank reads it."""
    facts = queries.bank_file(Scope.everywhere(), file_id)
    found = reading.read(bank_files.content_path(facts.content_hash), _layout(bank, unit, on), bank=bank)
    return [{**row, "amount": row["amount_fen"]} for row in found.rows.iter_rows(named=True)]


def _written(kind: str, bank: str, batch: str, unit: str, on: date, rows: list[Any]) -> bytes:
    heading = Heading(kind, bank, batch, unit[:16], on, len(rows), sum(int(row["amount"]) for row in rows))
    return writing.write(_layout(bank, unit, on), heading, rows)
