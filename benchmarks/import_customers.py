"""Customers imported from a CSV file, in customers a second; beside it the same validated rows saved by the ORM.

``python benchmarks/import_customers.py [CUSTOMERS]``. The database is a new SQLite file in a temporary home, or the
empty PostgreSQL database that ``WANDENG_DATABASE_URL`` names (``scripts/with-postgres python benchmarks/…``).

Ours is the whole import: the file read, decoded and checked, references resolved, phones sealed, five tables written in
resumable chunks. The baseline is the Django way, one ``save`` for each of the five rows of a customer, given rows that
are already parsed and checked, in one transaction, on a sample. Both must leave identical rows.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

SAMPLE = 2_000
OFFICES, STATIONS = 10, 500


def write_files(folder: Path, customers: int) -> None:
    """An organization, a network and a file of customers, the same every time."""
    with (folder / "organizations.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["type", "code", "name", "unit_kind", "parent", "territory"])
        rows.writerow(["unit", "C", "County", "COUNTY", "", "hunan"])
        rows.writerows(["unit", f"O{i}", f"供电所{i}", "OFFICE", "C", ""] for i in range(OFFICES))
    with (folder / "network.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["type", "code", "name", "unit", "substation", "feeder", "node", "capacity_kva", "ownership"])
        rows.writerow(["substation", "S", "变电站", "C", "", "", "", "", ""])
        rows.writerow(["feeder", "F", "馈线", "C", "S", "", "", "", ""])
        rows.writerow(["node", "N", "", "", "", "F", "", "", ""])
        for i in range(STATIONS):
            rows.writerow(["transformer", f"T{i}", f"台区{i}", f"O{i % OFFICES}", "", "F", "N", "315", "PUBLIC"])
    with (folder / "customers.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            [
                "account_number",
                "name",
                "unit",
                "address",
                "customer_kind",
                "customer_class",
                "locality",
                "opened_on",
                "agreement_number",
                "agreement_from",
                "agreement_signed_on",
                "phone",
                "usage_point",
                "transformer",
                "voltage",
                "contract_capacity_kva",
            ]
        )
        for i in range(customers):
            station = i % STATIONS
            name, day = f"用户{i}", f"20{i % 20:02d}-{i % 12 + 1:02d}-01"
            head = [
                f"43{i:011d}",
                name,
                f"O{station % OFFICES}",
                f"新华村{i % 300}组{i}号",
                "PERSON",
                "RESIDENTIAL",
                "RURAL",
            ]
            phone = f"13{i % 10}{20_000_000 + i * 37 % 70_000_000:08d}"
            rows.writerow([*head, day, f"HT{i:09d}", day, day, phone, f"D{i:09d}", f"T{station}", "220V", "8"])


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "wandeng.config.settings"
        import django

        django.setup()
        print(json.dumps(measure(Path(home), customers), indent=2))


def measure(folder: Path, customers: int) -> dict[str, object]:
    from django.core.management import call_command
    from django.db import connection

    from wandeng.flows.imports import intake
    from wandeng.infra import pii
    from wandeng.kernel.actors import SYSTEM

    call_command("migrate", verbosity=0, interactive=False)
    pii.create_key()
    write_files(folder, customers)
    now = datetime(2026, 11, 1, tzinfo=UTC)

    def take_in(kind: str, *, again: bool = False) -> tuple[float, object]:
        begun = time.perf_counter()
        outcome = intake.take_in(kind, folder / f"{kind}.csv", actor=SYSTEM, clock=lambda: now, again=again)
        return time.perf_counter() - begun, outcome.counts

    take_in("organizations")
    take_in("network")
    cpu_begun = time.process_time()
    seconds, counts = take_in("customers")
    cpu = time.process_time() - cpu_begun
    again_seconds, again = take_in("customers", again=True)
    baseline_seconds, identical = save_by_orm(min(SAMPLE, customers))
    ours, baseline = customers / seconds, min(SAMPLE, customers) / baseline_seconds
    return {
        "benchmark": "import_customers",
        "database": connection.vendor,
        "customers": customers,
        "ours": {
            "customers_per_second": round(ours),
            "seconds": round(seconds, 2),
            "cpu_seconds": round(cpu, 2),
            "counts": vars(counts),
        },
        "again": {"customers_per_second": round(customers / again_seconds), "counts": vars(again)},
        "baseline": {
            "what": "Django ORM, one save a row, rows already checked",
            "customers_per_second": round(baseline),
        },
        "ratio": round(ours / baseline, 1),
        "identical": identical,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def save_by_orm(sample: int) -> tuple[float, bool]:
    """Save the first customers once more under other numbers, row by row; whether they equal what was imported."""
    from django.db import transaction

    from wandeng.domains.customers.models import Contact, Customer, CustomerAccount, CustomerAgreement
    from wandeng.domains.customers.types import PHONE_COLUMN, PHONE_TAIL_COLUMN
    from wandeng.domains.network.models import UsagePoint
    from wandeng.infra import pii

    points = list(UsagePoint.objects.order_by("id").select_related("account__customer")[:sample])
    agreements = {a.account_id: a for a in CustomerAgreement.objects.filter(account__in=[p.account_id for p in points])}
    phones = {
        c.account_id: pii.open_sealed(c.phone_sealed, column=PHONE_COLUMN)
        for c in Contact.objects.filter(account__in=[p.account_id for p in points])
    }
    shift = 10**9
    begun = time.perf_counter()
    with transaction.atomic():
        for number, point in enumerate(points, start=shift):
            was, agreement, phone = point.account, agreements[point.account_id], phones[point.account_id]
            customer = Customer(id=number, code=f"x{was.customer.code}", name=was.customer.name, kind=was.customer.kind)
            customer.save(force_insert=True)
            account = CustomerAccount(id=number, account_number=f"x{was.account_number}", customer=customer)
            for name in ("unit_id", "name", "address", "customer_class", "locality", "household_size", "opened_on"):
                setattr(account, name, getattr(was, name))
            account.save(force_insert=True)
            CustomerAgreement(
                id=number,
                number=f"x{agreement.number}",
                account=account,
                state="SIGNED",
                valid_from=agreement.valid_from,
                valid_to=date(9999, 1, 1),
                signed_on=agreement.signed_on,
            ).save(force_insert=True)
            copy = UsagePoint(id=number, code=f"x{point.code}", account=account, transformer_id=point.transformer_id)
            for name in ("kind", "voltage_code", "metered_side", "contract_capacity_ckva", "connected_on"):
                setattr(copy, name, getattr(point, name))
            copy.save(force_insert=True)
            Contact(
                id=number,
                account=account,
                phone_sealed=pii.seal_many([phone], column=PHONE_COLUMN)[0],
                phone_index=pii.index_many([phone], column=PHONE_COLUMN)[0],
                phone_tail_index=pii.index_many([phone[-4:]], column=PHONE_TAIL_COLUMN)[0],
            ).save(force_insert=True)
    seconds = time.perf_counter() - begun
    told = [_facts(sample, imported=flag) for flag in (True, False)]
    return seconds, told[0] == told[1] and len(told[0]) == sample


def _facts(sample: int, *, imported: bool) -> list[tuple[object, ...]]:
    """What the two ways must agree on, without numbers and nonces."""
    from wandeng.domains.network.models import UsagePoint

    rows = UsagePoint.objects.filter(id__lt=10**9) if imported else UsagePoint.objects.filter(id__gte=10**9)
    columns = [
        "code",
        "account__account_number",
        "account__name",
        "account__address",
        "account__unit_id",
        "account__opened_on",
        "account__customer__kind",
        "account__customer_class",
        "account__locality",
        "account__importance",
        "account__closed_on",
        "account__agreements__number",
        "account__agreements__valid_from",
        "account__agreements__valid_to",
        "account__agreements__state",
        "account__contacts__phone_index",
        "account__contacts__phone_tail_index",
        "account__contacts__is_primary",
        "account__contacts__verification",
        "transformer_id",
        "kind",
        "voltage_code",
        "metered_side",
        "contract_capacity_ckva",
        "connected_on",
        "disconnected_on",
        "deducts_from_id",
    ]
    return [
        tuple(value.removeprefix("x") if isinstance(value, str) else value for value in row)
        for row in rows.order_by("id").values_list(*columns)[:sample]
    ]


if __name__ == "__main__":
    main()
