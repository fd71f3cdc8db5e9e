"""A small town read by eye: every answer below can be checked against the drawing.

Feeder 1 (head 10)::

    10 -s1- 11 --- 12 -s2- 13 -s3- 14
                   |
                   15 (no switch between 12 and 15)

Feeder 2 (head 20)::

    20 -s4- 21 -s5- 22

with the open tie s9 between 14 and 22. Transformers 100 + node, customers 1000 + node * 10 onwards.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from wandeng.calc.tracing import Changes, Network, Reach, Topology, compare
from wandeng.calc.tracing.frames import SCHEMAS, NetworkFrames
from wandeng.kernel.errors import InvalidInput, NotFound

NODES = (10, 11, 12, 13, 14, 15, 20, 21, 22)
LINES = ((11, 12), (12, 15))
SWITCHES = (
    (1, 10, 11, False),
    (2, 12, 13, False),
    (3, 13, 14, False),
    (4, 20, 21, False),
    (5, 21, 22, False),
    (9, 14, 22, True),
)
FEEDERS = ((1, 10), (2, 20))
TRANSFORMERS = ((112, 12), (113, 13), (114, 14), (115, 15), (121, 21), (122, 22))
CUSTOMERS = ((1121, 112), (1131, 113), (1132, 113), (1141, 114), (1151, 115), (1211, 121), (1221, 122))


def frames(**changed: object) -> NetworkFrames:
    rows = {
        "nodes": [(n,) for n in NODES],
        "lines": LINES,
        "switches": SWITCHES,
        "feeders": FEEDERS,
        "transformers": TRANSFORMERS,
        "customers": CUSTOMERS,
        "supplies": (),
        **changed,
    }
    tables = {}
    for name, schema in SCHEMAS.items():
        columns = list(zip(*rows[name], strict=True)) or [[] for _ in schema]
        tables[name] = pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
    return NetworkFrames(**tables)


def town(**changed: object) -> Topology:
    return Topology.build(frames(**changed))


def ids(reach: Reach) -> tuple[list[int], list[int]]:
    return sorted(reach.transformers.tolist()), sorted(reach.customers.tolist())


NOBODY: tuple[list[int], list[int]] = ([], [])


def test_behind_a_switch_is_everything_its_feeder_feeds_through_it() -> None:
    topology = town()
    assert ids(topology.downstream(2)) == ([113, 114], [1131, 1132, 1141])
    assert ids(topology.downstream(1)) == ([112, 113, 114, 115], [1121, 1131, 1132, 1141, 1151])
    assert ids(topology.downstream(5)) == ([122], [1221])


def test_nobody_is_behind_an_open_tie() -> None:
    assert ids(town().downstream(9)) == NOBODY


def test_opening_a_switch_leaves_exactly_its_downstream_without_a_feeder() -> None:
    topology = town()
    touched = topology.open(2)
    assert touched.feeders == (1,)
    assert ids(topology.unfed()) == ([113, 114], [1131, 1132, 1141])
    assert topology.feeder_of_node(13) is None
    assert topology.feeder_of_transformer(114) is None
    assert topology.feeder_of_node(15) == 1


def test_a_part_taken_over_through_the_tie_turns_its_switches_round() -> None:
    topology = town()
    topology.open(2)
    topology.close(9)
    assert topology.feeder_of_node(13) == 2
    # before, 14 was behind switch 3; fed from the tie it is 13 that is behind it
    assert ids(topology.downstream(3)) == ([113], [1131, 1132])
    assert ids(topology.downstream(9)) == ([113, 114], [1131, 1132, 1141])
    assert ids(topology.downstream(4)) == ([113, 114, 121, 122], [1131, 1132, 1141, 1211, 1221])
    assert ids(topology.unfed()) == NOBODY


def test_closing_the_tie_of_two_live_feeders_is_reported_as_parallel_and_moves_nobody() -> None:
    topology = town()
    switching = topology.close(9)
    assert switching.feeders == (1, 2)
    assert switching.parallel == ((1, 2),)
    assert switching.loops == ()
    assert topology.states().parallel == ((1, 2),)
    # fed from both sides: opening any switch between the two heads interrupts nobody
    for switch in (1, 2, 3, 9, 5, 4):
        assert ids(topology.downstream(switch)) == NOBODY
    changes = compare(town_like(topology), topology)
    assert ids(changes.moved) == ids(changes.lost) == ids(changes.regained) == NOBODY


def town_like(topology: Topology) -> Topology:
    """The given switch positions of the same network."""
    return Topology(topology.network)


def test_a_closed_ring_is_reported_and_protects_what_is_in_it() -> None:
    # switch 6 closes 11 - 14 beside the way over 12, 13
    topology = town(switches=(*SWITCHES, (6, 11, 14, True)))
    switching = topology.close(6)
    assert switching.loops == (1,)
    assert switching.parallel == ()
    assert ids(topology.downstream(2)) == ids(topology.downstream(3)) == NOBODY
    assert ids(topology.downstream(1)) == ([112, 113, 114, 115], [1121, 1131, 1132, 1141, 1151])
    assert topology.open(2).loops == ()
    assert ids(topology.downstream(3)) == ([113], [1131, 1132])


def test_a_ring_of_lines_without_switches_and_a_switch_bridged_by_a_line_are_loops() -> None:
    assert town(lines=(*LINES, (15, 11))).states().loops == (1,)
    assert town(lines=(*LINES, (13, 14))).states().loops == (1,)
    assert town(lines=(*LINES, (13, 14))).open(3).loops == ()


def test_two_closed_switches_side_by_side_are_a_loop_and_neither_interrupts() -> None:
    topology = town(switches=(*SWITCHES, (6, 12, 13, False)))
    assert topology.states().loops == (1,)
    assert ids(topology.downstream(2)) == ids(topology.downstream(6)) == NOBODY
    assert ids(topology.downstream(3)) == ([114], [1141])


def test_switching_to_the_position_a_switch_already_has_touches_nothing() -> None:
    topology = town()
    assert topology.open(9) == topology.close(1) == ((), (), ())


def test_switching_inside_a_dead_part_touches_no_feeder_and_holds_when_it_comes_back() -> None:
    topology = town()
    topology.open(1)
    assert topology.open(3) == ((), (), ())
    assert ids(topology.downstream(2)) == NOBODY
    topology.close(1)
    assert topology.feeder_of_node(13) == 1
    assert topology.feeder_of_node(14) is None


def test_a_what_if_answers_lost_moved_and_regained_and_leaves_the_state_alone() -> None:
    topology = town()
    topology.open(4)
    before = topology.section_feeders()
    changes = topology.what_if(opened=[2], closed=[9])
    assert isinstance(changes, Changes)
    # feeder 2 has lost its head: 2 open and 9 closed join two dead parts, so only feeder 1 loses
    assert ids(changes.lost) == ([113, 114], [1131, 1132, 1141])
    again = topology.what_if(closed=[9])
    assert ids(again.regained) == ([121, 122], [1211, 1221])
    assert again.feeders == (1,)
    moved = town().what_if(opened=[2], closed=[9])
    assert ids(moved.moved) == ([113, 114], [1131, 1132, 1141])
    assert ids(moved.lost) == ids(moved.regained) == NOBODY
    assert moved.feeders == (1, 2)
    assert np.array_equal(before, topology.section_feeders())
    assert topology.is_open(9)
    assert not topology.is_open(2)


def test_a_customer_with_two_supplies_is_out_only_when_both_are() -> None:
    topology = town(supplies=((1141, 122), (1131, 114)))
    # 1131 hangs on 113 and 114, both behind switch 2; 1141 has its second supply on feeder 2
    assert ids(topology.downstream(2)) == ([113, 114], [1131, 1132])
    assert ids(topology.downstream(3)) == ([114], [])
    topology.open(5)
    assert ids(topology.downstream(2)) == ([113, 114], [1131, 1132, 1141])
    assert ids(topology.unfed()) == ([122], [1221])
    assert ids(topology.what_if(opened=[2]).lost) == ([113, 114], [1131, 1132, 1141])
    topology.open(2)
    assert ids(topology.unfed()) == ([113, 114, 122], [1131, 1132, 1141, 1221])
    assert ids(topology.what_if(closed=[5]).regained) == ([122], [1141, 1221])


def test_only_two_states_of_one_network_compare() -> None:
    with pytest.raises(InvalidInput, match="same network"):
        compare(town(), town())


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"lines": ((11, 99),)}, "lines: there is no node 99"),
        ({"switches": ((1, 10, 77, False),)}, "switches: there is no node 77"),
        ({"switches": ((1, 10, 11, False), (1, 11, 12, False))}, "switch 1 occurs twice"),
        ({"feeders": ((1, 10), (2, 10))}, "two feeders start at the same node"),
        ({"transformers": ((112, 5),), "customers": ()}, "transformers: there is no node 5"),
        ({"customers": ((1, 999),)}, "customers: there is no transformer 999"),
        ({"transformers": (), "customers": ((1, 999),)}, "customers: there is no transformer 999"),
        ({"supplies": ((5, 112),)}, "customer 5 has no first supply"),
        ({"customers": ((1, 112), (1, 113)), "supplies": ((1, 114),)}, "customer 1 occurs twice"),
    ],
)
def test_a_network_that_contradicts_itself_is_refused_with_the_culprit(changed: dict, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        Network(frames(**changed))


def test_columns_of_another_shape_are_refused() -> None:
    good = frames()
    with pytest.raises(InvalidInput, match="nodes: expected the columns node_id int64"):
        NetworkFrames(**{**{n: getattr(good, n) for n in SCHEMAS}, "nodes": pa.table({"node": [1]})})
    empty = pa.table({"node_id": pa.array([1, None], pa.int64())})
    with pytest.raises(InvalidInput, match="nodes: node_id is empty in 1 rows"):
        NetworkFrames(**{**{n: getattr(good, n) for n in SCHEMAS}, "nodes": empty})


def test_an_unknown_switch_node_or_transformer_is_not_found() -> None:
    topology = town()
    with pytest.raises(NotFound, match="no switch 77"):
        topology.downstream(77)
    with pytest.raises(NotFound, match="no node 77"):
        topology.feeder_of_node(77)
    with pytest.raises(NotFound, match="no transformer 77"):
        topology.feeder_of_transformer(77)
