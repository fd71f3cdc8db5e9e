"""The county's interruptions: two years of every sort, the same for the same seed, none that an importer would refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl

from wandeng.twin import customers, interruptions, network, organization
from wandeng.twin.county import Plan


def drawn(plan: Plan) -> pl.DataFrame:
    units = organization.units(plan)
    people = customers.draw(plan, units)
    sections = network.build(plan, units, customers.private_transformers(people))
    rows = customers.points(plan, people, sections["transformer"])
    return interruptions.draw(plan, sections, customers.extra_points(plan, rows, sections["transformer"]))


def test_two_years_of_every_sort_that_an_importer_takes() -> None:
    plan = Plan(customers=1_500)
    rows = drawn(plan)
    assert rows.equals(drawn(plan))
    assert not rows.equals(drawn(replace(plan, seed=plan.seed + 1)))
    assert (rows["off_at"] < rows["on_at"]).all()
    assert rows["off_at"].min() >= f"{plan.freezes[0]}"
    assert rows["on_at"].max() < f"{plan.freezes[-1].replace(day=28)}"
    assert rows.select("number", "transformer", "usage_point").is_unique().all()
    assert ((rows["transformer"] == "") != (rows["usage_point"] == "")).all()
    assert {"计划检修", "内部故障", "外部故障"} <= set(rows["kind"])
    stepwise = rows.group_by("number").agg(pl.col("on_at").n_unique())
    assert stepwise["on_at"].max() == 2
    # One feeder is planned five times and more in a year, and fails three times within a month.
    planned = rows.filter(pl.col("kind").str.starts_with("计划") & (pl.col("off_at") > f"{plan.freezes[-13]}"))
    assert planned.group_by("transformer").agg(pl.col("number").n_unique())["number"].max() >= 5


def test_the_history_has_seasons_causes_and_areas_that_come_back() -> None:
    plan = Plan(customers=20_000)
    rows = drawn(plan)
    events = rows.unique("number").with_columns(month=pl.col("off_at").str.slice(5, 2).cast(pl.Int32))
    is_planned = pl.col("kind").str.starts_with("计划")
    planned = dict(events.filter(is_planned).group_by("month").len().iter_rows())
    failed = dict(events.filter(~is_planned & (pl.col("kind") != "临时检修")).group_by("month").len().iter_rows())
    assert sum(planned.get(month, 0) for month in (4, 5, 10, 11)) > 2 * sum(
        planned.get(month, 0) for month in (1, 6, 7, 8)
    )
    assert sum(failed.get(month, 0) for month in (6, 7, 8)) > 1.3 * sum(failed.get(month, 0) for month in (3, 10, 11))
    assert events["cause"].n_unique() >= 8
    assert set(events["off_at"].str.slice(0, 4)) >= {str(plan.freezes[-1].year), str(plan.freezes[-1].year - 1)}
    # Areas that had their four planned outages of the year, and areas off twice within two months.
    year, lately = str(plan.freezes[-1].year), f"{plan.freezes[-1] - timedelta(days=62)}"
    of_year = (
        rows.filter(is_planned & (pl.col("off_at") > year)).group_by("transformer").agg(pl.col("number").n_unique())
    )
    assert (of_year["number"] == 4).any()
    recent = rows.filter(pl.col("off_at") > lately).group_by("transformer").agg(pl.col("number").n_unique())
    assert (recent["number"] == 2).any()
