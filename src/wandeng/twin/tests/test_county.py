"""The synthetic county is the same county every time, and adds up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from wandeng.twin import customers, files, metering, network, organization, terms
from wandeng.twin.county import CLASSES, Plan

PLAN = Plan(customers=600)


@pytest.fixture(scope="module")
def county() -> tuple[pl.DataFrame, metering.Metered, dict[str, pl.DataFrame]]:
    units = organization.units(PLAN)
    drawn = customers.draw(PLAN, units)
    sections = network.build(PLAN, units, customers.private_transformers(drawn))
    rows = customers.points(PLAN, drawn, sections["transformer"])
    points = customers.extra_points(PLAN, rows, sections["transformer"])
    return points, metering.run(PLAN, points, metering.meters(PLAN, points)), sections


def test_the_same_seed_writes_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert list(files.write(Plan(customers=300, seed=seed), tmp_path / name))
    assert files.content_hash(tmp_path / "a") == files.content_hash(tmp_path / "b")
    assert files.content_hash(tmp_path / "a") != files.content_hash(tmp_path / "c")


def test_every_class_of_contract_has_a_customer(county: tuple[pl.DataFrame, object, object]) -> None:
    points = county[0]
    assert set(points["class_name"].unique()) >= {c.name for c in CLASSES} | {"check"}
    assert points["usage_point"].n_unique() == points.height


def test_every_usage_point_hangs_on_a_transformer_of_its_unit(county: tuple[pl.DataFrame, object, dict]) -> None:
    points, _, sections = county
    known = sections["transformer"].select(pl.col("code").alias("transformer"), pl.col("unit").alias("home"))
    joined = points.join(known, on="transformer", how="left")
    assert joined["home"].null_count() == 0
    assert joined.filter(pl.col("home") != pl.col("unit")).is_empty()


def test_every_node_is_fed_by_its_feeder_in_the_normal_state(county: tuple[object, object, dict]) -> None:
    sections = county[2]
    closed = sections["switch"].filter(pl.col("normal_open") == "否")
    edges = pl.concat([closed.select("node_a", "node_b"), sections["line"].select("node_a", "node_b")])
    fed = set(sections["node"].filter(pl.col("is_source") == "是")["code"])
    assert len(fed) == sections["feeder"].height
    neighbors: dict[str, list[str]] = {}
    for a, b in edges.iter_rows():
        neighbors.setdefault(a, []).append(b)
        neighbors.setdefault(b, []).append(a)
    frontier = list(fed)
    while frontier:
        here = frontier.pop()
        for there in neighbors.get(here, []):
            if there not in fed:
                fed.add(there)
                frontier.append(there)
    assert fed == set(sections["node"]["code"])


def test_period_registers_never_exceed_the_total(county: tuple[object, metering.Metered, object]) -> None:
    metered = county[1]
    has = metered.faces["peak"][:, 0] >= 0
    assert has.any()

    def used(name: str) -> np.ndarray:
        return np.diff(metered.faces[name][has], axis=1) % 10**8

    assert (used("sharp") + used("peak") + used("valley") <= used("total")).all()


def test_the_check_meter_shows_what_its_area_used_and_a_loss_of_three_to_six_per_cent(
    county: tuple[pl.DataFrame, metering.Metered, object],
) -> None:
    points, metered, _ = county
    used = np.diff(metered.faces["total"], axis=1) % 10**8 * metered.meters["multiplier"].to_numpy()[:, None]
    kind, area = points["usage_point_kind"].to_numpy(), points["transformer"].to_numpy()
    for place in np.flatnonzero(kind == "SUPPLY")[:10]:
        sold = used[(kind == "LOAD") & (area == area[place])].sum(axis=0)
        supplied = used[place]
        step = metered.meters["multiplier"][int(place)]
        assert (supplied >= sold * 1.03 - step).all()
        assert (supplied <= sold * 1.06 + step).all()


def test_pieces_of_terms_never_overlap(county: tuple[pl.DataFrame, object, object]) -> None:
    rows = terms.assignments(PLAN, county[0]).sort("usage_point", "valid_from")
    ends = pl.when(pl.col("valid_to") == "").then(pl.lit("9999-01-01")).otherwise("valid_to")
    overlap = rows.with_columns(next=pl.col("valid_from").shift(-1).over("usage_point")).filter(ends > pl.col("next"))
    assert overlap.is_empty()


def test_who_is_billed_by_curves_has_a_meter_for_it_and_a_month_that_adds_up_to_the_register(tmp_path: Path) -> None:
    by_kind = {one.path.name: one.path for one in files.write(Plan(customers=1_500), tmp_path)}
    meters = pl.read_csv(by_kind["meters.csv"], infer_schema=False)
    curved = meters.filter(pl.col("source") == "INTERVAL")
    month = PLAN.curve_month
    assert curved.height > 5
    assert set(curved["installed_on"]) == {month.first.isoformat()}
    taken_down = meters.filter(pl.col("removed_on") == month.first.isoformat())
    assert set(taken_down["usage_point"]) == set(curved["usage_point"])
    points = [f"p{point:02d}" for point in range(96)]
    curves = (
        pl.read_csv(by_kind[f"curves-{month}.csv"], infer_schema=False)
        .with_columns(pl.col(points).replace("", None).cast(pl.Decimal(12, 3)))
        .with_columns(missing=pl.sum_horizontal(pl.col(points).is_null()), kwh=pl.sum_horizontal(points))
        .group_by("asset_number")
        .agg(pl.len().alias("days"), pl.col("missing").sum(), pl.col("kwh").sum())
        .join(curved.select("asset_number"), on="asset_number")
    )
    whole = curves.filter((pl.col("days") == month.days) & (pl.col("missing") == 0))
    assert curves.height - whole.height == curved.height // 40 + 1  # the planted gaps
    registers = pl.read_csv(by_kind[f"readings-{month.next()}.csv"], infer_schema=False)
    both = whole.join(registers.unique("asset_number", keep="first"), on="asset_number")
    exact = both.filter(pl.col("kwh") == pl.col("total").cast(pl.Decimal(12, 3), strict=False))
    assert exact.height >= both.height - 1  # one reading in a thousand is spoiled on purpose
    assert both.height >= whole.height - 1
