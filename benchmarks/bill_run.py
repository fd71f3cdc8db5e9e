"""The bill run of a province, pricing alone: shards of frozen readings in, lines and heads out.

The synthetic mix of ``synthetic.py`` is priced by ``wandeng.calc.rating`` in worker processes; a plain Decimal loop
prices a sample in the same run, and every line of the sample is compared. Only rating is timed: shards are made, or read
from Parquet, before the clock starts, each worker has priced a small shard before its first one, and without --full the
best of three ratings of a shard counts.

    python benchmarks/bill_run.py [--accounts 200000 | --full] [--workers 2] [--engine inline|pool|spark]

Prints one JSON object. ``accounts_per_s`` is accounts over the pricing time of the busiest worker; ``per_cpu_s`` is
accounts per second of processor time, which says the same on a machine that others use too.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import synthetic
from decimal_loop import DecimalLoop

from wandeng.calc.rating import pool
from wandeng.calc.rating.frames import LINES, Book, Rated, Shard
from wandeng.calc.rating.shard import rate

SHARD = 100_000
FULL = 5_700_000
TABLES = ("points", "terms", "reads")


@dataclass(frozen=True)
class Job:
    """Accounts of one shard, where its tables lie if they were stored, and how often to rate it."""

    first: int
    accounts: int
    folder: str | None
    repeat: int


@dataclass(frozen=True)
class Outcome:
    """What a worker says about a shard it priced."""

    worker: int
    seconds: float
    cpu_seconds: float
    heads: int
    lines: int
    findings: int
    amount_fen: int
    peak_kb: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=200_000)
    parser.add_argument("--full", action="store_true", help=f"{FULL:,} accounts in shards of {SHARD:,}")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--engine", choices=("inline", "pool", "spark"), default="pool")
    parser.add_argument("--sample", type=int, default=20_000, help="accounts for the Decimal loop (default 20000)")
    parser.add_argument("--repeat", type=int, default=3, help="ratings of each shard, the best counts")
    parser.add_argument("--parquet", type=Path, help="store the shards here first and read them back")
    arguments = parser.parse_args()
    accounts = FULL if arguments.full else arguments.accounts
    book = synthetic.book()
    if arguments.engine == "spark":
        import spark_cluster  # needs the optional extra

        print(json.dumps(spark_cluster.run(accounts, SHARD, arguments.workers), indent=2))
        return
    workers = 1 if arguments.engine == "inline" else arguments.workers
    jobs = _jobs(accounts, arguments.parquet, 1 if arguments.full else arguments.repeat)
    ours = _run(jobs, book, workers)
    speed, per_cpu = accounts / ours["pricing_s"], accounts / ours["pricing_cpu_s"]
    baseline, baseline_per_cpu, identical, compared = _baseline(book, arguments.sample)
    print(
        json.dumps(
            {
                "benchmark": "bill_run",
                "engine": arguments.engine,
                "workers": workers,
                "accounts": accounts,
                "ours": {"accounts_per_s": round(speed), "accounts_per_cpu_s": round(per_cpu), **ours},
                "baseline": {
                    "name": "Decimal loop, one process",
                    "accounts_per_s": round(baseline),
                    "accounts_per_cpu_s": round(baseline_per_cpu),
                },
                "ratio": round(speed / baseline, 1),
                "ratio_per_cpu_s": round(per_cpu / baseline_per_cpu, 1),
                "identical": identical,
                "lines_compared": compared,
            },
            indent=2,
        )
    )


def _jobs(accounts: int, folder: Path | None, repeat: int) -> list[Job]:
    jobs = [
        Job(first, min(SHARD, accounts - first), str(folder) if folder else None, repeat)
        for first in range(0, accounts, SHARD)
    ]
    for job in jobs if folder else []:
        for name in TABLES:
            pq.write_table(getattr(_made(job), name), _stored(job, name), compression="zstd")
    return jobs


def _run(jobs: list[Job], book: Book, workers: int) -> dict[str, object]:
    started = time.perf_counter()
    busy: dict[int, float] = defaultdict(float)
    peak: dict[int, int] = defaultdict(int)
    cpu = 0.0
    totals = {"heads": 0, "lines": 0, "findings": 0, "amount_fen": 0}
    for outcome in pool.run(_price, jobs, book, workers):
        busy[outcome.worker] += outcome.seconds
        peak[outcome.worker] = max(peak[outcome.worker], outcome.peak_kb)
        cpu += outcome.cpu_seconds
        for name in totals:
            totals[name] += getattr(outcome, name)
    return {
        "pricing_s": round(max(busy.values()), 3),
        "pricing_cpu_s": round(cpu, 3),
        "wall_with_making_s": round(time.perf_counter() - started, 1),
        "peak_mb": round(sum(peak.values()) / 1024),
        **totals,
    }


def _price(job: Job, book: Book) -> Outcome:
    _warm()
    shard = _loaded(job) if job.folder else _made(job)
    times = []
    for _ in range(job.repeat):
        started, cpu_started = time.perf_counter(), time.process_time()
        rated = rate(shard, book)
        times.append((time.perf_counter() - started, time.process_time() - cpu_started))
    seconds, cpu_seconds = min(times)
    return Outcome(
        os.getpid(),
        seconds,
        cpu_seconds,
        rated.heads.num_rows,
        rated.lines.num_rows,
        rated.findings.num_rows,
        pc.sum(rated.heads["amount_fen"]).as_py(),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    )


@cache
def _warm() -> None:
    rate(synthetic.shard(0, SHARD // 10), synthetic.book())


def _made(job: Job) -> Shard:
    return synthetic.shard(job.first, job.accounts)


def _loaded(job: Job) -> Shard:
    return Shard(*(pq.read_table(_stored(job, name)) for name in TABLES))


def _stored(job: Job, name: str) -> Path:
    folder = Path(str(job.folder)) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{job.first:09d}.parquet"


def _baseline(book: Book, accounts: int) -> tuple[float, float, bool, int]:
    """Accounts a second and a processor second of the Decimal loop; whether every line of the sample is ours; lines."""
    shard = synthetic.shard(0, accounts)
    loop = DecimalLoop(book)
    customers = list(zip(*(getattr(shard, name).to_pylist() for name in TABLES), strict=True))
    started, cpu_started = time.perf_counter(), time.process_time()
    bills = [loop.bill(*customer) for customer in customers]
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    rated: Rated = rate(shard, book)
    lines = [line for bill in bills for line in bill]
    theirs = pa.Table.from_arrays(
        [pa.array(column, field.type) for column, field in zip(zip(*lines, strict=True), LINES, strict=True)],
        schema=LINES,
    )
    return accounts / seconds, accounts / cpu_seconds, rated.lines.equals(theirs), theirs.num_rows


if __name__ == "__main__":
    main()
