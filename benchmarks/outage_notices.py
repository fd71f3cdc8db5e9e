"""Telling an outage of 100,000 customers: the list of whom it concerns, and the notices queued; beside it a loop over accounts.

``python benchmarks/outage_notices.py [CUSTOMERS]``. The database is a new SQLite file in a temporary home, or the empty
PostgreSQL database that ``WANDENG_DATABASE_URL`` names (``scripts/with-postgres python benchmarks/…``).

A feeder is opened at its head. ``list_s`` is from the isolation point to the accounts that lose all supply; ``queued_s`` from there
to the commit of tellings, notices and recipients, one a phone (three of ten share one). The baseline takes a sample of the same
accounts by themselves: look up the phone, leave out one that was told, send. ``identical`` compares whom both would tell.
Goals: list 1 s, queued 5 s. Prints JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

SAMPLE = 2_000
PER_TRANSFORMER = 80
AT = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
STARTS = AT + timedelta(days=10)


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "wandeng.config.settings"
        import django

        django.setup()
        print(json.dumps(measure(customers), indent=2))


def measure(customers: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import connection

    from wandeng.domains.notices import actions
    from wandeng.domains.outages.actions import telling
    from wandeng.domains.outages.frames import affected
    from wandeng.domains.outages.models import PlannedOutageVersion
    from wandeng.infra import pii
    from wandeng.infra.columns import ColumnStore
    from wandeng.kernel.actors import SYSTEM

    call_command("migrate", verbosity=0, interactive=False)
    pii.create_key()
    actions.install_defaults(actor=SYSTEM, at=AT)
    build(customers)
    plan()
    version = PlannedOutageVersion.objects.get()
    connection.close()
    with ColumnStore() as store:
        affected.accounts(store, version_id=version.pk)  # the network is labelled once a process
        began = time.perf_counter()
        hit = affected.accounts(store, version_id=version.pk)
        listed = time.perf_counter() - began
        began = time.perf_counter()
        done = telling.settle(store, number="TD-B", at=AT, actor=SYSTEM)
        queued = time.perf_counter() - began
    sample = hit["account_id"].unique().sort().head(min(SAMPLE, customers)).to_list()
    theirs, carriers = loop(sample)
    return {
        "benchmark": "outage_notices", "database": connection.vendor, "customers": customers, "messages": done.messages,
        "list_s": round(listed, 2), "queued_s": round(queued, 2), "ours_per_s": round(customers / (listed + queued)),
        "baseline": "account by account: phone, whether it was told, actions.send; one transaction",
        "baseline_per_s": round(len(sample) / theirs),
        "ratio": round(customers / (listed + queued) * theirs / len(sample), 1),
        "identical": hit["account_id"].n_unique() == customers and carriers == told(sample), "load": os.getloadavg()[0],
    }  # fmt: skip


def build(customers: int) -> None:
    """A county of one feeder: a breaker at its head, transformers along it, customers on each."""
    import polars as pl

    from wandeng.domains.customers.models import Contact, Customer, CustomerAccount
    from wandeng.domains.network import models as network
    from wandeng.domains.organization import actions as organization
    from wandeng.infra.columns import ColumnStore
    from wandeng.kernel.actors import SYSTEM

    unit = int(
        organization.create_unit(code="C", name="县供电公司", kind="COUNTY", territory="hunan", actor=SYSTEM, at=AT)
    )
    substation = network.Substation.objects.create(id=1, code="S", name="城关变", unit_id=unit)
    network.Feeder.objects.create(id=1, code="F", name="城关线", substation=substation, unit_id=unit)
    areas = -(-customers // PER_TRANSFORMER)
    nodes = pl.int_range(1, areas + 2, eager=True).alias("id")
    number = pl.int_range(1, customers + 1, eager=True).alias("id")
    with ColumnStore() as store, store.transaction():
        store.append(network.ConnectivityNode, nodes.to_frame().with_columns(
            code=pl.format("N{}", "id"), feeder_id=pl.lit(1), is_source=pl.col("id") == 1,
            longitude_e6=pl.lit(None, pl.Int32), latitude_e6=pl.lit(None, pl.Int32),
        ).to_arrow())  # fmt: skip
        store.append(network.LineSegment, pl.int_range(2, areas + 1, eager=True).alias("id").to_frame().with_columns(
            code=pl.format("L{}", "id"), node_a_id=pl.col("id"), node_b_id=pl.col("id") + 1, length_m=pl.lit(50, pl.Int32),
        ).to_arrow())  # fmt: skip
        area = nodes.head(areas).to_frame()
        store.append(network.PowerTransformer, area.with_columns(
            code=pl.format("T{}", "id"), name=pl.format("{}号台区", "id"), feeder_id=pl.lit(1), node_id=pl.col("id") + 1,
            unit_id=pl.lit(unit), capacity_ckva=pl.lit(40_000), ownership=pl.lit("PUBLIC"), area_name=pl.format("新华{}村", "id"),
        ).to_arrow())  # fmt: skip
        party = number.to_frame().with_columns(
            code=pl.format("C{}", "id"), name=pl.format("用户{}", "id"), kind=pl.lit("PERSON"),
            id_number_sealed=pl.lit(""), id_number_index=pl.lit(""),
        )  # fmt: skip
        store.append(Customer, party.to_arrow())
        store.append(CustomerAccount, party.select("id", "name", customer_id="id").with_columns(
            account_number=pl.format("43{}", pl.col("id").cast(pl.String).str.zfill(10)), unit_id=pl.lit(unit),
            address=pl.lit("新华村"), customer_class=pl.lit("RESIDENTIAL"), locality=pl.lit("RURAL"),
            importance=pl.lit(""), household_size=pl.lit(3), opened_on=pl.lit(date(2020, 1, 1)),
        ).to_arrow())  # fmt: skip
        store.append(network.UsagePoint, number.to_frame().with_columns(
            code=pl.format("P{}", "id"), account_id=pl.col("id"), transformer_id=(pl.col("id") - 1) // PER_TRANSFORMER + 1,
            kind=pl.lit("LOAD"), deducts_from_id=pl.lit(None, pl.Int64), voltage_code=pl.lit("AC00022"),
            metered_side=pl.lit("LOW"), contract_capacity_ckva=pl.lit(800), connected_on=pl.lit(date(2020, 1, 1)),
            disconnected_on=pl.lit(None, pl.Date),
        ).to_arrow())  # fmt: skip
        # Of ten customers in a row the last three have the phone of the seventh.
        shared = pl.when(pl.col("id") % 10 > 7).then(pl.col("id") // 10 * 10 + 7).otherwise("id")
        store.append(Contact, number.to_frame().with_columns(
            account_id=pl.col("id"), name=pl.lit(""), phone_sealed=pl.lit(""), phone_index=pl.format("i{}", shared),
            phone_tail_index=pl.lit("t"), is_primary=pl.lit(True), verification=pl.lit("RIGHT"),
            verified_at=pl.lit(None, pl.Datetime("us", "UTC")), assigned_to=pl.lit(""),
        ).to_arrow())  # fmt: skip
    network.Switch.objects.create(
        id=1, code="K", name="出线断路器", kind="BREAKER", feeder_id=1, node_a_id=1, node_b_id=2, normal_open=False
    )
    with ColumnStore() as store:
        store.analyze([CustomerAccount, Contact, network.UsagePoint])


def plan() -> None:
    """The published plan that opens the breaker, as rows: how plans are made is not measured here."""
    from wandeng.domains.network.models import PowerTransformer
    from wandeng.domains.outages.models import OutageArea, OutageIsolation, PlannedOutage, PlannedOutageVersion

    outage = PlannedOutage.objects.create(
        id=1, number="TD-B", unit_id=PowerTransformer.objects.values_list("unit_id", flat=True)[0], category="PLANNED",
        reason="MAINTENANCE", title="城关线检修", state="PUBLISHED", created_by="x", created_at=AT, published_at=AT,
    )  # fmt: skip
    version = PlannedOutageVersion.objects.create(
        id=1, outage=outage, version=1, state="STANDS", starts_at=STARTS, ends_at=STARTS + timedelta(hours=4),
        feeder_id=1, place="新华村", work="检修", made_by="x", made_at=AT, notice_by=STARTS - timedelta(days=7),
    )  # fmt: skip
    OutageIsolation.objects.create(version=version, kind="OPEN", switch_id=1)
    areas = PowerTransformer.objects.values_list("pk", "area_name")
    OutageArea.objects.bulk_create(
        [
            OutageArea(id=pk, version=version, transformer_id=pk, feeder_id=1, place=place, customers=80)
            for pk, place in areas
        ],
        batch_size=500,
    )


def loop(sample: list[int]) -> tuple[float, dict[int, int]]:
    """Each account by itself: the seconds it takes, and whose message tells it."""
    from django.db import transaction

    from wandeng.domains.customers.models import Contact
    from wandeng.domains.notices import actions
    from wandeng.domains.outages.models import OutageArea
    from wandeng.kernel.actors import SYSTEM
    from wandeng.kernel.ids import AccountId

    carriers: dict[int, int] = {}
    phones: dict[str, int] = {}
    began = time.perf_counter()
    with transaction.atomic():
        for account in sample:
            contact = Contact.objects.filter(account_id=account).order_by("id").first()
            assert contact is not None
            carriers[account] = phones.setdefault(contact.phone_index, account)
            if carriers[account] != account:
                continue
            area = OutageArea.objects.get(transformer__usage_points__account=account)
            slots = {
                "area": area.place, "households": "1户", "reason": "线路检修", "from_at": "10月22日 10:00",
                "to_at": "10月22日 14:00",
            }  # fmt: skip
            actions.send(
                key=f"loop:{account}", template="outage_announcement", account=AccountId(account), slots=slots, at=AT,
                actor=SYSTEM,
            )  # fmt: skip
    return time.perf_counter() - began, carriers


def told(sample: list[int]) -> dict[int, int]:
    """Whose message tells each account, as ours wrote it."""
    from wandeng.domains.outages.models import OutageTold

    rows = OutageTold.objects.filter(telling__outage__number="TD-B").values_list("account_id", "recipient__account_id")
    wanted = set(sample)
    return {account: carrier for account, carrier in rows if account in wanted}


if __name__ == "__main__":
    main()
