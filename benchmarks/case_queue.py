"""The work queue with 50,000 open cases: what the server takes for a page of it.

    python benchmarks/case_queue.py [CASES]                          # SQLite, in a temporary home
    scripts/with-postgres python benchmarks/case_queue.py [CASES]    # PostgreSQL

Customers come in through the ordinary import; each case gets a row and one running clock, its limit spread over two days
around now, one in twenty paused, one in four in somebody's hands. Timed is the whole answer to a request in one process,
from the session to the last byte, with the counts of the head: every tab, a far page, filters, as a manager of the county and
as a clerk of one of its ten offices. The baseline is the queue as it is mostly written: a property of each row that asks for
its running clocks, and a sort of all rows by it, nothing drawn; timed on a sample and scaled to all; the queue must show
first what a plain sort of all limits puts first. Goal: 200 ms a page. Prints JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import list_pages

CUSTOMERS = 1_000
PAGE = 50
ROUNDS = 3
SAMPLE = 2_000
"""Rows that the baseline asks: each costs the same, so the time of all follows from theirs."""
QUEUE = "/console/cases/queue/"
QUESTIONS = (
    "tab=all", "tab=all&page=200", "", "tab=mine", "tab=late", "tab=soon", "tab=paused", "tab=unassigned",
    "tab=all&process=fault_repair&urgency=URGENT", "tab=all&unit=O3", "tab=all&sort=-due_at", "tab=all&channel=HALL",
)  # fmt: skip


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as folder:
        os.environ |= {
            "WANDENG_HOME": folder,
            "WANDENG_PLAIN_HTTP": "1",
            "WANDENG_STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
            "DJANGO_SETTINGS_MODULE": "wandeng.config.settings",
        }
        import django
        from django.conf import settings

        django.setup()
        settings.ALLOWED_HOSTS = ["testserver"]
        list_pages.take_in(Path(folder), min(CUSTOMERS, cases))
        open_cases(cases)
        print(json.dumps(measure(cases), indent=2, ensure_ascii=False))


def open_cases(number: int) -> None:
    """Cases with a clock each, as the actions leave them."""
    from django.db import connection

    from wandeng.domains.cases.models import Case, CaseClock
    from wandeng.domains.customers.models import CustomerAccount
    from wandeng.infra import statements

    now = datetime.now(UTC).replace(microsecond=0)
    accounts = list(CustomerAccount.objects.values_list("id", "unit_id").order_by("id"))
    rows, clocks = [], []
    for place in range(1, number + 1):
        account, unit = accounts[place % len(accounts)]
        is_paused = place % 20 == 0
        opened = now - timedelta(minutes=place % 2_880, seconds=place % 60)
        # Every limit ends at another second, so that there is one right order.
        due = None if is_paused else now + timedelta(seconds=(place * 7_919) % 172_800 - 86_400, microseconds=place)
        urgency = place % 3
        rows.append(
            Case(
                id=place, number=f"261122{place:08d}", process="fault_repair" if place % 5 else "complaint",
                defined_from=date(2021, 1, 1), defined_hash="", unit_id=unit, account_id=account,
                channel="HALL" if place % 7 == 0 else "PHONE_95598", urgency=("ORDINARY", "IMPORTANT", "URGENT")[urgency],
                urgency_rank=urgency, matter="整栋楼没电", step="DISPATCH" if place % 5 else "INVESTIGATE", stage="DISPATCHED",
                role=("DISPATCHER", "CELL_MANAGER", "HALL_CLERK")[place % 3], owner="office",
                handler="office" if place % 4 == 0 else "", is_paused=is_paused, due_at=due, due_clock="ARRIVAL",
                supervised_at=now if place % 100 == 0 else None, opened_at=opened, opened_by="office",
            )
        )  # fmt: skip
        clocks.append(
            CaseClock(
                case_id=place, clock="ARRIVAL", round=1, run=1, started_at=opened, is_paused=is_paused, amount=90,
                measure="MINUTE", commitment="", rule_path="", due_at=due,
            )
        )  # fmt: skip
    statements.insert(rows)
    statements.insert(clocks)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure(cases: int) -> dict[str, object]:
    from django.db import connection

    browsers = list_pages.people()
    rows = [
        {"who": who, "page": f"{QUEUE}?{query}", **timed(browser, query)}
        for query in QUESTIONS
        for who, browser in browsers.items()
    ]  # fmt: skip
    begun = time.perf_counter()
    by_property()
    baseline = (time.perf_counter() - begun) * 1000 * cases / min(SAMPLE, cases)
    first = next(row for row in rows if row["who"] == "county" and row["page"].endswith("?tab=all"))
    return {
        "benchmark": "case_queue", "database": connection.vendor, "cases": cases, "pages": rows,
        "ours": {"first_page_ms": first["median_ms"], "first_page_cpu_ms": first["cpu_ms"],
                 "worst_ms": max(row["median_ms"] for row in rows)},
        "baseline": {"what": "a property of each row, sorted in Python, nothing drawn", "sample": min(SAMPLE, cases), "first_page_ms": round(baseline, 1)},
        "ratio": round(baseline / first["median_ms"], 1), "identical": by_sorting() == by_list(), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def timed(browser: Any, query: str) -> dict[str, float]:
    """Median milliseconds of a few rounds, after one that fills the caches: by the clock on the wall, and of the processor,
    which no neighbor changes."""
    list_pages.read(browser, QUEUE, query)
    wall, processor = [], []
    for _ in range(ROUNDS):
        begun, used = time.perf_counter(), time.process_time()
        list_pages.read(browser, QUEUE, query)
        wall.append((time.perf_counter() - begun) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return {"median_ms": round(statistics.median(wall), 1), "cpu_ms": round(statistics.median(processor), 1)}


def by_property() -> list[str]:
    """A page as a loop over rows finds it, among the rows of the sample."""
    from wandeng.domains.cases.models import Case

    def due(row: Any) -> tuple[bool, Any, int]:
        running = [clock.due_at for clock in row.clocks.filter(stopped_at__isnull=True) if clock.due_at]
        return (not running, min(running, default=None) or row.opened_at, row.pk)

    rows = Case.objects.filter(state="OPEN").order_by("pk")[:SAMPLE]
    return [row.number for row in sorted(rows, key=due)[:PAGE]]


def by_sorting() -> list[str]:
    """The first page by a plain sort of all limits."""
    from wandeng.domains.cases.models import Case

    rows = Case.objects.filter(state="OPEN", due_at__isnull=False).values_list("due_at", "pk", "number")
    return [number for _due, _pk, number in sorted(rows)[:PAGE]]


def by_list() -> list[str]:
    """The first page as the list shows it."""
    from wandeng.interfaces.doorway.asking import asking_for
    from wandeng.interfaces.doorway.lists.definition import by_name

    definition = by_name("case-queue")
    rows = definition.rows(asking_for("county", now=datetime.now(UTC)))
    return [row["number"] for row in rows.order_by(*definition.in_database(definition.ordering("")))[:PAGE]]


if __name__ == "__main__":
    main()
