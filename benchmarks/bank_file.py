"""A bank's file of payments from its bytes to the ledger, in rows a second; beside it the same payments taken one by one.

    python benchmarks/bank_file.py [--rows 100000] [--sample 500]
    scripts/with-postgres python benchmarks/bank_file.py …

Every account has two open bills, one of them late, so that late fees are reckoned and money is allocated; one row in a
hundred is for an account nobody knows and goes to suspense. Ours is the whole way: bytes kept and hashed, control figures
checked, rows judged against accounts and keys, payments, allocations, ledger entries, suspense, verdicts. The baseline is
a loop over ``flows.payments.take``, the way a single payment goes, for a sample of accounts with the same bills; what each
payment settled must be the same. Without ``WANDENG_DATABASE_URL`` the database is an SQLite file in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
AT, DAY = datetime(2026, 3, 20, 3, 0, tzinfo=UTC), date(2026, 3, 20)
BILLS = ((2026, 1, date(2026, 2, 25)), (2026, 2, date(2026, 3, 25)))
STRANGER = 100
"""One row in so many is for an account that does not exist."""
CHUNK = 50_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=500, help="payments of the baseline")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        import django

        django.setup()
        print(json.dumps(measure(chosen.rows, chosen.sample), indent=2))


def measure(rows: int, sample: int) -> dict[str, Any]:
    """Load, post the file, take the sample one by one, compare."""
    from django.core.management import call_command
    from django.db import connection

    from wandeng.domains.ledger import queries as ledger
    from wandeng.domains.payments.models import Payment
    from wandeng.flows import bank_files
    from wandeng.kernel.actors import SYSTEM

    call_command("migrate", verbosity=0)
    populate(rows + sample)
    content = file_of(rows)
    started = time.perf_counter()
    made = bank_files.receive(bank="402", file_name="bench.txt", chunks=[content], unit_code="C", actor=SYSTEM, at=AT)
    facts = bank_files.check_now(made, at=AT)
    checked = time.perf_counter()
    bank_files.post(file_id=made, actor=SYSTEM, at=AT)
    facts = bank_files.post_now(made, actor=SYSTEM, clock=lambda: AT)
    ended = time.perf_counter()
    loop_s = loop(rows, sample)
    found = {verdict: one.rows for verdict, one in facts.verdicts.items()}
    assert facts.state == "POSTED", facts.refusal
    assert sum(one.amount_fen for one in facts.verdicts.values()) == facts.total_fen
    assert Payment.objects.count() == found["POSTED"] + sample
    assert ledger.faults() == []
    ours, theirs = rows / (ended - started), sample / loop_s
    return {
        "database": connection.vendor,
        "ours": {
            "rows": rows,
            "seconds": round(ended - started, 1),
            "check_s": round(checked - started, 1),
            "post_s": round(ended - checked, 1),
            "rows_per_s": round(ours),
            "verdicts": found,
            "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        },
        "baseline": {"name": "flows.payments.take, one by one", "payments": sample, "rows_per_s": round(theirs)},
        "ratio": round(ours / theirs, 1),
        "identical": settled("bank:402:B1:", sample) == settled("loop:", sample),
    }


def amount(place: int, bill: int) -> int:
    """What a bill of the account at a place comes to, in fen."""
    return 30_00 + place % 977 * 13 + bill * 7_00


def populate(count: int) -> None:
    """One county and its accounts, two posted bills each."""
    import polars as pl

    from wandeng.domains.billing.models import Bill
    from wandeng.domains.customers.models import Customer, CustomerAccount
    from wandeng.domains.ledger import frames as ledger
    from wandeng.domains.organization.models import Unit
    from wandeng.infra import ids
    from wandeng.infra.columns import ColumnStore
    from wandeng.kernel.actors import SYSTEM
    from wandeng.kernel.ids import UnitId
    from wandeng.kernel.periods import Month

    unit = Unit.objects.create(id=ids.reserve(Unit, 1), code="C", name="县", kind="COUNTY", path="C/", territory="demo")
    customer = Customer.objects.create(id=ids.reserve(Customer, 1), code="C", name="客户", kind="PERSON")
    with ColumnStore() as store:
        for start in range(0, count, CHUNK):
            n = min(CHUNK, count - start)
            with store.transaction():
                first = ids.reserve_columns(store, CustomerAccount, n)
                place = pl.int_range(start, start + n, dtype=pl.Int64, eager=True)
                accounts = pl.DataFrame({"id": pl.int_range(first, first + n, eager=True), "place": place})
                shared = {
                    "customer_id": customer.pk, "unit_id": unit.pk, "name": "户", "address": "镇", "importance": "",
                    "customer_class": "RESIDENTIAL", "locality": "URBAN", "household_size": 0,
                    "opened_on": date(2020, 1, 1),
                }  # fmt: skip
                named = accounts.with_columns(
                    *(pl.lit(value).alias(name) for name, value in shared.items()),
                    account_number=(pl.col("place") + 10**9).cast(pl.String),
                )
                store.append(CustomerAccount, named.drop("place").to_arrow())
                for number, (year, month, due) in enumerate(BILLS):
                    bills = bill_rows(accounts, number, Month(year, month), due)
                    store.append(Bill, bills.to_arrow())
                    kept = pl.DataFrame(
                        store.read("SELECT id AS source, account_id FROM billing_bill WHERE month_index = ? AND "
                                   "account_id >= ?", (Month(year, month).index, first))
                    ).join(bills.select("account_id", "amount_fen"), on="account_id")  # fmt: skip
                    lines = kept.select("account_id", "source", "amount_fen", ledger_account=pl.lit("RECEIVABLE"))
                    total = pl.DataFrame(
                        {"account_id": [None], "source": [None], "amount_fen": [-lines["amount_fen"].sum()],
                         "ledger_account": ["REVENUE:ENERGY"]}, schema=lines.schema,
                    )  # fmt: skip
                    ledger.post(
                        store, biz_key=f"bench:{start}:{number}", kind="BILLS", unit=UnitId(unit.pk),
                        month=f"{year}-{month:02d}", lines=pl.concat([lines, total]).to_arrow(), at=AT, actor=SYSTEM,
                    )  # fmt: skip
        store.analyze([CustomerAccount, Bill])


def bill_rows(accounts: Any, number: int, month: Any, due: date) -> Any:
    """Heads of bills."""
    import polars as pl

    return accounts.select(
        shard_id=pl.lit(1, pl.Int64), account_id="id", month_index=pl.lit(month.index), revision=pl.lit(0),
        kind=pl.lit("ORDINARY"), period_from=pl.lit(month.first), period_to=pl.lit(month.next().first),
        energy_ckwh=pl.lit(100_00, pl.Int64), amount_fen=30_00 + pl.col("place") % 977 * 13 + number * 7_00,
        due_on=pl.lit(due),
    )  # fmt: skip


def file_of(rows: int) -> bytes:
    """A counter detail of the layout of bank 402."""
    from wandeng.infra.bank_layouts import writing
    from wandeng.infra.bank_layouts.reading import Heading
    from wandeng.infra.effective import current
    from wandeng.infra.effective.topics.bank_files import BankFiles

    body = current.library().version(BankFiles, on=DAY, territory="demo").body
    bank = body.bank("402")
    assert bank is not None
    listed = [
        {"serial": f"{i:08d}", "account_number": str((10**9 if i % STRANGER else 2 * 10**9) + i), "name": "付款人",
         "amount": paid(i), "day": DAY, "pay_mode": "110"}
        for i in range(rows)
    ]  # fmt: skip
    heading = Heading("21", "402", "B1", "C", DAY, rows, sum(paid(i) for i in range(rows)))
    return writing.write(body.layout_of(bank), heading, listed)


def paid(place: int) -> int:
    """The first bill and most of the second."""
    return amount(place, 0) + amount(place, 1) // 2


def loop(rows: int, sample: int) -> float:
    """The baseline: accounts beyond the file's, with the amounts of the file's first rows."""
    from wandeng.flows import payments
    from wandeng.kernel.actors import SYSTEM

    started = time.perf_counter()
    for i in range(sample):
        payments.take(
            key=f"loop:{i:08d}", account_number=str(10**9 + rows + i), amount_fen=paid(rows + i), tender="TRANSFER",
            channel="BANK_402", received_on=DAY, at=AT, actor=SYSTEM,
        )  # fmt: skip
    return time.perf_counter() - started


def settled(prefix: str, sample: int) -> dict[int, list[tuple[str, int]]]:
    """What payments settled, by what they came to: equal amounts met equal bills."""
    from wandeng.domains.payments.models import Allocation

    found: dict[int, dict[int, list[tuple[str, int]]]] = {}
    rows = Allocation.objects.filter(payment__key__startswith=prefix).order_by("payment_id", "id")
    wanted = {paid(place) for place in range(977)}
    loops = Allocation.objects.filter(payment__key__startswith="loop:").values_list("payment__amount_fen", flat=True)
    wanted &= set(loops)
    for payment, whole, kind, fen in rows.values_list("payment_id", "payment__amount_fen", "kind", "amount_fen"):
        if whole in wanted:
            found.setdefault(whole, {}).setdefault(payment, []).append((kind, fen))
    return {
        whole: next(iter(by.values())) for whole, by in found.items() if len({tuple(one) for one in by.values()}) == 1
    }


if __name__ == "__main__":
    main()
