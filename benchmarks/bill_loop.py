"""The stored bill run as it is usually written: a loop over customers, objects through the ORM, a commit a bill.

The baseline of ``bill_run_stored.py``. It reads each customer's contract, meter and readings, prices them in Decimal
(``decimal_loop.py``) and writes bill, lines and ledger entry; it freezes nothing, checks nothing and explains nothing.
"""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import polars as pl
from decimal_loop import DecimalLoop, Row
from django.db import transaction

from wandeng.calc.rating.frames import LINES, Book, Kind, Measure, MonthBasis
from wandeng.domains.billing import frozen
from wandeng.domains.billing.frames.pricing import CHARGE_COLUMNS, ledger_account
from wandeng.domains.billing.models import Bill, BillCharge, BillLine, BillRun
from wandeng.domains.billing.types import LINE_NUMBERS
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.ledger import actions as ledger
from wandeng.domains.ledger.types import RECEIVABLE, Posting
from wandeng.infra import ids
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.ids import UnitId
from wandeng.kernel.periods import Month

BASELINE_REVISION = 100
UNKNOWN = [int(Kind.FREE_QUOTA), int(Kind.FEED_IN)]
REGISTERS = ("total", "sharp", "peak", "valley", "reactive")


def loop_over_customers(run_id: int, sample: int) -> tuple[float, bool]:
    """Bill the first accounts of a run once more; the seconds, and whether every stored line was the same."""
    run = BillRun.objects.get(pk=run_id)
    book, terms = frozen.read_book(run_id, book_hash=run.book_hash)
    month = Month.parse(run.month)
    loops = {adjusts: DecimalLoop(of_month(book, month, adjusts)) for adjusts in (True, False)}
    billed = list(Bill.objects.filter(revision=0).order_by("id").values_list("account_id", flat=True)[:sample])
    begun = time.perf_counter()
    for account_id in billed:
        _bill_customer(account_id, month, loops, book, run, terms.due_days)
    seconds = time.perf_counter() - begun
    return seconds, all(_same(account_id) for account_id in billed)


def of_month(book: Book, month: Month, adjusts: bool) -> Book:
    """The loop knows neither seasons, quotas, feed-in nor several power-factor standards: give it what it knows."""
    prices = pl.DataFrame(book.prices)
    wanted = (
        pl.when(pl.col("month_basis") == MonthBasis.READING_MONTH).then(month.next().number).otherwise(month.number)
    )
    in_season = (pl.col("month_mask").cast(pl.Int64) // pl.lit(2).pow(wanted - 1).cast(pl.Int64)) % 2 == 1
    factors = pl.DataFrame(book.conventions.power_factor).filter(pl.col("standard") == 90)
    facts = {name: getattr(book.conventions, name) for name in book.conventions.__dataclass_fields__}
    conventions = type(book.conventions)(**facts | {"power_factor": factors.to_arrow()})
    charged = ~pl.col("kind").is_in([*UNKNOWN, *([] if adjusts else [int(Kind.POWER_FACTOR)])]) & (
        pl.col("measure") != int(Measure.DEEP)
    )
    return Book(prices.filter(in_season & charged).to_arrow(), book.items, book.versions, book.structures, conventions)


def priced(account: CustomerAccount, month: Month, loops: dict[bool, DecimalLoop], book: Book) -> list[tuple[Any, ...]]:
    """The lines of a customer's month: contract, meter and readings read as objects, priced in Decimal."""
    period = month.period
    lines: list[tuple[Any, ...]] = []
    for point in account.usage_points.all():
        assigned = point.price_assignments.get(valid_from__lt=period.to_on, valid_to__gt=period.from_on)
        hung = point.installations.select_related("meter").get(removed_on__isnull=True)
        first = hung.readings.get(read_on=period.from_on, is_current=True)
        last = hung.readings.get(read_on=period.to_on, is_current=True)
        lines += loops[assigned.pf_standard > 0].bill(
            {"account_id": account.pk, "usage_point_id": point.pk, "period_from": period.from_on,
             "period_to": period.to_on, "months": 1, "tier_base_ckwh": 0, "tier_months": 12},
            {"structure_id": book.structures.index(assigned.price_code), "basic_method": assigned.basic_method,
             "running_capacity_ckva": assigned.running_capacity_ckva,
             "contract_demand_ckw": assigned.contract_demand_ckw},
            reading_of(hung, first, last),
        )  # fmt: skip
    return lines


@transaction.atomic
def _bill_customer(
    account_id: int, month: Month, loops: dict[bool, DecimalLoop], book: Book, run: BillRun, due_days: int
) -> None:
    """One customer as an object at a time."""
    period = month.period
    account = CustomerAccount.objects.get(pk=account_id)
    lines = priced(account, month, loops, book)
    rows = [dict(zip(LINES.names, line, strict=True)) for line in lines]
    bill = Bill.objects.create(
        id=ids.reserve(Bill, 1), shard_id=0, account=account, month_index=month.index, revision=BASELINE_REVISION,
        period_from=period.from_on, period_to=period.to_on, energy_ckwh=0,
        amount_fen=sum(row["amount_fen"] for row in rows), due_on=period.to_on.fromordinal(period.to_on.toordinal() + due_days),
    )  # fmt: skip
    BillLine.objects.bulk_create(_line(bill, row) for row in rows)
    postings = [Posting(RECEIVABLE, bill.amount_fen, account_id, bill.pk)]
    postings += [Posting(ledger_account(book.items[row["item_id"]], row["kind"]), -row["amount_fen"]) for row in rows]
    postings = [posting for posting in postings if posting.amount_fen]
    if not postings:
        return
    ledger.post(
        biz_key=f"loop:{bill.pk}", kind="BILL", unit=UnitId(run.unit_id), month=run.month,
        lines=postings, at=run.created_at, actor=SYSTEM,
    )  # fmt: skip


def reading_of(hung: Any, first: Any, last: Any) -> Row:
    read: Row = {
        "modulus_ckwh": 10**hung.meter.digits * 100,
        "multiplier": hung.multiplier,
        "demand_e4": last.demand_e4,
    }
    for name in REGISTERS:
        column = f"{name}_{'ckvarh' if name == 'reactive' else 'ckwh'}"
        read |= {f"{name}_start": getattr(first, column), f"{name}_end": getattr(last, column)}
    return read


def _line(bill: Bill, row: Row) -> BillLine:
    common = {stored: row[name] for name, stored in CHARGE_COLUMNS.items()}
    return BillLine(
        id=bill.pk * LINE_NUMBERS + row["line_no"], bill=bill, usage_point_id=row["usage_point_id"],
        charge_id=_charge(tuple(common.items())), quantity=row["quantity"], amount_fen=row["amount_fen"],
    )  # fmt: skip


@cache
def _charge(common: tuple[tuple[str, Any], ...]) -> int:
    """The charge with these values, made when it is first used."""
    return int(BillCharge.objects.create(**dict(common)).pk)


def _same(account_id: int) -> bool:
    """Whether the loop's lines are those of the run, in order, in every column."""
    names = ["usage_point_id", "quantity", "amount_fen", *(f"charge__{stored}" for stored in CHARGE_COLUMNS.values())]
    bills = {bill.revision: bill for bill in Bill.objects.filter(account_id=account_id)}
    ours, theirs = (
        list(BillLine.objects.filter(bill=bills[revision]).order_by("id").values_list(*names))
        for revision in (0, BASELINE_REVISION)
    )
    return ours == theirs and bills[0].amount_fen == bills[BASELINE_REVISION].amount_fen
