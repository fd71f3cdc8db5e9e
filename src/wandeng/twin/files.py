"""Write the synthetic county out as import files, the way a utility's old system would hand them over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from wandeng.twin import curves as curve
from wandeng.twin import customers, faults, metering, network, organization, terms
from wandeng.twin.county import CLASSES, Plan

EXCHANGED_EVERY = 67
"""Every so manieth home had its meter exchanged in the middle of the two years."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file and the kind it is imported as."""

    kind: str
    path: Path
    rows: int


def write(plan: Plan, folder: Path) -> Iterator[Written]:
    """Write every file, in the order they are imported; yields each as it is finished. Same plan, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    units = organization.units(plan)
    yield _organizations(units, folder)
    drawn = customers.draw(plan, units)
    sections = network.build(plan, units, customers.private_transformers(drawn))
    yield _sections("network", sections, folder / "network.csv")
    rows = customers.points(plan, drawn, sections["transformer"])
    points = customers.extra_points(plan, rows, sections["transformer"])
    working = ["serial", "klass", "class_name", "hours", "own", "pf_standard"]
    file = faults.in_customers(plan, texts(points.drop(working)))
    yield _write("customers", file, folder / "customers.csv", encoding="gb18030")
    installed = metering.meters(plan, points)
    metered = metering.run(plan, points, installed)
    exchange = _exchanges(plan, installed, metered)
    yield _write("meters", _meters_file(plan, installed, exchange), folder / "meters.csv")
    assigned = faults.in_assignments(plan, texts(terms.assignments(plan, points)))
    yield _write("price-assignments", assigned, folder / "price-assignments.csv")
    for freeze in range(len(plan.freezes)):
        file = faults.in_readings(plan, _readings(plan, metered, exchange, freeze), freeze)
        yield _write("readings", file, folder / f"readings-{plan.freezes[freeze]:%Y-%m}.csv")
    hanging = installed.with_columns(asset_number=_since(exchange))
    file = curve.curves(plan, hanging, metered.faces["total"])
    yield _write("curves", file, folder / f"curves-{plan.curve_month}.csv")


def samples(plan: Plan) -> dict[str, str]:
    """For each class of contract the account number of one of its customers."""
    drawn = customers.draw(plan, organization.units(plan))
    first = drawn.group_by("klass").agg(
        pl.col("serial").sort().get(1, null_on_oob=True).fill_null(pl.col("serial").min())
    )
    return {CLASSES[klass].name: customers.account_number(serial) for klass, serial in first.sort("klass").iter_rows()}


def content_hash(folder: Path) -> str:
    """One hash over all files of a folder, names and bytes."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def texts(rows: pl.DataFrame) -> pl.DataFrame:
    """Every cell as a file shows it, nothing as an empty cell."""
    return rows.select(pl.all().cast(pl.String).fill_null(""))


def hundredths(values: np.ndarray) -> pl.Series:
    """0.01 units with two decimals; -1 (no register) is an empty cell."""
    series = pl.Series(values)
    text = (series // 100).cast(pl.String) + "." + (series % 100).cast(pl.String).str.zfill(2)
    return text.set(series < 0, "")


def _write(kind: str, rows: pl.DataFrame, path: Path, encoding: str = "utf-8") -> Written:
    text = rows.write_csv()
    path.write_bytes(text.encode(encoding))
    return Written(kind, path, rows.height)


def _sections(kind: str, sections: dict[str, pl.DataFrame], path: Path) -> Written:
    parts = [texts(rows).insert_column(0, pl.lit(name).alias("type")) for name, rows in sections.items()]
    rows = pl.concat(parts, how="diagonal").fill_null("")
    return _write(kind, rows, path)


def _organizations(units: pl.DataFrame, folder: Path) -> Written:
    people, posts = organization.people(units)
    sections = {"unit": units.drop("customers"), "person": people, "post": posts}
    return _sections("organizations", sections, folder / "organizations.csv")


@dataclass(frozen=True)
class _Exchange:
    """Rows of the installations whose meter was exchanged, at which freeze, and the new meters' numbers."""

    rows: np.ndarray
    freeze: int
    on: str


def _exchanges(plan: Plan, installed: pl.DataFrame, metered: metering.Metered) -> _Exchange:
    homes = ((installed["class_name"] == "home") & (installed["reading_day"] == 1)).to_numpy()
    serials = installed["serial"].to_numpy()
    chosen = np.flatnonzero(homes & (serials % EXCHANGED_EVERY == 0))
    freeze = len(plan.freezes) - 6
    return _Exchange(chosen, freeze, f"{plan.freezes[freeze]:%Y-%m}-11")


def _since(exchange: _Exchange) -> pl.Expr:
    """The meter that has hung at each point since the exchange."""
    exchanged = pl.int_range(pl.len()).is_in(exchange.rows.tolist())
    return pl.when(exchanged).then(pl.col("asset_number") + "X").otherwise("asset_number")


def _meters_file(plan: Plan, installed: pl.DataFrame, exchange: _Exchange) -> pl.DataFrame:
    """Old and new meters; the new one starts at zero on the day of the exchange."""
    place = pl.int_range(pl.len())
    old = place.is_in(exchange.rows.tolist())
    columns = [
        "asset_number", "usage_point", "installed_on", "removed_on", "meter_kind", "digits", "ct_primary_a",
        "ct_secondary_a", "pt_primary_v", "pt_secondary_v", "multiplier", "source", "route", "reading_day",
        "route_months", "route_position",
    ]  # fmt: skip
    registers = installed["registers"].to_numpy()
    zero = np.where(registers, 0, -1)
    feeding = installed["class_name"].to_numpy() == "roof"
    first = {
        "start_total": hundredths(np.zeros(installed.height, dtype=np.int64)),
        **{f"start_{name}": hundredths(zero) for name in ("sharp", "peak", "valley", "reactive")},
        "start_export": hundredths(np.where(feeding, 0, -1)),
    }
    rows = texts(installed.select(columns).with_columns(**first))
    aged = rows.with_columns(removed_on=pl.when(old).then(pl.lit(exchange.on)).otherwise("removed_on"))
    new = rows.filter(old).with_columns(
        asset_number=pl.col("asset_number") + "X", installed_on=pl.lit(exchange.on), start_total=pl.lit("0.00")
    )
    return pl.concat([faults.in_meters(plan, aged), new])


def _readings(plan: Plan, metered: metering.Metered, exchange: _Exchange, freeze: int) -> pl.DataFrame:
    """All readings frozen in one month; the month of an exchange has the removal readings too."""
    meters = metered.meters
    day = plan.freezes[freeze]
    asset = meters["asset_number"].to_numpy().astype(object)
    on = np.where(meters["reading_day"].to_numpy() == 1, f"{day:%Y-%m}-01", f"{day:%Y-%m}-{20}").astype(object)
    values = {name: face[:, freeze].copy() for name, face in metered.faces.items()}
    if freeze > exchange.freeze:
        # Since the exchange the new meter has counted from zero: ten days of the first month were the old one's.
        total = metered.faces["total"]
        at = _removal_value(total, exchange)
        values["total"][exchange.rows] = (total[exchange.rows, freeze] - at) % 10**8
        asset[exchange.rows] = asset[exchange.rows] + "X"
    frame = _reading_rows(asset, on, values, metered.demand_e4[:, freeze], "HEAD_END")
    if freeze == exchange.freeze + 1:
        removed = {name: face[exchange.rows, freeze] for name, face in metered.faces.items()}
        removed["total"] = _removal_value(metered.faces["total"], exchange)
        old = meters["asset_number"].to_numpy().astype(object)[exchange.rows]
        days = np.full(len(old), exchange.on, dtype=object)
        rows = _reading_rows(old, days, removed, np.full(len(old), -1), "REMOVAL")
        frame = pl.concat([rows, frame])
    return frame


def _removal_value(total: np.ndarray, exchange: _Exchange) -> np.ndarray:
    """What the old meter showed on the day it came down: a third of the month after the freeze."""
    before, after = total[exchange.rows, exchange.freeze], total[exchange.rows, exchange.freeze + 1]
    value: np.ndarray = (before + ((after - before) % 10**8) // 3) % 10**8
    return value


def _reading_rows(
    asset: np.ndarray, on: np.ndarray, values: dict[str, np.ndarray], demand_e4: np.ndarray, source: str
) -> pl.DataFrame:
    demand = pl.Series(demand_e4)
    text = (demand // 10_000).cast(pl.String) + "." + (demand % 10_000).cast(pl.String).str.zfill(4)
    return pl.DataFrame(
        {
            "asset_number": pl.Series(asset, dtype=pl.String),
            "read_on": pl.Series(on, dtype=pl.String),
            **{name: hundredths(column) for name, column in values.items()},
            "demand": text.set(demand < 0, ""),
            "source": pl.Series([source] * len(asset), dtype=pl.String),
        }
    )
