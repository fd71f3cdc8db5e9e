"""The bill run of a province with everything stored: read, freeze, price, bills and lines and ledger, indexes kept.

A synthetic unit is loaded into a real database by columns; then the product's own bill run goes from the open month to
posted receivables, by shards that a killed run resumes. The baseline is a loop over customers through the ORM, one
transaction a bill, on a sample of the same accounts in the same database and run; every line of the sample is compared.

    python benchmarks/bill_run_stored.py [--accounts 200000 | --full] [--workers 2] [--shard 30000] [--sample 300]
    scripts/with-postgres --durable python benchmarks/bill_run_stored.py …

Without ``WANDENG_DATABASE_URL`` it uses an SQLite file of its own in a temporary folder. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

FULL = 5_700_000
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
os.environ.setdefault("POLARS_MAX_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=200_000)
    parser.add_argument("--full", action="store_true", help="5.7 million accounts")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--shard", type=int, help="accounts a shard (default: as the product cuts them)")
    parser.add_argument("--sample", type=int, default=300, help="accounts of the baseline")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        import django

        django.setup()
        print(json.dumps(measure(chosen), indent=2))


def measure(chosen: argparse.Namespace) -> dict[str, object]:
    """Load, run, post, compare with the loop over customers."""
    from bill_loop import loop_over_customers
    from bulk_load import bare_tables
    from django.core.management import call_command
    from django.db import connection
    from tests.kits import bill_world as world

    from wandeng.flows import bill_pool, bill_run
    from wandeng.infra.columns import ColumnStore
    from wandeng.kernel.periods import Month

    accounts, month = FULL if chosen.full else chosen.accounts, Month(2026, 9)
    call_command("migrate", verbosity=0, interactive=False)
    world.found()
    begun = time.perf_counter()
    with ColumnStore() as store:
        with bare_tables(world.POPULATED):
            world.populate(store, accounts, [month])
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)" if store.is_sqlite else "ANALYZE")
    load_s = time.perf_counter() - begun

    clock = Clock()
    with bill_pool.Pool(chosen.workers, worth_jobs=2) as pool:
        shop = replace(bill_run.Workshop.default(pool), shard_accounts=chosen.shard)
        clock.start()
        view = bill_run.run(
            unit_code=world.UNIT, month=month, actor=world.MAKER, at=world.NOW, shop=shop, progress=clock.tell
        )
        checked_s = clock.elapsed()
        approve(view)
        view = bill_run.post(view.run_id, actor=world.MAKER, at=world.NOW, pool=pool, progress=clock.tell)
        total_s = clock.elapsed()
        peaks = [peak_mb(child.pid) for child in multiprocessing.active_children()]
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF)
    baseline_s, identical = loop_over_customers(view.run_id, min(chosen.sample, accounts))
    a_second, loop_a_second = view.totals.accounts / total_s, min(chosen.sample, accounts) / baseline_s
    return {
        "benchmark": "bill_run_stored",
        "database": connection.vendor,
        "accounts": view.totals.accounts,
        "bills": view.totals.bills,
        "lines": view.totals.lines,
        "parked": view.totals.parked,
        "amount_fen": view.totals.amount_fen,
        "workers": chosen.workers,
        "shards": view.shards,
        "load_s": round(load_s, 1),
        "ours": {
            "seconds": round(total_s, 2),
            "to_checked_s": round(checked_s, 2),
            "steps_until_s": clock.steps,
            "accounts_per_s": round(a_second),
            "worker_cpu_s": round(workers.ru_utime + workers.ru_stime, 1),
            "peak_mb_a_worker": max(peaks),
            "peak_mb_parent": round(own.ru_maxrss / 1024),
        },
        "baseline": {
            "name": "loop over customers through the ORM, one transaction a bill, lines in one bulk_create",
            "accounts": min(chosen.sample, accounts),
            "accounts_per_s": round(loop_a_second, 1),
        },
        "ratio": round(a_second / loop_a_second, 1),
        "identical": identical,
    }


def approve(view: object) -> None:
    """The second person; the synthetic unit has no history, so nothing halts it."""
    from tests.kits import bill_world as world

    from wandeng.domains.billing.actions import runs

    runs.approve(run=view.run_id, actor=world.CHECKER, at=world.NOW)  # type: ignore[attr-defined]


def peak_mb(pid: int | None) -> int:
    """The most memory a process has held, by the kernel's own count. (What the parent is told of its children at their end
    is no measure: a child begins as a copy of the parent, and the parent has loaded the whole unit.)"""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return round(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024)


class Clock:
    """When each step of the run was over, in seconds from the start."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self._begun = 0.0

    def start(self) -> None:
        self._begun = time.perf_counter()

    def elapsed(self) -> float:
        return time.perf_counter() - self._begun

    def tell(self, step: str, _done: int, _of: int) -> None:
        self.steps[step] = round(self.elapsed(), 2)


if __name__ == "__main__":
    main()
