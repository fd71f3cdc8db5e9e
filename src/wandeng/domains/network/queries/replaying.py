"""What each of several switchings would do, one after the other, on the network as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wandeng.domains.network import live
from wandeng.domains.network.models import Feeder


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One switching of a replay: whether the switch stands so already; transformers that lose and get supply, by id; feeders that
    would then run in a ring, and in parallel, by code."""

    stands: bool
    lost: tuple[int, ...]
    regained: tuple[int, ...]
    loops: tuple[str, ...]
    parallel: tuple[tuple[str, ...], ...]


def replay(moves: Sequence[tuple[int, bool]], *, on: date) -> tuple[Foreseen, ...]:
    """Each move (switch id, whether it is opened) on the state that the moves before it leave, beginning with the current one.

    Nothing is written. ``on``: the day whose customers a process keeps. Raises :class:`NotFound` for an unknown switch.
    """
    standing = live.states(on).current.copy()
    found = []
    codes: dict[int, str] = {}
    for switch, is_open in moves:
        if standing.is_open(switch) == is_open:
            found.append(Foreseen(True, (), (), (), ()))
            continue
        changes = standing.what_if(opened=[switch] if is_open else [], closed=[] if is_open else [switch])
        standing.open(switch) if is_open else standing.close(switch)
        unknown = [one for one in changes.feeders if one not in codes]
        codes |= dict(Feeder.objects.filter(pk__in=unknown).values_list("pk", "code")) if unknown else {}
        found.append(
            Foreseen(
                False,
                tuple(sorted(changes.lost.transformers.tolist())),
                tuple(sorted(changes.regained.transformers.tolist())),
                tuple(sorted(codes[feeder] for feeder in changes.loops)),
                tuple(tuple(sorted(codes[feeder] for feeder in group)) for group in changes.parallel),
            )
        )
    return tuple(found)


def unfed(transformers: Sequence[int], *, on: date) -> frozenset[int]:
    """Those of these transformers that nothing feeds in the current state."""
    topology = live.states(on).current
    return frozenset(one for one in transformers if topology.feeder_of_transformer(one) is None)


def standing(switches: Sequence[int], *, on: date) -> dict[int, bool]:
    """How switches stand now: id → whether open."""
    topology = live.states(on).current
    return {one: topology.is_open(one) for one in switches}
