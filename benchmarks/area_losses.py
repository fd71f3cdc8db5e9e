"""Line loss of every transformer area of a county, for a day and for a month, and leads to stolen energy by NNLS.

``python benchmarks/area_losses.py [CUSTOMERS]``. The database is a new SQLite file in a temporary home, or the empty
PostgreSQL database that ``WANDENG_DATABASE_URL`` names (``scripts/with-postgres python benchmarks/…``).

The county is that of ``outage_notices.py`` with a supply meter an area and registers of the first, the second and the next first.
``day_s`` reads, computes and writes the day for all areas; ``again_s`` does it once more and writes nothing; ``month_s`` tells the month
by unit. The baseline takes a sample of areas by themselves with the model's rows: points, installations, two readings, the sum;
``identical`` compares the loss of each. Leads: areas of 80 customers over ten days of quarter hours, attributed by
``calc.loss_leads``; beside it scipy's bounded least squares (``lsq_linear`` from 0 up) on the same columns. Prints JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from datetime import date
from typing import Any

import numpy as np
import outage_notices as county

DAY, NEXT, END = date(2026, 3, 1), date(2026, 3, 2), date(2026, 4, 1)
SAMPLE, LEAD_AREAS, LEAD_DAYS, LEAD_SLOW = 40, 10, 10, 2


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 334_000
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "wandeng.config.settings"
        import django

        django.setup()
        print(json.dumps(measure(customers), indent=2))


def measure(customers: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import connection

    from wandeng.domains.losses import actions, queries
    from wandeng.infra.scope import Scope
    from wandeng.kernel.actors import SYSTEM
    from wandeng.kernel.periods import Month

    call_command("migrate", verbosity=0, interactive=False)
    county.build(customers)
    areas = hang(customers)
    connection.close()
    asked: dict[str, Any] = {"unit_code": "C", "from_on": DAY, "to_on": NEXT, "actor": SYSTEM, "at": county.AT}
    day_s, done = timed(lambda: actions.compute(**asked))
    again_s, again = timed(lambda: actions.compute(**asked))
    month_s, sums = timed(lambda: queries.month_sums(Scope.everywhere(), unit_code="C", month=Month(2026, 3)))
    sample = list(range(1, min(SAMPLE, areas) + 1))
    loop_s, theirs = timed(lambda: loop(sample))
    rows = queries.losses_rows(Scope.everywhere()).filter(area_code__in=[f"T{one}" for one in sample])
    ours = dict(rows.values_list("area_code", "loss_ckwh"))
    return {
        "benchmark": "area_losses", "database": connection.vendor, "customers": customers, "areas": areas,
        "day_s": round(day_s, 2), "written": done.written, "again_s": round(again_s, 2), "written_again": again.written,
        "month_s": round(month_s, 2), "month_areas": sum(one.days for one in sums), "areas_per_s": round(areas / day_s),
        "baseline": "area by area with model rows: points, installations, two readings each, the sum",
        "baseline_areas_per_s": round(len(sample) / loop_s), "ratio": round(areas / day_s * loop_s / len(sample), 1),
        "identical": ours == theirs, **leads(), "load": os.getloadavg()[0],
    }  # fmt: skip


def timed(work: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def hang(customers: int) -> int:
    """A meter at each point, a supply meter an area, three readings each; returns the number of areas."""
    import polars as pl

    from wandeng.domains.metering.models import Meter, MeterInstallation, Reading
    from wandeng.domains.network.models import UsagePoint
    from wandeng.infra.columns import ColumnStore

    areas = -(-customers // county.PER_TRANSFORMER)
    since = date(2020, 1, 1)
    number = pl.int_range(1, customers + areas + 1, eager=True).alias("id").to_frame()
    is_supply = pl.col("id") > customers
    area = pl.when(is_supply).then(pl.col("id") - customers).otherwise((pl.col("id") - 1) // county.PER_TRANSFORMER + 1)
    # Each customer uses 3 to 7.99 kWh a day; what is supplied is 4 % more than what all of them use.
    used = number.with_columns(area=area, used=pl.when(~is_supply).then(300 + pl.col("id") * 7919 % 500))
    supplied = (pl.col("used").sum().over("area") * 104 // 100).cast(pl.Int64)
    used = used.with_columns(used=pl.when(is_supply).then(supplied).otherwise("used"))
    with ColumnStore() as store, store.transaction():
        store.append(UsagePoint, number.filter(is_supply).with_columns(
            code=pl.format("C{}", "id"), account_id=pl.lit(1), transformer_id=area, kind=pl.lit("SUPPLY"),
            deducts_from_id=pl.lit(None, pl.Int64), voltage_code=pl.lit("AC03802"), metered_side=pl.lit("LOW"),
            contract_capacity_ckva=pl.lit(40_000), connected_on=pl.lit(since), disconnected_on=pl.lit(None, pl.Date),
        ).to_arrow())  # fmt: skip
        store.append(Meter, number.with_columns(
            asset_number=pl.format("M{}", "id"), kind=pl.lit(""), digits=pl.lit(6, pl.Int16), rated_current_ma=pl.lit(0),
            state=pl.lit("INSTALLED"), tested_on=pl.lit(None, pl.Date),
        ).to_arrow())  # fmt: skip
        nothing = {
            name: pl.lit(None, pl.Int32)
            for name in ("ct_primary_a", "ct_secondary_a", "pt_primary_v", "pt_secondary_v")
        }
        store.append(MeterInstallation, number.with_columns(
            meter_id=pl.col("id"), usage_point_id=pl.col("id"), route_id=pl.lit(None, pl.Int64), route_position=pl.lit(0),
            installed_on=pl.lit(since), removed_on=pl.lit(None, pl.Date), multiplier=pl.lit(1), source=pl.lit("REGISTER"),
            **nothing,
        ).to_arrow())  # fmt: skip
        registers = (
            "sharp_ckwh",
            "peak_ckwh",
            "valley_ckwh",
            "deep_ckwh",
            "reactive_ckvarh",
            "reactive_export_ckvarh",
            "export_ckwh",
        )
        for place, day in enumerate((DAY, NEXT, END)):
            passed = (day - DAY).days
            store.append(Reading, used.select(
                id=pl.col("id") + place * (customers + areas), installation_id=pl.col("id"), read_on=pl.lit(day),
                total_ckwh=10_000 + pl.col("used") * passed, **{name: pl.lit(None, pl.Int64) for name in registers},
                demand_e4=pl.lit(None, pl.Int64), source=pl.lit("HEAD_END"), state=pl.lit("ACCEPTED"), hold_reason=pl.lit(""),
                supersedes=pl.lit(None, pl.Int64), is_current=pl.lit(True), received_at=pl.lit(county.AT), actor=pl.lit("x"),
            ).to_arrow())  # fmt: skip
    with ColumnStore() as store:
        store.analyze([Meter, MeterInstallation, Reading])
    return areas


def loop(areas: list[int]) -> dict[str, int]:
    """The loss of each area on the day, area by area."""
    from wandeng.domains.metering.models import MeterInstallation, Reading
    from wandeng.domains.network.models import UsagePoint

    found: dict[str, int] = {}
    for area in areas:
        sums = {"SUPPLY": 0, "LOAD": 0}
        for point in UsagePoint.objects.filter(transformer_id=area):
            for hung in MeterInstallation.objects.filter(usage_point=point, installed_on__lte=DAY, removed_on=None):
                shown = {one.read_on: one for one in Reading.objects.filter(installation=hung, read_on__in=[DAY, NEXT])}
                sums[point.kind] += (shown[NEXT].total_ckwh - shown[DAY].total_ckwh) * (hung.multiplier or 0)
        found[f"T{area}"] = sums["SUPPLY"] - sums["LOAD"]
    return found


def leads() -> dict[str, Any]:
    """Areas attributed a second, and whether the planted thief is first, by both."""
    from scipy.optimize import lsq_linear

    from wandeng.calc import loss_leads

    rng = np.random.default_rng(7)
    worlds = [planted(rng) for _ in range(LEAD_AREAS)]
    ours_s, ours = timed(lambda: [loss_leads.attribute(supply, shown).leads[0].column for supply, shown in worlds])

    def bounded(supply: np.ndarray, shown: np.ndarray) -> int:
        design = np.column_stack([shown, supply**2 / supply.max(), np.full(len(supply), supply.max())])
        factors = lsq_linear(design, supply - shown.sum(axis=1), bounds=(0, np.inf)).x[: shown.shape[1]]
        return int(np.argmax(factors * shown.sum(axis=0)))

    slow_s, slow = timed(lambda: [bounded(*one) for one in worlds[:LEAD_SLOW]])
    return {
        "lead_areas_per_s": round(LEAD_AREAS / ours_s, 1), "leads_first": sum(one == 0 for one in ours), "lead_areas": LEAD_AREAS,
        "lead_baseline": "scipy.optimize.lsq_linear, bounds 0 and up, the fit alone",
        "lead_baseline_per_s": round(LEAD_SLOW / slow_s, 1), "lead_ratio": round(LEAD_AREAS / ours_s * slow_s / LEAD_SLOW, 1),
        "lead_identical": ours[:LEAD_SLOW] == slow,
    }  # fmt: skip


def planted(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Supply and customers of an area of 80 over ten days; the first pays for 60 % of what it uses."""
    slots, hour = 96 * LEAD_DAYS, np.arange(96 * LEAD_DAYS) % 96 / 4
    shape = 0.2 + np.exp(-((hour[:, None] - rng.normal(20, 1.5, county.PER_TRANSFORMER)) ** 2) / 8)
    used = 80 * shape * rng.lognormal(0, 0.6, (slots, county.PER_TRANSFORMER))
    used[:, 0] *= 3
    flow = used.sum(axis=1)
    shown = used * rng.normal(1, 0.004, county.PER_TRANSFORMER)
    shown[:, 0] *= 0.6
    return (flow + 0.03 * flow**2 / flow.mean() + 25) * rng.normal(1, 0.002, slots), shown


if __name__ == "__main__":
    main()
