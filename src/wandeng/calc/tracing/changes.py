"""What differs between two switching states: who lost supply, who has it again, who moved (转供).

Moved means fed before and after, but by none of the feeders that fed it before: closing a ring for a moment
moves nobody, opening the old side afterwards does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wandeng.calc.tracing.islands import Reach
from wandeng.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from wandeng.calc.tracing.topology import Topology


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """The difference, by ids; transformers and customers in no promised order, none twice.

    ``feeders``: all whose area differs. ``loops`` and ``parallel``: closed rings and sources in parallel
    *after*, among those feeders.
    """

    lost: Reach
    regained: Reach
    moved: Reach
    feeders: tuple[int, ...]
    loops: tuple[int, ...]
    parallel: tuple[tuple[int, ...], ...]


def compare(before: Topology, after: Topology) -> Changes:
    """Compare two states that share one network; the work grows with the islands that differ.

    Raises :class:`InvalidInput` for states of two networks.
    """
    network = before.network
    if after.network is not network:
        raise InvalidInput("only two states of the same network can be compared")
    differing = before.islands_unlike(after)
    touched = {s for state in (before, after) for f in differing for s in state.island(f).sections}
    kinds: dict[str, list[int]] = {"lost": [], "regained": [], "moved": []}
    for section in sorted(touched):
        kind = _kind(before.feeders_of_section(section), after.feeders_of_section(section))
        if kind:
            kinds[kind].append(section)
    several = _several(before, after, touched)
    reaches = {
        kind: Reach(
            network.transformers_of(sections),
            np.concatenate((network.customers_of(sections), np.asarray(several[kind], dtype=np.int64))),
        )
        for kind, sections in kinds.items()
    }
    ids = network.feeder_ids
    islands = [after.island(f) for f in differing]
    groups = sorted({island.feeders for island in islands if len(island.feeders) > 1})
    return Changes(
        **reaches,
        feeders=tuple(int(ids[f]) for f in differing),
        loops=tuple(int(ids[f]) for f, island in zip(differing, islands, strict=True) if island.loops),
        parallel=tuple(tuple(int(ids[f]) for f in group) for group in groups),
    )


def _kind(before: Iterable[int], after: Iterable[int]) -> str:
    fed_before, fed_after = set(before), set(after)
    if fed_before and not fed_after:
        return "lost"
    if fed_after and not fed_before:
        return "regained"
    if fed_before and not fed_before & fed_after:
        return "moved"
    return ""


def _several(before: Topology, after: Topology, touched: Iterable[int]) -> dict[str, list[int]]:
    """Customers with several supplies, judged by all of them together."""
    network = before.network
    found: dict[str, list[int]] = {"lost": [], "regained": [], "moved": []}
    for at in sorted({at for section in touched for at in network.section_supplies.get(section, ())}):
        customer, transformers = network.supplies[at]
        sections = [int(network.transformer_section[t]) for t in transformers]
        kind = _kind(
            [f for s in sections for f in before.feeders_of_section(s)],
            [f for s in sections for f in after.feeders_of_section(s)],
        )
        if kind:
            found[kind].append(customer)
    return found
