"""List pages of 334,000 customers, their bills and their payments: what the server takes for a page.

    python benchmarks/list_pages.py [CUSTOMERS]                          # SQLite, in a temporary home
    scripts/with-postgres python benchmarks/list_pages.py [CUSTOMERS]    # PostgreSQL

With ``--made`` the customers already stand in ``WANDENG_HOME`` and ``WANDENG_DATABASE_URL``.

Customers come in through the ordinary import; each then gets a bill for each of two months and a payment by one statement.
Timed is the whole answer to a request in one process, from the session to the last byte of the page: as a manager of the
county and as a clerk of one of its ten offices, first pages, far pages, every column that can be sorted by, and filters.
The baseline is what a list costs in most frameworks before anything is drawn: the exact count of all rows that match, and
the rows of the page. Goal: 150 ms a page. Prints JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import search

ROUNDS = 5
MONTHS = ("2026-09", "2026-10")
QUESTIONS = {
    "/console/customers/": (
        "", "page=150", "size=200", "sort=-account_number", "q=430000012", "q=张伟", "q=白水", "unit=O3",
        "customer_class=RESIDENTIAL", "customer_class=GENERAL", "importance=ANY", "locality=RURAL", "state=OPEN", "state=CLOSED",
        "opened_on_after=2010-01-01&opened_on_before=2010-12-31",
    ),
    "/console/bills/": (
        "", "page=150", "sort=-month", "month=2026-09", "unit=O3", "month=2026-10&unit=O3",
    ),
    "/console/payments/payments/": (
        "", "page=150", "sort=received_on", "channel=TILL", "state=REVERSED", "unit=O3", "since=2026-10-05&until=2026-10-06",
        "q=4300000123456",
    ),
}  # fmt: skip
"""Address → what is asked of it."""


def main() -> None:
    given = [one for one in sys.argv[1:] if one != "--made"]
    customers = int(given[0]) if given else 334_000
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as folder:
        home = Path(os.environ["WANDENG_HOME"] if "--made" in sys.argv else folder)
        os.environ |= {
            "WANDENG_HOME": str(home),
            "WANDENG_PLAIN_HTTP": "1",
            "WANDENG_STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
            "DJANGO_SETTINGS_MODULE": "wandeng.config.settings",
        }
        import django
        from django.conf import settings

        django.setup()
        settings.ALLOWED_HOSTS = ["testserver"]
        if "--made" not in sys.argv:
            take_in(home, customers)
        print(json.dumps(measure(customers), indent=2, ensure_ascii=False))


def take_in(home: Path, customers: int) -> None:
    """The customers of the benchmark of searching, through the ordinary import."""
    from django.core.management import call_command

    from wandeng.flows.imports import intake
    from wandeng.infra import pii
    from wandeng.kernel.actors import SYSTEM

    call_command("migrate", verbosity=0, interactive=False)
    pii.create_key()
    search.write_customers(home, customers)
    for kind in ("organizations", "network", "customers"):
        intake.take_in(kind, home / f"{kind}.csv", actor=SYSTEM, clock=lambda: search.NOW)


def bill_and_pay() -> None:
    """Two bills and a payment for everybody, so that the lists have as many rows as a county's."""
    from django.db import connection

    from wandeng.domains.billing.models import Bill, BillRun, BillShard
    from wandeng.domains.organization.models import Unit
    from wandeng.kernel.periods import Month

    if Bill.objects.exists():
        return
    unit = Unit.objects.get(code="C")
    with connection.cursor() as cursor:
        for place, text in enumerate(MONTHS, 1):
            month = Month.parse(text)
            run = BillRun.objects.create(
                id=place, month=text, sequence=1, kind="ORDINARY", state="PUBLISHED", territory="hunan", book_hash="",
                created_by="a", created_at=search.NOW, approved_by="b", approved_at=search.NOW, gate_findings="[]", unit=unit,
            )  # fmt: skip
            numbers = dict.fromkeys(("accounts", "bill_ids", "bills", "lines", "parked", "moved", "most_lines"), 0)
            sums = dict.fromkeys(("energy_ckwh", "amount_fen", "largest_fen"), 0)
            BillShard.objects.create(
                id=place, run=run, number=1, takes="RANGE", month_index=month.index, account_from=0, account_to=0,
                first_bill_id=0, stage="POSTED", input_hash="", lines_hash="", revenue="{}", **numbers, **sums,
            )  # fmt: skip
            cursor.execute(
                "INSERT INTO billing_bill (month_index, revision, kind, period_from, period_to, energy_ckwh, amount_fen,"
                " due_on, account_id, shard_id) SELECT %s, 0, 'ORDINARY', %s, %s, id %% 900 * 100, id %% 900 * 60 + 1,"
                " %s, id, %s FROM customers_customeraccount ORDER BY id",
                [month.index, month.first, month.next().first, month.next().first, place],
            )
        cursor.execute(
            "INSERT INTO payments_payment (key, channel, tender, debited, amount_fen, received_on, received_at, actor, payer,"
            " state, account_id, unit_id) SELECT 'P' || account_number, CASE WHEN id %% 3 = 0 THEN 'TILL' ELSE 'WECHAT' END,"
            " CASE WHEN id %% 3 = 0 THEN 'CASH' ELSE 'ONLINE' END, 'CASH:C', id %% 900 * 60 + 1,"
            f" {_day()}, %s, 'clerk', '', CASE WHEN id %% 500 = 0 THEN 'REVERSED' ELSE 'RECEIVED' END, id, unit_id"
            " FROM customers_customeraccount ORDER BY id",
            [search.NOW],
        )
        cursor.execute("ANALYZE")


def _day() -> str:
    """A day of October by the account's id, in the words of the database."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return "date('2026-10-01', '+' || (id %% 31) || ' days')"
    return "DATE '2026-10-01' + (id %% 31)::int"


def people() -> dict[str, Any]:
    """Who asks → their browser."""
    from django.test import Client

    from wandeng.domains.organization.models import Person, Post, Unit

    browsers = {}
    for place, (who, code, role) in enumerate((("county", "C", "COUNTY_MANAGER"), ("office", "O3", "HALL_CLERK")), 1):
        unit = Unit.objects.get(code=code)
        person, _made = Person.objects.get_or_create(id=place, defaults={"code": who, "name": who, "unit": unit})
        always = {"valid_from": date(2020, 1, 1), "valid_to": date(9999, 12, 31)}
        Post.objects.get_or_create(id=place, defaults={"person": person, "unit": unit, "role": role, **always})
        browsers[who] = Client()
        browsers[who].force_login(person)
    return browsers


def measure(customers: int) -> dict[str, object]:
    from django.db import connection

    bill_and_pay()
    browsers = people()
    rows = [
        {"who": who, "page": f"{path}?{query}", **timed(lambda b=browser, p=path, q=query: read(b, p, q))}
        for path, queries in QUESTIONS.items()
        for query in queries
        for who, browser in browsers.items()
    ]
    plain = [{"page": path, **timed(lambda p=path: counted(p))} for path in QUESTIONS]
    worst = max(row["median_ms"] for row in rows)
    ours = [
        row["median_ms"] for row in rows if row["page"] in {f"{path}?" for path in QUESTIONS} and row["who"] == "county"
    ]
    baseline = [row["median_ms"] for row in plain]
    return {
        "benchmark": "list_pages", "database": connection.vendor, "customers": customers, "pages": rows,
        "ours": {"median_ms": round(statistics.median(row["median_ms"] for row in rows), 1), "worst_ms": worst,
                 "first_page_ms": round(statistics.mean(ours), 1)},
        "baseline": {"what": "exact count and 50 rows, nothing drawn", "pages": plain,
                     "first_page_ms": round(statistics.mean(baseline), 1)},
        "ratio": round(statistics.mean(baseline) / statistics.mean(ours), 2), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def read(browser: Any, path: str, query: str) -> None:
    """A page, to its last byte."""
    answer = browser.get(f"{path}?{query}")
    if answer.status_code != 200:
        raise SystemExit(f"{path}?{query}: {answer.status_code}")


def counted(path: str) -> None:
    """The rows of a list's first page, and how many there are in all."""
    from django.core.paginator import Paginator
    from django.urls import resolve

    from wandeng.interfaces.doorway.asking import asking_for

    definition = resolve(path).func.view_initkwargs["definition"]
    rows = definition.rows(asking_for("county", now=search.NOW)).order_by(*definition.ordering(""))
    page = Paginator(rows, 50).page(1)
    assert page.paginator.count
    assert len(list(page)) == 50


def timed(act: Callable[[], None]) -> dict[str, float]:
    """The median and the longest of a few rounds, after one that fills the caches."""
    act()
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        took.append((time.perf_counter() - begun) * 1000)
    return {"median_ms": round(statistics.median(took), 1), "most_ms": round(max(took), 1)}


if __name__ == "__main__":
    main()
