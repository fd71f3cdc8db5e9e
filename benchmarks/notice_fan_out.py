"""One notice to 100,000 accounts, in recipients a second; beside it the same by a loop of ``actions.send``.

``python benchmarks/notice_fan_out.py [RECIPIENTS]``. The database is a new SQLite file in a temporary home, or the empty
PostgreSQL database that ``WANDENG_DATABASE_URL`` names (``scripts/with-postgres python benchmarks/…``).

Ours is ``frames.send_many`` from columns in memory to the commit. The baseline sends each of a sample by itself, all in
one transaction, which is kind to it. ``identical`` compares the texts' slots, channels and units of the sample.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from typing import Any

SAMPLE = 2_000
AT = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)


def main() -> None:
    recipients = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "wandeng.config.settings"
        import django

        django.setup()
        print(json.dumps(measure(recipients), indent=2))


def measure(recipients: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import connection

    from wandeng.domains.notices import actions, frames
    from wandeng.infra import pii
    from wandeng.infra.columns import ColumnStore
    from wandeng.kernel.actors import SYSTEM

    call_command("migrate", verbosity=0, interactive=False)
    pii.create_key()
    actions.install_defaults(actor=SYSTEM, at=AT)
    accounts(recipients)
    connection.close()
    rows = columns(recipients)
    with ColumnStore() as store:
        began = time.perf_counter()
        frames.send_many(store, rows, key="ours", template="bill_published", at=AT, actor=SYSTEM)
        ours = time.perf_counter() - began
    sample = min(SAMPLE, recipients)
    theirs = loop(rows.head(sample))
    return {
        "database": connection.vendor,
        "recipients": recipients,
        "ours_s": round(ours, 2),
        "ours_per_s": round(recipients / ours),
        "baseline": "actions.send, one by one, one transaction",
        "baseline_per_s": round(sample / theirs),
        "ratio": round(recipients / ours * theirs / sample, 1),
        "identical": told("ours", sample) == told("loop", sample),
    }


def accounts(count: int) -> None:
    """A county with so many accounts."""
    import polars as pl

    from wandeng.domains.customers.models import Customer, CustomerAccount
    from wandeng.domains.organization import actions as organization
    from wandeng.infra.columns import ColumnStore
    from wandeng.kernel.actors import SYSTEM

    unit = organization.create_unit(code="C", name="县供电公司", kind="COUNTY", territory="hunan", actor=SYSTEM, at=AT)
    number = pl.int_range(1, count + 1, eager=True)
    with ColumnStore() as store, store.transaction():
        party = pl.DataFrame({"id": number}).with_columns(
            code=pl.format("C{}", "id"), name=pl.format("用户{}", "id"), kind=pl.lit("PERSON"),
            id_number_sealed=pl.lit(""), id_number_index=pl.lit(""),
        )  # fmt: skip
        store.append(Customer, party.to_arrow())
        rows = party.select("id", "name", customer_id="id").with_columns(
            account_number=pl.format("43{}", pl.col("id").cast(pl.String).str.zfill(10)), unit_id=pl.lit(int(unit)),
            address=pl.lit("新华村"), customer_class=pl.lit("RESIDENTIAL"), locality=pl.lit("RURAL"),
            importance=pl.lit(""), household_size=pl.lit(3), opened_on=pl.lit(date(2020, 1, 1)),
        )  # fmt: skip
        store.append(CustomerAccount, rows.to_arrow())
    with ColumnStore() as store:
        store.analyze([CustomerAccount])


def columns(count: int) -> Any:
    """What each is told of its bill."""
    import polars as pl

    number = pl.int_range(1, count + 1, eager=True)
    return pl.DataFrame({"account_id": number}).with_columns(
        amount=pl.format("{}.{}", pl.col("account_id") % 400 + 10, (pl.col("account_id") % 90) + 10),
        energy=pl.format("{}.00", pl.col("account_id") % 700 + 20),
        month=pl.lit("2026年9月"),
        due_on=pl.lit("10月27日"),
    )


def loop(rows: Any) -> float:
    """Each account by itself; the seconds it takes."""
    from django.db import transaction

    from wandeng.domains.notices import actions
    from wandeng.kernel.actors import SYSTEM
    from wandeng.kernel.ids import AccountId

    began = time.perf_counter()
    with transaction.atomic():
        for row in rows.iter_rows(named=True):
            account = row.pop("account_id")
            actions.send(
                key=f"loop:{account}", template="bill_published", account=AccountId(account), slots=row, at=AT,
                actor=SYSTEM,
            )  # fmt: skip
    return time.perf_counter() - began


def told(key: str, count: int) -> list[tuple[Any, ...]]:
    """What stands in the outbox of the first accounts."""
    from wandeng.domains.notices.models import NoticeRecipient

    rows = NoticeRecipient.objects.filter(notice__key__startswith=key, account_id__lte=count).order_by("account_id")
    found = rows.values_list("account_id", "unit_id", "channel", "state", "rank", "due_at", "slots")
    return [(*row[:-1], json.loads(row[-1])) for row in found]


if __name__ == "__main__":
    main()
