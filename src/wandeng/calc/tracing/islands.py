"""What one feeder feeds now, numbered in preorder so that everything behind a switch is one slice (前序编号).

A depth-first walk from the head gives each section its place; whatever lies behind a section's entry switch
follows it without gap. Where closed loops or a second source keep a part alive, the entry switch is no bridge
of the graph and nobody is behind it: the walk finds that too, so a meshed state is answered as exactly as a
radial one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from wandeng.calc.tracing.network import Ints, Network


class Reach(NamedTuple):
    """Transformers and customers, by id. The arrays may be views: read only."""

    transformers: Ints
    customers: Ints


class Cut(NamedTuple):
    """The slice behind one switch: ``transformers[t_lo:t_hi]`` and ``customers[c_lo:c_hi]`` of its island."""

    t_lo: int
    t_hi: int
    c_lo: int
    c_hi: int


class Shared(NamedTuple):
    """A customer with several supplies, at least one of them in this island.

    ``places`` are the places of its supplies in the island's transformers, ``elsewhere`` the sections of the
    others.
    """

    customer_id: int
    places: tuple[int, ...]
    elsewhere: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Island:
    """All that is connected through closed switches to the head of ``feeders[0]`` (供电岛).

    More than one feeder: their sources run in parallel. ``loops``: independent closed rings (合环).
    ``sections`` stand in preorder, ``transformers`` and ``customers`` (single supply) in the same order.
    ``cuts`` has an entry for every switch whose opening interrupts somebody or something, and for no other.
    """

    feeders: tuple[int, ...]
    loops: int
    sections: Sequence[int]
    cuts: dict[int, Cut]
    transformers: Ints
    customers: Ints
    shared: tuple[Shared, ...]


def walk(network: Network, closed: bytearray, head: int) -> Island:
    """Label everything that ``head`` (a section with a source) reaches through closed switches."""
    links, heads = network.links, network.section_feeders
    place: dict[int, int] = {}
    sections: list[int] = []
    entered: list[int] = []
    above: list[int] = []
    lowest: list[int] = []
    feeders: list[int] = []
    loops = 0
    stack = [(head, -1, -1)]
    while stack:
        section, entry, parent = stack.pop()
        if section in place:
            continue
        here = place[section] = len(sections)
        sections.append(section)
        entered.append(entry)
        above.append(parent)
        low = here
        for switch, other in links[section]:
            if switch != entry and closed[switch]:
                there = place.get(other)
                if there is None:
                    stack.append((other, switch, here))
                else:
                    loops += 1
                    low = min(low, there)
        if section in heads:
            feeders.extend(heads[section])
            low = -1
        lowest.append(low)
    if network.section_loops:
        loops += sum(network.section_loops.get(section, 0) for section in sections)
    shared = _shared(network, place) if network.supplies else ()
    return Island(
        feeders=tuple(sorted(feeders)),
        loops=loops,
        sections=sections,
        cuts=_cuts(network, sections, entered, above, lowest),
        transformers=network.transformers_of(sections),
        customers=network.customers_of(sections),
        shared=shared,
    )


def _cuts(
    network: Network, sections: list[int], entered: list[int], above: list[int], lowest: list[int]
) -> dict[int, Cut]:
    """The slice behind each entry switch that is a bridge.

    ``lowest`` is the first place a section reaches by a way other than its entry switch (-1: its own source).
    Where the minimum over everything behind a switch stays behind that switch, the switch is the only way in.
    """
    t_start, c_start = network.transformer_start, network.customer_start
    t_at, c_at = [0], [0]
    for section in sections:
        t_at.append(t_at[-1] + t_start[section + 1] - t_start[section])
        c_at.append(c_at[-1] + c_start[section + 1] - c_start[section])
    after = list(range(1, len(sections) + 1))
    cuts: dict[int, Cut] = {}
    for here in range(len(sections) - 1, 0, -1):
        end, low, parent = after[here], lowest[here], above[here]
        if low == here:
            cuts[entered[here]] = Cut(t_at[here], t_at[end], c_at[here], c_at[end])
        if end > after[parent]:
            after[parent] = end
        if low < lowest[parent]:
            lowest[parent] = low
    return cuts


def _shared(network: Network, place: dict[int, int]) -> tuple[Shared, ...]:
    """The customers with several supplies that have one here."""
    start, section_of = network.transformer_start, network.transformer_section
    found = {at for section in place for at in network.section_supplies.get(section, ())}
    if not found:
        return ()
    first: dict[int, int] = {}
    count = 0
    for section in place:
        first[section] = count
        count += start[section + 1] - start[section]
    shared = []
    for at in sorted(found):
        customer, transformers = network.supplies[at]
        inside = [(t, int(section_of[t])) for t in transformers]
        places = tuple(first[s] + t - start[s] for t, s in inside if s in place)
        shared.append(Shared(customer, places, tuple(s for _, s in inside if s not in place)))
    return tuple(shared)
