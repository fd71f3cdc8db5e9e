"""A published grid through the ordinary importers, and its traces held against pandapower's own search."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np
import pandapower.topology
import polars as pl
import pyarrow as pa
import pytest

from wandeng.calc import curves as calc
from wandeng.domains.network import checks
from wandeng.domains.network.frames import connectivity
from wandeng.domains.network.models import PowerTransformer, Switch
from wandeng.domains.network.types import State
from wandeng.domains.tariffs import frames as tariffs
from wandeng.flows.imports import intake
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month
from wandeng.twin import simbench
from wandeng.twin.simbench import curves, customers, network
from wandeng.twin.simbench.grid import Grid

pytestmark = pytest.mark.simbench
AT = datetime(2026, 2, 1, tzinfo=UTC)
JANUARY = Month(2026, 1)


@pytest.fixture(scope="module")
def urban() -> Grid:
    return Grid.load("1-MVLV-urban-all-0-sw")


@pytest.fixture(scope="module")
def library() -> RuleLibrary:
    return RuleLibrary.load(default_root())


def test_the_figures_of_the_urban_grid(urban: Grid) -> None:
    assert asdict(simbench.counts(urban)) == {
        "transformers": 135,
        "loads": 11_542,
        "switches": 20_933,
        "open_switches": 15,
        "generators": 806,
        "substations": 1,
        # ten lines, the reserve line and a load leave the busbars
        "feeders": 12,
        # 133 transformers to low voltage and one each for six loads at medium voltage
        "areas": 139,
        # two at each of 147 lines, one at each of 133 transformers, two disconnectors of the base station
        "medium_voltage_switches": 2 * 147 + 133 + 2,
        "accounts": 11_542,
        "loads_without_transformer": 0,
    }


def test_a_quarter_hour_is_power_times_profile_rounded_to_the_watt_hour(urban: Grid) -> None:
    accounts = customers.accounts(urban, network.build(urban)).head(3)
    [block] = curves.blocks(urban, accounts, profile_month=Month(2016, 2), billed_month=JANUARY.next())
    rows = curves.curves_file(block)
    assert rows.height == 3 * 28
    second = rows.row(28 + 2, named=True)
    assert (second["asset_number"], second["day"]) == ("SB00000002", "2026-02-03")
    # load 1 has 2 kW and the profile H0-A; 3 February is the 34th day of 2016
    share = urban.net.profiles["load"]["H0-A_pload"].to_numpy()[33 * 96 + 50]
    assert second["p50"] == f"{round(2000 / 4 * share) / 1000:.3f}"
    energy_kwh = rows.select(pl.sum_horizontal(pl.col("^p..$").cast(pl.Float64))).sum().item()
    assert 50 < energy_kwh < 1500


def test_profiles_of_another_year_are_refused(urban: Grid) -> None:
    accounts = customers.accounts(urban, network.build(urban)).head(1)
    with pytest.raises(InvalidInput, match="profiles are of 2016, not of 2017-01"):
        next(curves.blocks(urban, accounts, profile_month=Month(2017, 1), billed_month=JANUARY))
    with pytest.raises(InvalidInput, match="2016-02 has fewer days than 2026-01"):
        next(curves.blocks(urban, accounts, profile_month=Month(2016, 2), billed_month=JANUARY))


def test_every_meter_is_billed_from_its_curve_and_large_works_by_their_demand(urban: Grid) -> None:
    accounts = customers.accounts(urban, network.build(urban))
    assert set(customers.meters_file(accounts)["source"]) == {"曲线"}
    terms = customers.prices_file(accounts, "2026-01-01")
    assert set(terms["pf_standard"]) == {"0"}  # curves carry no reactive energy
    works = terms.filter(pl.col("basic_method") == "3")
    # of the six loads at medium voltage three have 315 kVA and more
    assert works["price_code"].to_list() == ["demo.two_part.10kv"] * 3
    assert terms.filter(pl.col("price_code") == "demo.commercial.10kv.tou").height == 3


def test_periods_and_demand_are_those_of_the_curves_file(urban: Grid, library: RuleLibrary) -> None:
    accounts = customers.accounts(urban, network.build(urban)).filter(pl.col("asset_number") == "SB00011537")
    [block] = curves.blocks(urban, accounts, profile_month=Month(2016, 1), billed_month=JANUARY)
    day = curves.curves_file(block).with_columns(pl.col("^p..$").cast(pl.Decimal(12, 3)))
    first, end = JANUARY.period.from_on, JANUARY.period.to_on
    points = pl.DataFrame(
        {
            "installation_id": 7,
            "day": pl.Series(np.repeat(pl.date_range(first, end, closed="left", eager=True).to_numpy(), 96)),
            "point": np.tile(np.arange(96), 31),
            "active_wh": block.active_wh[0],
        }
    ).with_columns(pl.lit(None).alias(name) for name in calc.CHANNELS.values())
    book = tariffs.book(library, territory="demo", from_on=first, to_on=end, price_codes=["demo.two_part.10kv"])
    [rule] = book.schedule_of.to_pylist()
    assigned = [{"installation_id": 7} | {name: rule[name] for name in calc.ASSIGNED.names[1:]}]
    [shown] = calc.registers(
        points.select(calc.CURVES.names).to_arrow().cast(calc.CURVES),
        pa.Table.from_pylist([{"installation_id": 7, "from_on": first, "to_on": end}], schema=calc.SPANS),
        pa.Table.from_pylist(assigned, schema=calc.ASSIGNED),
        book.timetable,
    ).to_pylist()
    # the demonstration's January: valley 0-6 and 12-14, peak 16-18 and 22-24, sharp 18-22; the rest is flat
    hours = {"valley": (*range(6), 12, 13), "peak": (16, 17, 22, 23), "sharp": range(18, 22), "total": range(24)}
    for register, of in hours.items():
        names = [f"p{hour * 4 + quarter:02d}" for hour in of for quarter in range(4)]
        energy = sum(day.select(names).sum().row(0))
        assert abs(shown[register] - energy * 100) < 1  # rounded where the periods meet
    assert shown["deep"] == 0
    highest = day.select(pl.max_horizontal("^p..$")).max().item()
    assert shown["demand_e4"] == highest * 4 * 10_000  # kWh of a quarter of an hour, in 10⁻⁴ kW


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(InvalidInput, match="SimBench has no grid '1-MVLV-atlantis'"):
        Grid.load("1-MVLV-atlantis")


@pytest.mark.django_db(transaction=True)
def test_the_imported_network_traces_as_pandapower_searches(urban: Grid, tmp_path: Path) -> None:
    files = simbench.write(urban, tmp_path)
    for kind in ("organizations", "network", "customers"):
        written = next(files)
        assert written.kind == kind
        outcome = intake.take_in(kind, written.path, actor=SYSTEM, clock=lambda: AT)
        assert (outcome.counts.created, outcome.counts.parked) == (written.rows, 0)
    switches = dict(Switch.objects.values_list("code", "pk"))
    transformers = dict(PowerTransformer.objects.values_list("pk", "code"))
    with ColumnStore() as store:
        assert checks.all_faults(store) == []
        topology = connectivity.topology(store, state=State.NORMAL, at=AT)
    numbers = accounts_by_load(urban)
    dice = Random(11)
    behind = [code for code, pk in switches.items() if topology.downstream(pk).transformers.size > 1]
    ties = [code for code, pk in switches.items() if topology.is_open(pk)]
    assert len(ties) == 13
    lost_somewhere = 0
    for code, tie in zip(dice.sample(sorted(behind), 8), dice.choices(sorted(ties), k=8), strict=True):
        reach = topology.downstream(switches[code])
        ours = ({transformers[t] for t in reach.transformers.tolist()}, len(reach.customers))
        assert ours == dark(urban, numbers, opened=[code])
        lost_somewhere += bool(ours[0])
        trial = topology.copy()
        trial.open(switches[code])
        trial.close(switches[tie])
        unfed = trial.unfed()
        ours = ({transformers[t] for t in unfed.transformers.tolist()}, len(unfed.customers))
        assert ours == dark(urban, numbers, opened=[code], closed=[tie])
    assert lost_somewhere == 8


def accounts_by_load(grid: Grid) -> set[int]:
    return set(customers.accounts(grid, network.build(grid))["load"])


def dark(grid: Grid, loads: set[int], *, opened: list[str], closed: list[str] = ()) -> tuple[set[str], int]:
    """Transformers and number of loads without supply, by pandapower's search over all 10,458 buses."""
    net = grid.net
    switches = net.switch
    codes = {grid.code_of("switch", index): index for index in switches.index}
    before = switches["closed"].copy()
    switches.loc[[codes[code] for code in opened], "closed"] = False
    switches.loc[[codes[code] for code in closed], "closed"] = True
    try:
        buses = pandapower.topology.unsupplied_buses(net)
    finally:
        net.switch["closed"] = before
    trafos = {grid.code_of("trafo", t) for t in net.trafo.index[net.trafo["lv_bus"].isin(buses)]}
    in_the_dark = net.load.index[net.load["bus"].isin(buses)]
    own = {f"{grid.code_of('load', index)}.T" for index in in_the_dark if grid.is_medium(net.load.at[index, "bus"])}
    return trafos | own, len(loads & set(in_the_dark))


def test_low_voltage_and_medium_voltage_grids_convert_too() -> None:
    rural = Grid.load("1-LV-rural1--0-sw")
    figures = simbench.counts(rural)
    assert (figures.transformers, figures.areas, figures.feeders) == (1, 1, 1)
    assert figures.accounts == figures.loads == len(rural.net.load)
    farms = customers.accounts(rural, network.build(rural)).filter(pl.col("profile").str.starts_with("L"))
    assert set(farms["price_code"]) == {"demo.agriculture"}
