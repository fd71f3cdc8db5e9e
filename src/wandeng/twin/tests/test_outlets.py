"""Roads, settlements and outlets of the county: the same for the same seed, of one piece, some people outside."""

from __future__ import annotations

import networkx
import polars as pl
import pytest

from wandeng.twin import customers, network, organization, outlets
from wandeng.twin.county import ROOT, Plan


@pytest.mark.parametrize("count", [500, 5_000])
def test_roads_and_outlets_of_a_county(count: int) -> None:
    plan = Plan(customers=count)
    units = organization.units(plan)
    people = customers.draw(plan, units)
    sections = network.build(plan, units, customers.private_transformers(people))
    points = customers.points(plan, people, sections["transformer"])
    homes = outlets.settlements(plan, units, sections, points)
    roads = outlets.roads(plan, homes)
    found = outlets.outlets(plan, units, homes)
    assert homes.equals(outlets.settlements(plan, units, sections, points))
    assert roads["edge"].equals(outlets.roads(plan, homes)["edge"])
    assert found.equals(outlets.outlets(plan, units, homes))
    assert homes["code"].is_unique().all()
    assert found["code"].is_unique().all()
    assert homes["customers"].sum() <= points.height
    assert roads["map"]["unit"].to_list() == [ROOT]
    graph = networkx.Graph(list(roads["edge"].select("tail", "head").iter_rows()))
    largest = max(networkx.connected_components(graph), key=len)
    assert len(largest) > 0.8 * roads["node"].height
    assert roads["edge"].filter(pl.col("length_m") < 10).is_empty()
    assert {"营业厅"} <= set(found["kind"])
    assert set(units["code"].to_list()[1:]) - set(found.filter(pl.col("kind") == "营业厅")["unit"]), "some have no hall"
