"""Write the synthetic county out as import files, the way a utility's old system would hand them over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from wandeng.twin import curves as curve
from wandeng.twin import customers, faults, interruptions, metering, network, organization, outlets, terms, voltage
from wandeng.twin.county import CLASSES, Plan

EXCHANGED_EVERY = 67
"""Every so manieth home had its meter exchanged in the middle of the two years."""

CURVE_CLASSES = {"ev": 1, "shop_tou": 2}
"""Class → every so manieth of it got a meter for the last month that is billed by its quarter hours. They are those whose
price needs no reactive energy: curve files carry active energy only."""


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
    history = interruptions.draw(plan, sections, points)
    yield _write("interruptions", history, folder / "interruptions.csv")
    monitored = voltage.points(plan, sections)
    yield _write("voltage-points", monitored, folder / "voltage-points.csv")
    yield _write("voltage-readings", voltage.readings(plan, monitored), folder / "voltage-readings.csv")
    homes = outlets.settlements(plan, units, sections, points)
    yield _sections("road-maps", outlets.roads(plan, homes), folder / "road-maps.csv")
    yield _write("settlements", texts(homes), folder / "settlements.csv")
    yield _write("outlets", outlets.outlets(plan, units, homes), folder / "outlets.csv")
    installed = metering.meters(plan, points)
    metered = metering.run(plan, points, installed)
    exchanges = (_homes(plan, installed), _to_curves(plan, installed))
    yield _write("meters", _meters_file(plan, installed, exchanges), folder / "meters.csv")
    assigned = faults.in_assignments(plan, texts(terms.assignments(plan, points)))
    yield _write("price-assignments", assigned, folder / "price-assignments.csv")
    for freeze in range(len(plan.freezes)):
        file = faults.in_readings(plan, _readings(plan, metered, exchanges, freeze), freeze)
        yield _write("readings", file, folder / f"readings-{plan.freezes[freeze]:%Y-%m}.csv")
    hanging = installed.with_columns(asset_number=_since(exchanges))
    billed = exchanges[-1].rows
    file = faults.in_curves(plan, curve.curves(plan, hanging, metered.faces["total"], billed), hanging, billed)
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
    """Rows of the installations whose meter was exchanged, after which freeze and on which day, what is added to the
    number of the new meters, and what those are billed from."""

    rows: np.ndarray
    freeze: int
    on: str
    suffix: str
    source: str = "REGISTER"


def _homes(plan: Plan, installed: pl.DataFrame) -> _Exchange:
    """Homes that got another meter in the middle of a month."""
    homes = ((installed["class_name"] == "home") & (installed["reading_day"] == 1)).to_numpy()
    chosen = np.flatnonzero(homes & (installed["serial"].to_numpy() % EXCHANGED_EVERY == 0))
    freeze = len(plan.freezes) - 6
    return _Exchange(chosen, freeze, f"{plan.freezes[freeze]:%Y-%m}-11", "X")


def _to_curves(plan: Plan, installed: pl.DataFrame) -> _Exchange:
    """Charging stations and shops that are billed by their quarter hours since the first day of the curve month."""
    every = installed["class_name"].replace_strict(CURVE_CLASSES, default=0, return_dtype=pl.Int64).to_numpy()
    serials, frozen = installed["serial"].to_numpy(), (installed["reading_day"] == 1).to_numpy()
    chosen = np.flatnonzero(frozen & (every > 0) & (serials % np.maximum(every, 1) == 0))
    day = plan.curve_month.first
    return _Exchange(chosen, plan.freezes.index(day), day.isoformat(), "Q", "INTERVAL")


def _since(exchanges: tuple[_Exchange, ...]) -> pl.Expr:
    """The meter that hangs at each point after all exchanges."""
    number = pl.col("asset_number")
    for exchange in exchanges:
        exchanged = pl.int_range(pl.len()).is_in(exchange.rows.tolist())
        number = pl.when(exchanged).then(number + exchange.suffix).otherwise(number)
    return number


def _meters_file(plan: Plan, installed: pl.DataFrame, exchanges: tuple[_Exchange, ...]) -> pl.DataFrame:
    """Old and new meters; a new one starts at zero on the day of its exchange."""
    place = pl.int_range(pl.len())
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
    rows = aged = texts(installed.select(columns).with_columns(**first))
    for exchange in exchanges:
        old = place.is_in(exchange.rows.tolist())
        aged = aged.with_columns(removed_on=pl.when(old).then(pl.lit(exchange.on)).otherwise("removed_on"))
    new = [
        rows[exchange.rows.tolist()].with_columns(
            asset_number=pl.col("asset_number") + exchange.suffix,
            installed_on=pl.lit(exchange.on),
            source=pl.lit(exchange.source),
        )
        for exchange in exchanges
    ]
    whole: pl.DataFrame = pl.concat([faults.in_meters(plan, aged), *new])
    return whole


def _readings(plan: Plan, metered: metering.Metered, exchanges: tuple[_Exchange, ...], freeze: int) -> pl.DataFrame:
    """All readings frozen in one month; the month of an exchange in its middle has the removal readings too."""
    meters = metered.meters
    homes, curved = exchanges
    day = plan.freezes[freeze]
    asset = meters["asset_number"].to_numpy().astype(object)
    on = np.where(meters["reading_day"].to_numpy() == 1, f"{day:%Y-%m}-01", f"{day:%Y-%m}-{20}").astype(object)
    values = {name: face[:, freeze].copy() for name, face in metered.faces.items()}
    if freeze > homes.freeze:
        # Since the exchange the new meter has counted from zero: ten days of the first month were the old one's.
        total = metered.faces["total"]
        values["total"][homes.rows] = (total[homes.rows, freeze] - _removal_value(total, homes)) % 10**8
        asset[homes.rows] = asset[homes.rows] + homes.suffix
    if freeze > curved.freeze:
        for name, face in metered.faces.items():
            since, before = face[curved.rows, freeze], face[curved.rows, curved.freeze]
            values[name][curved.rows] = np.where(since < 0, -1, (since - before) % 10**8)
        asset[curved.rows] = asset[curved.rows] + curved.suffix
    frame = _reading_rows(asset, on, values, metered.demand_e4[:, freeze], "HEAD_END")
    if freeze == homes.freeze + 1:
        removed = {name: face[homes.rows, freeze] for name, face in metered.faces.items()}
        removed["total"] = _removal_value(metered.faces["total"], homes)
        old = meters["asset_number"].to_numpy().astype(object)[homes.rows]
        days = np.full(len(old), homes.on, dtype=object)
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
