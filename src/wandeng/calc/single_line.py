"""Single-line diagram (单线图): the planned tree of one feeder, laid out in rows and lanes. Pure: ids in, places out.

A diagram reads from top to bottom. Every thing on the feeder has a row of its own, so that its words stand beside it
and never over each other; the way from the head to the last thing of the largest branch runs down lane 0, and what
branches off runs down the lane to its right before its parent goes on. So a lane is only as deep as branches are nested.

The tree is that of the *planned* state: a diagram that jumped with every switching could not be read. Positions and who
is fed are colors that the caller lays over it, by ``Row.node`` and ``Link.node``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from wandeng.kernel.errors import InvalidInput


class Thing(StrEnum):
    """What a row shows."""

    SWITCH = "switch"
    """A switch of the tree; the line goes on behind it."""
    TRANSFORMER = "transformer"
    TIE = "tie"
    """A switch that is open by plan (联络开关): its far side belongs to another feeder, or to another branch."""
    RING = "ring"
    """A switch closed by plan that closes a ring with what is drawn already."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A line segment or a switch between two nodes. ``switch_id`` ``None``: a line, always closed."""

    node_a: int
    node_b: int
    switch_id: int | None = None
    normal_open: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One thing at its place. ``node`` is the node it hangs on, for a switch of the tree the one towards the head;
    ``beyond`` the node on a switch's other side. ``place`` counts rows from 0 downward."""

    place: int
    lane: int
    thing: Thing
    id: int
    node: int
    beyond: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of line down one lane, from one height to another in half rows (row ``r`` is at ``2 r``); ``node`` is one
    of its nodes. With ``from_lane`` it starts in that lane and turns into ``lane`` at ``from_half``."""

    lane: int
    from_half: int
    to_half: int
    node: int
    from_lane: int | None = None


@dataclass(frozen=True, slots=True)
class Diagram:
    """Rows from top to bottom, links in any order, and how many lanes there are. ``unreached``: the nodes given as the
    feeder's own to which no planned way leads."""

    rows: tuple[Row, ...]
    links: tuple[Link, ...]
    lanes: int
    unreached: tuple[int, ...]


@dataclass(slots=True)
class _Tree:
    """The planned tree: children of each node by the branch that leads there, and what hangs on a node as a leaf."""

    children: dict[int, list[tuple[int, int | None]]] = field(default_factory=lambda: defaultdict(list))
    leaves: dict[int, list[tuple[Thing, int, int]]] = field(default_factory=lambda: defaultdict(list))
    order: list[int] = field(default_factory=list)


def layout(
    head: int, branches: Sequence[Branch], transformers: Iterable[tuple[int, int]], own: Iterable[int]
) -> Diagram:
    """The diagram of the feeder that starts at node ``head``.

    ``branches``: every line and switch with at least one end among the feeder's nodes. ``transformers``: (id, node).
    ``own``: the nodes that are the feeder's home; the tree does not walk into others. Equal input gives an equal
    diagram, whatever its order. Raises :class:`InvalidInput` when the head is not among ``own``.
    """
    home = set(own)
    if head not in home:
        raise InvalidInput(f"node {head} is the head of the feeder and not one of its nodes")
    tree = _tree(head, sorted(branches, key=_order), home)
    hung: dict[int, list[int]] = defaultdict(list)
    for transformer, node in sorted(transformers):
        hung[node].append(transformer)
    sizes = _sizes(tree, hung)
    rows, links = _place(head, tree, hung, sizes)
    reached = set(tree.order)
    lanes = 1 + max((row.lane for row in rows), default=0)
    return Diagram(tuple(rows), tuple(links), lanes, tuple(sorted(home - reached)))


def _order(branch: Branch) -> tuple[bool, int, int, int]:
    return (branch.switch_id is None, branch.switch_id or 0, branch.node_a, branch.node_b)


def _tree(head: int, branches: Sequence[Branch], home: set[int]) -> _Tree:
    """Walk the planned network from the head, breadth first."""
    joined: dict[int, list[tuple[int, Branch]]] = defaultdict(list)
    for branch in branches:
        joined[branch.node_a].append((branch.node_b, branch))
        joined[branch.node_b].append((branch.node_a, branch))
    tree, seen, done = _Tree(), {head}, set()
    tree.order.append(head)
    for node in tree.order:
        for other, branch in joined[node]:
            if id(branch) in done:
                continue
            done.add(id(branch))
            switch = branch.switch_id
            if switch is not None and (branch.normal_open or other not in home):
                tree.leaves[node].append((Thing.TIE, switch, other))
            elif other in seen:
                if switch is not None:
                    tree.leaves[node].append((Thing.RING, switch, other))
            elif other in home:
                seen.add(other)
                tree.order.append(other)
                tree.children[node].append((other, switch))
    return tree


def _sizes(tree: _Tree, hung: dict[int, list[int]]) -> dict[int, int]:
    """How many rows each node and all behind it need."""
    sizes: dict[int, int] = {}
    for node in reversed(tree.order):
        below = sum(sizes[child] + (switch is not None) for child, switch in tree.children[node])
        sizes[node] = len(hung[node]) + len(tree.leaves[node]) + below
    return sizes


def _place(head: int, tree: _Tree, hung: dict[int, list[int]], sizes: dict[int, int]) -> tuple[list[Row], list[Link]]:
    """Rows in preorder, the largest child last and in its parent's lane."""
    rows: list[Row] = []
    links: list[Link] = []
    above: dict[int, tuple[int, int]] = {0: (-1, head)}
    """Lane → where its line stands now: the height in half rows, and a node of the stretch that goes on from there."""
    stack: list[tuple[int, int, int | None, int | None]] = [(head, 0, None, None)]
    while stack:
        node, lane, parent, switch = stack.pop()
        if parent is not None and lane not in above:
            turn = 2 * len(rows) - 1
            links.append(Link(lane, turn, turn, parent, from_lane=lane - 1))
            above[lane] = (turn, parent)
        if switch is not None and parent is not None:
            _add(rows, links, above, Row(len(rows), lane, Thing.SWITCH, switch, parent, node))
            above[lane] = (above[lane][0], node)
        for transformer in hung[node]:
            _add(rows, links, above, Row(len(rows), lane, Thing.TRANSFORMER, transformer, node))
        for thing, leaf, beyond in tree.leaves[node]:
            _add(rows, links, above, Row(len(rows), lane, thing, leaf, node, beyond))
        children = [pair for pair in tree.children[node] if sizes[pair[0]] or pair[1] is not None]
        children.sort(key=lambda pair: (sizes[pair[0]] + (pair[1] is not None), pair[0]))
        if not children:
            above.pop(lane)
            continue
        *laterals, (last, through) = children
        stack.append((last, lane, node, through))
        stack += [(child, lane + 1, node, via) for child, via in reversed(laterals)]
    return rows, links


def _add(rows: list[Row], links: list[Link], above: dict[int, tuple[int, int]], row: Row) -> None:
    """Draw the line of the row's lane down to it, and the row."""
    height, node = above[row.lane]
    links.append(Link(row.lane, height, 2 * row.place, node))
    above[row.lane] = (2 * row.place, node)
    rows.append(row)
