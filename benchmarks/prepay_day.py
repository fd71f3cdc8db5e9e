"""A day of prepay for a county, stored: readings, provisional bills, ledger, balances, warnings, against a loop over customers.

A synthetic unit is loaded into a real database by columns, everybody enrolled; then the product's own run computes the day
at which a month's readings are all in and nothing is billed yet, so that every price, tier and period is met. The baseline
reads, prices in Decimal and writes one customer at a time through the ORM; every estimate of the sample is compared.

    python benchmarks/prepay_day.py [--accounts 100000] [--sample 300]
    scripts/with-postgres python benchmarks/prepay_day.py …

Without ``WANDENG_DATABASE_URL`` it uses an SQLite file of its own in a temporary folder. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
DAY = date(2026, 10, 1)
AMOUNT = 12
"""Place of the amount in a line."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=300, help="accounts of the baseline")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        import django

        django.setup()
        print(json.dumps(measure(chosen.accounts, chosen.sample), indent=2))


def measure(accounts: int, sample: int) -> dict[str, object]:
    """Load, run the day, run it again, compare with the loop over customers."""
    from django.core.management import call_command
    from tests.kits import bill_world as world

    from wandeng.domains.collections.models import PrepayDay
    from wandeng.flows import prepay
    from wandeng.infra.columns import ColumnStore
    from wandeng.infra.effective.library import RuleLibrary
    from wandeng.infra.effective.roots import default_root
    from wandeng.kernel.actors import SYSTEM
    from wandeng.kernel.periods import Month

    call_command("migrate", verbosity=0, interactive=False)
    world.found()
    library = RuleLibrary.load(default_root())
    with ColumnStore() as store:
        world.populate(store, accounts, [Month(2026, 9)])
        enroll(store, library)
        if not store.is_sqlite:
            store.execute("ANALYZE")
    begun = time.perf_counter()
    done = prepay.day_run(unit_code=world.UNIT, day=DAY, actor=SYSTEM, at=world.NOW, library=library)
    ours = time.perf_counter() - begun
    begun = time.perf_counter()
    again = prepay.day_run(unit_code=world.UNIT, day=DAY, actor=SYSTEM, at=world.NOW, library=library)
    repeated = time.perf_counter() - begun
    seconds, same = loop(sample, library, dict(PrepayDay.objects.values_list("account_id", "estimate_fen")))
    baseline = seconds * accounts / sample
    return {
        "accounts": accounts, "computed": done.computed, "gaps": done.gaps, "doubts": done.doubts, "warned": done.warned,
        "ours_s": round(ours, 2), "repeated_s": round(repeated, 2), "computed_again": again.computed,
        "baseline": "loop over customers, ORM and Decimal", "sample": sample, "baseline_s": round(baseline, 1),
        "ratio": round(baseline / ours, 1), "identical": same,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def enroll(store: Any, library: Any) -> None:
    """Everybody signs on the first of the month."""
    import polars as pl
    from tests.kits import bill_world as world

    from wandeng.domains.collections.frames import prepay_loading
    from wandeng.kernel.actors import SYSTEM

    found = pl.DataFrame(store.read("SELECT id AS account_id FROM customers_customeraccount ORDER BY id"))
    rows = found.with_row_index("line").with_columns(
        territory=pl.lit("demo"), valid_from=pl.lit(date(2026, 9, 1)), document=pl.lit(""),
        agreed_warn_fen=pl.lit(None, pl.Int64),
    )  # fmt: skip
    with store.transaction():
        prepay_loading.load_prepay_agreements(store, rows, library=library, actor=SYSTEM, at=world.NOW)


def loop(sample: int, library: Any, ours: dict[int, int | None]) -> tuple[float, bool]:
    """The seconds for the first accounts, and whether every estimate was the same."""
    from bill_loop import of_month
    from decimal_loop import DecimalLoop

    from wandeng.domains.collections.models import PrepayDay
    from wandeng.domains.tariffs import frames as tariffs
    from wandeng.kernel.periods import Month

    month = Month(2026, 9)
    book = tariffs.book(library, territory="demo", from_on=month.previous().first, to_on=month.next().first)
    loops = {adjusts: DecimalLoop(of_month(book, month, adjusts)) for adjusts in (True, False)}
    computed = [account for account in sorted(ours) if ours[account] is not None][:sample]
    PrepayDay.objects.filter(account_id__in=computed).delete()
    begun = time.perf_counter()
    found = {account: one_customer(account, month, loops, book) for account in computed}
    return time.perf_counter() - begun, found == {account: ours[account] for account in computed}


def one_customer(account_id: int, month: Any, loops: Any, book: Any) -> int:
    """The day of one customer as objects: read, priced in Decimal, beside the ledger, written, committed."""
    from bill_loop import priced
    from django.db import transaction
    from django.db.models import Sum
    from tests.kits import bill_world as world

    from wandeng.domains.collections.models import PrepayAgreement, PrepayDay
    from wandeng.domains.customers.models import CustomerAccount
    from wandeng.domains.ledger.models import EntryLine

    with transaction.atomic():
        account = CustomerAccount.objects.get(pk=account_id)
        total = sum(line[AMOUNT] for line in priced(account, month, loops, book))
        owed = EntryLine.objects.filter(account_id=account_id).aggregate(fen=Sum("amount_fen"))["fen"] or 0
        PrepayDay.objects.create(
            agreement=PrepayAgreement.objects.get(account_id=account_id, state="ACTIVE"), account_id=account_id, day=DAY,
            estimate_fen=total, ledger_fen=-owed, balance_fen=-owed - total, computed_at=world.NOW,
        )  # fmt: skip
    return total


if __name__ == "__main__":
    main()
