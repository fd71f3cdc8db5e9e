"""Areas that no job cuts apart, put together: the fewest things that a plan has to tell apart."""

from __future__ import annotations

from dataclasses import dataclass

from wandeng.calc.outage_plan.problem import Problem, Room


@dataclass(frozen=True, slots=True)
class Atom:
    """``areas`` areas that the same ``jobs`` interrupt and that have the same ``room`` left in the year and the same in the
    rolling months; the customers and load of all of them."""

    jobs: tuple[str, ...]
    room: int
    areas: int
    customers: int
    load_kw: int
    soon: tuple[Room, ...] = ()


def atoms(problem: Problem) -> tuple[Atom, ...]:
    """The atoms of the areas that some job interrupts, in the order in which the areas are given."""
    above: dict[str, list[str]] = {}
    for job in problem.jobs:
        for code in job.areas:
            above.setdefault(code, []).append(job.code)
    groups: dict[tuple[tuple[str, ...], int, tuple[Room, ...]], list[str]] = {}
    for area in problem.areas:
        if area.code in above:
            groups.setdefault((tuple(above[area.code]), area.room, area.soon), []).append(area.code)
    return tuple(
        Atom(
            jobs=jobs,
            room=room,
            areas=len(codes),
            customers=sum(problem.area[code].customers for code in codes),
            load_kw=sum(problem.area[code].load_kw for code in codes),
            soon=soon,
        )
        for (jobs, room, soon), codes in groups.items()
    )
