"""What isolating parts of the network comes to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Isolated:
    """By transformer id: ``dead`` lose supply, ``moved`` are fed by another feeder meanwhile (``sources``, by feeder id),
    ``unfed`` had none before. ``loops`` and ``parallel`` name feeders that would run in a ring or side by side, by code."""

    dead: tuple[int, ...]
    moved: tuple[int, ...]
    unfed: frozenset[int]
    sources: tuple[int, ...]
    loops: tuple[str, ...]
    parallel: tuple[tuple[str, ...], ...]
