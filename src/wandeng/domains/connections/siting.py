"""Which transformer a newcomer is put on: plain numbers in, a ranking out. Capacities in 0.01 kVA; a kW counts as a kVA."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wandeng.domains.connections.types import Position
from wandeng.domains.network.queries.sites import PublicTransformer

_METERS_PER_E6 = 0.11132
PERCENT = 100
NEAREST = 12
"""So many of the nearest are looked at; the others are too far whatever they carry."""


@dataclass(frozen=True, slots=True)
class Shares:
    """``highest``: how far a transformer may be loaded; ``together``: how much of the contract capacities runs at the same
    time (同时率); both in percent, the utility's own parameters."""

    highest: int
    together: int


@dataclass(frozen=True, slots=True)
class Looked:
    """A transformer that was looked at, and how far it is; ``distance_m`` ``None`` where one of the places is not known."""

    transformer: PublicTransformer
    distance_m: int | None
    is_in_area: bool


@dataclass(frozen=True, slots=True)
class Carried:
    """What a transformer carries: ``spare_ckva`` is left with the newcomer on it."""

    looked: Looked
    load_ckva: int
    basis: str
    reserved_ckva: int
    spare_ckva: int


def distance_m(here: Position, longitude_e6: int, latitude_e6: int) -> int:
    """Meters between two places of one county, on a flat earth.

    >>> distance_m(Position(112_000_000, 26_000_000), 112_000_000, 26_001_000)
    111
    """
    middle = math.radians((here.latitude_e6 + latitude_e6) / 2e6)
    east = (longitude_e6 - here.longitude_e6) * math.cos(middle)
    return round(math.hypot(east, latitude_e6 - here.latitude_e6) * _METERS_PER_E6)


def nearest(transformers: Sequence[PublicTransformer], here: Position | None, address: str) -> tuple[Looked, ...]:
    """Those worth a look: of the area that the address names first, then the nearest, then by code."""
    found = []
    for one in transformers:
        away = None
        if here and one.longitude_e6 is not None and one.latitude_e6 is not None:
            away = distance_m(here, one.longitude_e6, one.latitude_e6)
        found.append(Looked(one, away, bool(one.area_name) and one.area_name in address))
    found.sort(key=lambda one: (*_way(one), one.transformer.code))
    return tuple(found[:NEAREST])


def carried(
    looked: Sequence[Looked], *, wanted_ckva: int, contracts: Mapping[int, int], measured: Mapping[int, int],
    reserved: Mapping[int, int], shares: Shares,
) -> tuple[Carried, ...]:  # fmt: skip
    """What each would carry with the newcomer, best first: those that carry it, of these the nearest, else the one that lacks
    least. ``measured``: highest demand where it was metered, which is believed before the sum of the contracts."""
    found = []
    for one in looked:
        key = one.transformer.id
        by_contract = _share(contracts.get(key, 0), shares.together)
        load, basis = (measured[key], "METERED") if key in measured else (by_contract, "CONTRACT")
        held = _share(reserved.get(key, 0), shares.together)
        allowed = one.transformer.capacity_ckva * shares.highest // PERCENT
        # The newcomer counts in full: that not all run at once is true of many, not of one.
        spare = allowed - load - held - wanted_ckva
        found.append(Carried(one, load, basis, held, spare))
    found.sort(key=_order)
    return tuple(found)


def _order(one: Carried) -> tuple[int | str, ...]:
    fits = one.spare_ckva >= 0
    way = (*_way(one.looked), -one.spare_ckva) if fits else (-one.spare_ckva, *_way(one.looked))
    return (not fits, *way, one.looked.transformer.code)


def _way(one: Looked) -> tuple[int, int]:
    return (not one.is_in_area, one.distance_m if one.distance_m is not None else 2**31)


def _share(value: int, percent: int) -> int:
    """A share of a capacity, rounded up: what is doubtful counts as load."""
    return -(-value * percent // PERCENT)
