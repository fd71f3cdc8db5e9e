"""The probable device against every set of devices tried out: the fewest that explain who is dark, then the lowest."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc.probable_device import EVIDENCE, Confidence, Device, Judged, Sureness, judge, sure
from wandeng.calc.tests.test_tracing import frames
from wandeng.calc.tracing import Topology
from wandeng.calc.tracing.frames import (
    CUSTOMERS,
    FEEDERS,
    LINES,
    NODES,
    SUPPLIES,
    SWITCHES,
    TRANSFORMERS,
    NetworkFrames,
)

SURENESS = Sureness(50, 3, 25, 2)
DARK, LIT = "dark", "lit"


def tree(seed: int) -> tuple[Topology, list[int]]:
    """Two radial feeders of up to nine transformers, an open tie between them; and all switches that are closed."""
    draw = random.Random(seed)
    nodes: list[int] = []
    edges: list[tuple[int, int, int, bool]] = []
    heads: list[tuple[int, int]] = []
    hung: list[tuple[int, int]] = []
    for feeder in (1, 2):
        first = len(nodes) + 1
        heads.append((feeder, first))
        nodes.append(first)
        for _ in range(draw.randrange(1, 6)):
            nodes.append(len(nodes) + 1)
            edges.append((100 + nodes[-1], draw.randrange(first, nodes[-1]), nodes[-1], False))
        hung += [(len(hung) + at + 1, draw.randrange(first, nodes[-1] + 1)) for at in range(draw.randrange(1, 5))]
    edges.append((999, 1, nodes[-1], True))
    built = NetworkFrames(
        nodes=table([(one,) for one in nodes], NODES), lines=table([], LINES), switches=table(edges, SWITCHES),
        feeders=table(heads, FEEDERS), transformers=table(hung, TRANSFORMERS),
        customers=table([(one, one) for one, _node in hung], CUSTOMERS), supplies=table([], SUPPLIES),
    )  # fmt: skip
    return Topology.build(built), [one[0] for one in edges if not one[3]]


def table(rows: Sequence[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    """Rows as a table of a schema."""
    columns = list(zip(*rows, strict=True)) or [() for _ in schema]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)


def evidence(said: dict[int, str]) -> pl.DataFrame:
    rows = [
        (one, 0, 3 if what == DARK else 0, 3 if what == LIT else 0, 0, 1000 + one if what == DARK else None)
        for one, what in said.items()
    ]  # fmt: skip
    return pl.DataFrame(rows, EVIDENCE, orient="row")


def fewest(topology: Topology, switches: list[int], said: dict[int, str], tripped: list[int]) -> tuple[int, int]:
    """How many devices explain the dark ones, and how many transformers lie behind them, by trying every set."""
    lit = {one for one, what in said.items() if what == LIT}
    sets: set[frozenset[int]] = {frozenset({int(one)}) for one in topology.network.transformer_ids.tolist()}
    sets |= {frozenset(map(int, topology.downstream(one).transformers.tolist())) for one in switches}
    sets |= {frozenset(map(int, topology.island(at).transformers.tolist())) for at in range(2)}
    opened = {frozenset(map(int, topology.downstream(one).transformers.tolist())) for one in tripped}
    opened = {one for one in opened if one and not one & lit}
    forced = {one for one in opened if not any(one < other for other in opened)}
    told = set().union(*forced) if forced else set()
    dark = {one for one, what in said.items() if what == DARK} - told
    clean = [one for one in sets if one and not one & (lit | told)]
    for count in range(len(dark) + 1):
        sizes = [
            sum(map(len, chosen)) for chosen in itertools.combinations(clean, count)
            if dark <= set().union(*chosen)
        ]  # fmt: skip
        if sizes:
            return count + len(forced), min(sizes) + sum(map(len, forced))
    raise AssertionError("each dark one explains itself")


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**6), data=st.data())
def test_no_other_set_of_devices_explains_it_with_fewer_or_lower_ones(seed: int, data: st.DataObject) -> None:
    topology, switches = tree(seed)
    ids = [int(one) for one in topology.network.transformer_ids.tolist()]
    said = data.draw(st.dictionaries(st.sampled_from(ids), st.sampled_from([DARK, LIT])))
    tripped = data.draw(st.lists(st.sampled_from(switches), max_size=2, unique=True))
    found = judge(topology, evidence(said), tripped=tripped)
    count, size = fewest(topology, switches, said, tripped)
    assert (len(found.devices), sum(len(one.areas) for one in found.devices)) == (count, size)
    lit = {one for one, what in said.items() if what == LIT}
    assert not any(lit & set(one.areas) for one in found.devices)
    dark = {one for one, what in said.items() if what == DARK}
    assert dark == {each for one in found.devices for each in one.dark}
    behind = {one: {int(each) for each in topology.downstream(one).transformers.tolist()} for one in tripped}
    assert set(found.doubted) == {one for one in tripped if behind[one] & lit}


def of(found: Judged) -> list[tuple[Device, int]]:
    return [(one.kind, one.device_id) for one in found.devices]


def town() -> Topology:
    return Topology.build(frames())


def test_evidence_is_counted_and_says_how_sure_it_is() -> None:
    topology = town()
    switch = int(topology.network.switch_ids[0])
    behind = [int(one) for one in topology.downstream(switch).transformers.tolist()]
    assert len(behind) > 1
    found = judge(topology, evidence(dict.fromkeys(behind, DARK)))
    assert len(found.devices) == 1
    one = found.devices[0]
    assert (one.share, one.reports, one.meters_off, one.first_off) == (
        100,
        3 * len(behind),
        3 * len(behind),
        1000 + min(behind),
    )
    assert sure(one, SURENESS) is Confidence.HIGH
    alone = judge(topology, evidence({behind[0]: DARK})).devices[0]
    assert (alone.kind, alone.device_id) == (Device.TRANSFORMER, behind[0])
    tripped = judge(topology, evidence({}), tripped=[switch]).devices[0]
    assert (tripped.tripped, sure(tripped, SURENESS)) == (True, Confidence.HIGH)


def test_a_transformer_with_dark_and_lit_meters_is_a_fault_of_low_voltage() -> None:
    topology = town()
    one = int(topology.network.transformer_ids[0])
    rows = pl.DataFrame([(one, 1, 4, 2, 0, 5)], EVIDENCE, orient="row")
    assert of(judge(topology, rows)) == [(Device.LOW_VOLTAGE, one)]
    terminal = pl.DataFrame([(one, 1, 4, 2, -1, 5)], EVIDENCE, orient="row")
    assert of(judge(topology, terminal)) == [(Device.TRANSFORMER, one)]


def test_what_no_closed_way_feeds_is_known_to_be_off() -> None:
    topology = town()
    switch = int(topology.network.switch_ids[0])
    behind = [int(one) for one in topology.downstream(switch).transformers.tolist()]
    topology.open(switch)
    found = judge(topology, evidence(dict.fromkeys(behind, DARK)))
    assert (found.devices, found.known_off) == ((), tuple(sorted(behind)))


def test_evidence_of_a_transformer_nobody_knows_is_passed_over() -> None:
    assert judge(town(), evidence({987654: DARK})) == Judged((), (), ())


@pytest.mark.parametrize("reports", [1, 2, 3])
def test_one_report_alone_is_never_sure(reports: int) -> None:
    topology = town()
    one = int(topology.network.transformer_ids[0])
    rows = pl.DataFrame([(one, reports, 0, 0, 0, 5)], EVIDENCE, orient="row")
    expected = [Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH][reports - 1]
    assert sure(judge(topology, rows).devices[0], SURENESS) is expected
