from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.calc.single_line import Branch, Diagram, Thing, layout
from wandeng.kernel.errors import InvalidInput


def things(diagram: Diagram) -> list[tuple[str, int, int]]:
    return [(row.thing.value, row.id, row.lane) for row in diagram.rows]


def test_a_plain_line_runs_down_one_lane_in_its_order() -> None:
    # 1 ─K10─ 2 ─── 3(T7) ─K11─ 4(T8)
    branches = [Branch(1, 2, 10), Branch(2, 3), Branch(3, 4, 11)]
    drawn = layout(1, branches, [(7, 3), (8, 4)], [1, 2, 3, 4])
    assert things(drawn) == [("switch", 10, 0), ("transformer", 7, 0), ("switch", 11, 0), ("transformer", 8, 0)]
    assert drawn.lanes == 1
    # Each stretch belongs to what lies between two switches: the last one hangs behind K11, on node 4.
    assert [(link.from_half, link.to_half, link.node) for link in drawn.links] == [
        (-1, 0, 1), (0, 2, 2), (2, 4, 2), (4, 6, 4),
    ]  # fmt: skip


def test_the_smaller_branch_comes_first_and_one_lane_to_the_right() -> None:
    # 1 ─── 2 ─fuse 20─ 3(T1)      and      2 ─── 4(T2) ─── 5(T3)
    branches = [Branch(1, 2), Branch(2, 3, 20), Branch(2, 4), Branch(4, 5)]
    drawn = layout(1, branches, [(1, 3), (2, 4), (3, 5)], [1, 2, 3, 4, 5])
    assert things(drawn) == [("switch", 20, 1), ("transformer", 1, 1), ("transformer", 2, 0), ("transformer", 3, 0)]
    turns = [(link.from_lane, link.lane, link.from_half) for link in drawn.links if link.from_lane is not None]
    assert turns == [(0, 1, -1)]


def test_a_tie_ends_the_line_and_says_what_lies_beyond() -> None:
    # 9 belongs to another feeder
    drawn = layout(1, [Branch(1, 2, 10), Branch(2, 9, 30, normal_open=True)], [(5, 2)], [1, 2])
    assert things(drawn) == [("switch", 10, 0), ("transformer", 5, 0), ("tie", 30, 0)]
    assert (drawn.rows[-1].node, drawn.rows[-1].beyond) == (2, 9)


def test_a_tie_closed_by_plan_does_not_draw_the_other_feeder() -> None:
    drawn = layout(1, [Branch(1, 9, 30), Branch(9, 8)], [(5, 8)], [1])
    assert things(drawn) == [("tie", 30, 0)]


def test_a_ring_is_drawn_once_and_named_where_it_closes() -> None:
    branches = [Branch(1, 2, 10), Branch(1, 3, 11), Branch(2, 3, 12)]
    drawn = layout(1, branches, [], [1, 2, 3])
    assert sorted(row.thing.value for row in drawn.rows) == ["ring", "switch", "switch"]
    assert [row.id for row in drawn.rows if row.thing is Thing.RING] == [12]


def test_a_dead_end_without_anything_on_it_is_not_drawn() -> None:
    drawn = layout(1, [Branch(1, 2), Branch(2, 3), Branch(2, 4)], [(1, 4)], [1, 2, 3, 4])
    assert things(drawn) == [("transformer", 1, 0)]
    assert drawn.lanes == 1


def test_nodes_without_a_planned_way_are_told() -> None:
    assert layout(1, [Branch(2, 3)], [(1, 3)], [1, 2, 3]).unreached == (2, 3)


def test_an_empty_feeder_is_an_empty_diagram() -> None:
    drawn = layout(1, [], [], [1])
    assert (drawn.rows, drawn.links, drawn.lanes) == ((), (), 1)


def test_a_head_that_is_elsewhere_is_refused() -> None:
    with pytest.raises(InvalidInput, match="head"):
        layout(7, [], [], [1])


@st.composite
def feeders(draw: st.DrawFn) -> tuple[list[Branch], list[tuple[int, int]], int]:
    count = draw(st.integers(1, 60))
    branches = [
        Branch(draw(st.integers(0, node - 1)), node, 100 + node if draw(st.booleans()) else None)
        for node in range(1, count)
    ]
    transformers = [(number, draw(st.integers(0, count - 1))) for number in range(draw(st.integers(0, 40)))]
    return branches, transformers, count


@given(feeders(), st.integers(0, 1000))
def test_every_thing_has_one_row_and_a_line_that_leads_to_it(
    feeder: tuple[list[Branch], list[tuple[int, int]], int], seed: int
) -> None:
    branches, transformers, count = feeder
    drawn = layout(0, branches, transformers, range(count))
    rows = drawn.rows
    assert [row.place for row in rows] == list(range(len(rows)))
    assert sorted(row.id for row in rows if row.thing is Thing.TRANSFORMER) == sorted(t for t, _ in transformers)
    assert sorted(row.id for row in rows if row.thing is Thing.SWITCH) == sorted(
        b.switch_id for b in branches if b.switch_id is not None
    )
    for row in rows:
        arriving = [link for link in drawn.links if link.lane == row.lane and link.to_half == 2 * row.place]
        assert len(arriving) == 1
    for link in drawn.links:
        if link.from_lane is not None:
            # The lane it leaves is there: a line of it passes this height.
            assert any(
                other.lane == link.from_lane and other.from_half <= link.from_half <= other.to_half
                for other in drawn.links
                if other is not link
            )
    # The largest branch stays in its lane, so what lies a lane deeper is at most half.
    assert drawn.lanes <= 2 + int(math.log2(len(rows) + 1))
    mixed = branches[:]
    random.Random(seed).shuffle(mixed)
    assert layout(0, mixed, reversed(transformers), range(count)) == drawn


@given(feeders())
def test_no_line_runs_through_a_row_of_a_deeper_lane(feeder: tuple[list[Branch], list[tuple[int, int]], int]) -> None:
    """To the right of a row there is nothing but its words."""
    branches, transformers, count = feeder
    drawn = layout(0, branches, transformers, range(count))
    for row in drawn.rows:
        crossing = [k for k in drawn.links if k.lane > row.lane and k.from_half <= 2 * row.place <= k.to_half]
        assert crossing == []
