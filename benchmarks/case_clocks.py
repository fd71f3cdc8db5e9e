"""A million stored clocks of cases told anew after a corrected calendar: read, computed by columns, written.

    python benchmarks/case_clocks.py [--clocks 1000000] [--loop 3000]
    scripts/with-postgres python benchmarks/case_clocks.py …

The clocks are loaded in bulk as the actions would leave them, half of them in working days, one in three with pauses; then a day
off is added to the calendar and the product's own ``frames.recompute`` runs over all. ``compute_s`` is the arithmetic alone over
the same rows, ``loop_s`` the function that an action uses, on a share of them; ``identical``: both say the same. ``whole_cpu_s`` leaves out PostgreSQL's
own processes. Without
``WANDENG_DATABASE_URL`` the database is an SQLite file in a temporary folder. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
CLOCKS_A_CASE = 2
GOAL_S = 5
NOW = datetime(2026, 10, 9, 4, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clocks", type=int, default=1_000_000)
    parser.add_argument("--loop", type=int, default=3_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        import django

        django.setup()
        print(json.dumps(measure(chosen.clocks, chosen.loop), indent=2))


def corrected(charter: Any) -> Any:
    """The charter with one more day off."""
    from wandeng.calc.clocks.days import DayLine
    from wandeng.domains.cases.types import Charter
    from wandeng.infra.effective.working_days import working_calendar
    from wandeng.kernel.calendars import WorkingCalendar

    known = working_calendar(charter.rules, 2026, 2027)
    year = replace(known.years[0], holidays=known.years[0].holidays | {date(2026, 10, 13)})
    line = DayLine.of(WorkingCalendar.of([year, *known.years[1:]]))

    @dataclass(frozen=True)
    class Corrected(Charter):
        def days(self) -> DayLine:
            return line

    return Corrected(charter.processes, charter.rules)


def load(count: int) -> None:
    """Cases with two clocks each: a complaint's first answer and its end, in working days or hours."""
    import numpy as np
    import polars as pl
    import pyarrow as pa

    from wandeng.domains.cases.actions import intake
    from wandeng.domains.cases.models import Case, CaseClock
    from wandeng.domains.cases.tests import make
    from wandeng.domains.cases.types import Charter, Request
    from wandeng.infra.columns import ColumnStore

    make.county()
    charter = Charter.current()
    body = charter.processes.version("complaint", on=NOW.date()).body
    answers = {one.code: "YES" if one.kind == "YES_NO" else one.choices[0].code if one.choices else "文字"
               for one in body.fields if one.by == "START" and one.kind not in ("DATE", "INSTANT", "PHONE", "WHOLE")}  # fmt: skip
    request = Request("complaint", "PHONE_95598", answers, account_number=make.ACCOUNT)
    intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=NOW, charter=charter)
    model = {one.column: getattr(Case.objects.get(), one.attname) for one in Case._meta.concrete_fields}
    clock = body.clocks[0].code
    cases, dice = count // CLOCKS_A_CASE, np.random.default_rng(5)
    started = int(NOW.timestamp()) * 1_000_000 - dice.integers(0, 30 * 86_400, cases) * 1_000_000
    with ColumnStore() as store, store.transaction():
        ids = np.arange(10, 10 + cases)
        shown = {name: pa.array([value] * cases) for name, value in model.items() if value is not None}
        shown |= {"id": pa.array(ids), "number": pa.array([f"N{one}" for one in ids])}
        store.append(Case, pa.table(shown))
        owner = np.repeat(ids, CLOCKS_A_CASE)
        low = np.repeat(started, CLOCKS_A_CASE)
        pause = [f"[[{at + 3_600_000_000},{at + 90_000_000_000}]]" if place % 3 == 0 else "[]"
                 for place, at in enumerate(low.tolist())]  # fmt: skip
        rows = pl.DataFrame(
            {
                "case_id": owner, "clock": [clock] * count, "round": np.tile([1, 2], cases), "run": [1] * count,
                "started_at": low, "is_finished": [False] * count, "is_paused": [False] * count, "pauses": pause,
                "amount": np.tile([5, 24], cases), "measure": ["WORKING_DAY", "HOUR"] * cases,
                "commitment": [""] * count, "rule_path": [""] * count, "told_percent": [0] * count,
            }
        ).with_columns(pl.from_epoch("started_at", time_unit="us").dt.replace_time_zone("UTC"))  # fmt: skip
        store.append(CaseClock, rows.to_arrow())


def measure(count: int, sample: int) -> dict[str, Any]:
    """Load, bring in line, correct the calendar, recompute."""
    from django.core.management import call_command
    from django.db import connection

    from wandeng.domains.cases import frames
    from wandeng.domains.cases.frames import clocks as columns
    from wandeng.domains.cases.types import Charter
    from wandeng.infra import pii
    from wandeng.infra.columns import ColumnStore

    call_command("migrate", verbosity=0)
    pii.create_key()
    load(count)
    charter = Charter.current()
    with ColumnStore() as store:
        frames.recompute(store, charter=charter)
        other = corrected(charter)
        begun = time.perf_counter()
        with store.transaction():
            stored = columns.read(store, 0, 1 << 40)
        read_s = time.perf_counter() - begun
        begun = time.perf_counter()
        told = columns.told(stored, other, other.days())
        compute_s = time.perf_counter() - begun
        begun, busy = time.perf_counter(), time.process_time()
        done = frames.recompute(store, charter=other)
        whole_s, whole_cpu_s = time.perf_counter() - begun, time.process_time() - busy
    loop_s, said = loop(stored.head(sample)["clock"].to_list(), other)
    ours = told.head(sample).select("due_at", "next_percent", "next_at").rows()
    return {
        "database": connection.vendor, "clocks": done.clocks, "moved": done.moved, "faults": done.faults,
        "read_s": round(read_s, 2), "compute_s": round(compute_s, 2), "goal_s": GOAL_S, "whole_s": round(whole_s, 2),
        "whole_cpu_s": round(whole_cpu_s, 2), "load": round(os.getloadavg()[0], 1),
        "baseline": "row loop", "loop_clocks": len(said), "loop_s": round(loop_s, 2),
        "loop_s_for_all": round(loop_s * done.clocks / len(said), 1),
        "ratio": round(loop_s / len(said) / (compute_s / done.clocks), 1), "identical": ours == said,
    }  # fmt: skip


def loop(ids: list[int], charter: Any) -> tuple[float, list[tuple[Any, ...]]]:
    """The same by the functions of ``log``, over rows that are read already."""
    from wandeng.calc.clocks import clock as single
    from wandeng.domains.cases import log
    from wandeng.domains.cases.models import CaseClock

    days, rows, said = charter.days(), list(CaseClock.objects.select_related("case").in_bulk(ids).values()), []
    rows.sort(key=lambda row: row.pk)
    begun = time.perf_counter()
    for row in rows:
        rule = log.rule_named(charter.body_of(row.case), row.clock)
        said.append((single.due_at(log.clock_of(row), days), *log.next_telling(row, rule, days)))
    return time.perf_counter() - begun, said


if __name__ == "__main__":
    main()
