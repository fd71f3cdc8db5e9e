"""Ties that feed a dark part: against a search over the graph, and with capacities that are known, too small or not known."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc.resupply import TieVerdict, around, options
from wandeng.calc.tests.test_probable_device import table, tree
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


def ladder() -> Topology:
    """Two feeders with a tie::

    1 ─11─ 2(T1) ─12─ 3(T2) ─13─ 4(T3)        5 ─21─ 6(T4)        4 ╌99╌ 6
    """
    built = NetworkFrames(
        nodes=table([(one,) for one in range(1, 7)], NODES), lines=table([], LINES),
        switches=table(
            [(11, 1, 2, False), (12, 2, 3, False), (13, 3, 4, False), (21, 5, 6, False), (99, 4, 6, True)], SWITCHES
        ),
        feeders=table([(1, 1), (2, 5)], FEEDERS), transformers=table([(1, 2), (2, 3), (3, 4), (4, 6)], TRANSFORMERS),
        customers=table([(10 * one + each, one) for one in range(1, 5) for each in range(one)], CUSTOMERS),
        supplies=table([], SUPPLIES),
    )  # fmt: skip
    return Topology.build(built)


LOADS = {1: 100, 2: 200, 3: 300, 4: 400}


def test_the_section_behind_a_switch_is_isolated_and_the_rest_is_fed_through_the_tie() -> None:
    topology = ladder()
    assert around(topology, 12) == (12, 13)
    found = options(topology, opened=(12, 13), loads=LOADS, may={21: 1000, 99: 300})
    assert (found.dark, found.hopeless) == ((2, 3), (2,))
    (tie,) = found.ties
    # T3 with its three customers: 300 beside the 400 of T4.
    assert (tie.switch_id, tie.feeder_id, tie.transformers, tie.customers) == (99, 2, (3,), 3)
    assert (tie.moved_ckva, tie.before_ckva, tie.verdict, tie.left_ckva) == (300, 400, TieVerdict.FITS, 0)
    assert [(one.switch_id, one.load_ckva, one.may_ckva) for one in tie.way] == [(21, 700, 1000), (99, 300, 300)]


@pytest.mark.parametrize(
    ("may", "loads", "verdict"),
    [
        ({21: 1000, 99: 299}, LOADS, TieVerdict.OVERLOADED),
        ({21: 699, 99: 300}, LOADS, TieVerdict.OVERLOADED),
        ({21: 699}, LOADS, TieVerdict.OVERLOADED),
        ({21: 1000}, LOADS, TieVerdict.UNKNOWN),
        ({}, LOADS, TieVerdict.UNKNOWN),
        ({21: 1000, 99: 300}, {3: 300}, TieVerdict.UNKNOWN),
    ],
)
def test_what_is_not_known_is_said_and_not_guessed(
    may: dict[int, int], loads: dict[int, int], verdict: TieVerdict
) -> None:  # fmt: skip
    (tie,) = options(ladder(), opened=(12, 13), loads=loads, may=may).ties
    assert tie.verdict is verdict
    assert tie.unknown_loads == 2 - len({3, 4} & loads.keys())


def test_a_what_if_switches_nothing() -> None:
    topology = ladder()
    options(topology, opened=(11,), loads=LOADS, may={})
    assert topology.open_switches().tolist() == [99]


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**6), data=st.data())
def test_ties_reach_what_a_search_reaches(seed: int, data: st.DataObject) -> None:
    topology, switches = tree(seed)
    opened = data.draw(st.lists(st.sampled_from(switches), min_size=1, max_size=2, unique=True))
    network = topology.network
    ends = {int(one): network.switch_sections[at] for at, one in enumerate(network.switch_ids.tolist())}

    def fed(closed: set[int]) -> set[int]:
        seen = set(network.feeder_head)
        while True:
            more = {other for one in closed for a, b in [ends[one]] for here, other in ((a, b), (b, a)) if here in seen}
            if more <= seen:
                return seen
            seen |= more

    closed = set(switches) - set(opened)
    before, after = fed(closed), fed(closed | {999})
    section = dict(zip(map(int, network.transformer_ids.tolist()), map(int, network.transformer_section), strict=True))
    regained = sorted(one for one, at in section.items() if at in after - before)
    found = options(topology, opened=opened, loads={}, may={})
    assert found.dark == tuple(sorted(one for one, at in section.items() if at not in before))
    assert [list(tie.transformers) for tie in found.ties] == ([regained] if regained else [])
