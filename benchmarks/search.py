"""Finding customers by what people have in hand, in milliseconds; beside it the Django way, ``icontains`` over the tables.

``python benchmarks/search.py [CUSTOMERS]``. The database is a new SQLite file in a temporary home, or the empty
PostgreSQL database that ``WANDENG_DATABASE_URL`` names (``scripts/with-postgres python benchmarks/search.py``).

The customers come in through the ordinary import, which makes them findable as it goes. Ours is the whole answer to one
question, as a person of the county and as one of an office gets it: matches, ranking, and what is shown of each, by
``flows.search.find``. The baseline looks the same text up in account number, name and address of the live table with one
ORM query, ordered by account number, and counts nothing more. Where fewer fit than are shown, both must name the same
accounts; where more do, every account of ours must be one of the baseline's.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import import_customers

SHOWN, ROUNDS = 20, 9
SURNAMES, GIVEN = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁",
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉建国华",
)
PLACES = [f"{a}{b}村" for a in "新东西南北中上下大小" for b in "华塘桥山河田林湾坪坡"]
TOWNS = ("城关镇", "白水镇", "新华乡", "石桥镇", "东风乡", "柳林镇", "龙泉乡", "大塘镇")
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 334_000
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "wandeng.config.settings"
        import django

        django.setup()
        print(json.dumps(measure(Path(home), customers), indent=2, ensure_ascii=False))


def write_customers(folder: Path, customers: int) -> None:
    """The files of the import benchmark, with names and addresses like a county's."""
    import_customers.write_files(folder, customers)
    draw = random.Random(7)
    lines = (folder / "customers.csv").read_text("utf-8").splitlines()
    named = [lines[0]]
    for line in lines[1:]:
        cells = line.split(",")
        cells[1] = draw.choice(SURNAMES) + "".join(draw.choice(GIVEN) for _ in range(draw.choice((1, 2, 2))))
        cells[3] = f"{draw.choice(TOWNS)}{draw.choice(PLACES)}{draw.randint(1, 20)}组{draw.randint(1, 200)}号"
        named.append(",".join(cells))
    (folder / "customers.csv").write_text("\n".join(named) + "\n", "utf-8")


def measure(folder: Path, customers: int) -> dict[str, object]:
    from django.core.management import call_command
    from django.db import connection

    from wandeng.flows import search
    from wandeng.flows.imports import intake
    from wandeng.infra import pii
    from wandeng.kernel.actors import SYSTEM

    call_command("migrate", verbosity=0, interactive=False)
    pii.create_key()
    write_customers(folder, customers)
    for kind in ("organizations", "network"):
        intake.take_in(kind, folder / f"{kind}.csv", actor=SYSTEM, clock=lambda: NOW)
    begun = time.perf_counter()
    intake.take_in("customers", folder / "customers.csv", actor=SYSTEM, clock=lambda: NOW)
    import_seconds = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    begun = time.perf_counter()
    changed = search.bring_up_to_date()
    refresh_seconds = time.perf_counter() - begun
    asked = [ask(kind, text) for kind, text in questions(customers)]
    ours = [row[who] for row in asked for who in ("county_ms", "office_ms")]
    baseline = [row["baseline_ms"] for row in asked if row["baseline_ms"] is not None]
    compared = [row["county_ms"] for row in asked if row["baseline_ms"] is not None]
    return {
        "benchmark": "search",
        "database": connection.vendor,
        "customers": customers,
        "import": {"customers_per_second": round(customers / import_seconds), "seconds": round(import_seconds, 1)},
        "refresh": {"seconds": round(refresh_seconds, 1), "put_right": changed},
        "questions": asked,
        "ours": {"median_ms": round(statistics.median(ours), 1), "worst_ms": max(ours)},
        "baseline": {
            "what": "one ORM query with icontains over account number, name and address",
            "median_ms": round(statistics.median(baseline), 1),
            "worst_ms": max(baseline),
        },
        "ratio": round(statistics.median(baseline) / statistics.median(compared), 1),
        "identical": all(row["identical"] for row in asked),
    }


def questions(customers: int) -> list[tuple[str, str]]:
    """What people type, some of it found once, some ten thousand times, some never."""
    from wandeng.domains.customers.models import CustomerAccount

    some = CustomerAccount.objects.order_by("id")[customers // 2]
    rare = CustomerAccount.objects.order_by("id")[customers // 3]
    return [
        ("whole number", some.account_number),
        ("beginning of a number", some.account_number[:10]),
        ("end of a number", some.account_number[-6:]),
        ("name", some.name),
        ("name of two characters", "张伟"),
        ("middle of a name", "国华"),
        ("initials", "zw"),
        ("initials of three", "lgh"),
        ("telephone", f"13{(customers // 2) % 10}{20_000_000 + customers // 2 * 37 % 70_000_000:08d}"),
        ("end of a telephone", "1234"),
        ("address", rare.address),
        ("village", "上坪村"),
        ("town, thousands", "白水"),
        ("piece of an address", rare.address[3:9]),
        ("name and village", f"{rare.name} {rare.address[3:6]}"),
        ("nobody", "没有这样的人"),
        ("two characters of nobody", "鑫鑫"),
    ]


def ask(kind: str, text: str) -> dict[str, object]:
    from django.db.models import Q

    from wandeng.domains.customers.models import CustomerAccount
    from wandeng.flows import search
    from wandeng.kernel.actors import Actor
    from wandeng.kernel.ids import PersonId

    county = Actor("hall", PersonId(1), "C/", frozenset({"HALL_CLERK"}))
    office = Actor("hall", PersonId(1), "C/O3/", frozenset({"HALL_CLERK"}))
    found, county_ms = timed(lambda: search.find(county, text, limit=SHOWN))
    _, office_ms = timed(lambda: search.find(office, text, limit=SHOWN))
    numbers = [hit.code for group in found.groups if group.kind == "account" for hit in group.hits]
    row: dict[str, object] = {"kind": kind, "text": text, "county_ms": county_ms, "office_ms": office_ms}
    if kind in ("initials", "initials of three", "telephone", "end of a telephone"):
        # The tables have neither: the baseline cannot answer at all.
        return {**row, "baseline_ms": None, "hits": len(numbers), "identical": True}
    wanted = Q()
    for word in text.split():
        wanted &= Q(account_number__icontains=word) | Q(name__icontains=word) | Q(address__icontains=word)
    rows = CustomerAccount.objects.filter(wanted).order_by("account_number")
    theirs, baseline_ms = timed(lambda: list(rows.values_list("account_number", "name", "address")[: SHOWN + 1]))
    everything = set(rows.values_list("account_number", flat=True))
    # Nobody asks for the middle of a number: ours looks at its two ends.
    ends = {one for one in everything if not text.isdigit() or one.startswith(text) or one.endswith(text)}
    same = set(numbers) == ends if len(ends) <= SHOWN else len(numbers) == SHOWN and set(numbers) <= everything
    return {
        **row,
        "baseline_ms": baseline_ms,
        "hits": len(numbers),
        "fit": len(everything),
        "identical": same and bool(theirs or not numbers),
    }


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    """The answer and the median of a few rounds, in milliseconds."""
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        answer = act()
        took.append((time.perf_counter() - begun) * 1000)
    return answer, round(statistics.median(took), 1)


if __name__ == "__main__":
    main()
