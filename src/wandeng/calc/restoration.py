"""When supply will probably be back while nobody at the place has said (预计恢复时间): from how long repairs took before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

QUARTER = 900


@dataclass(frozen=True, slots=True)
class Expected:
    """Seconds from the beginning until it is probably back, a whole quarter of an hour; ``cases``: of how many it was told."""

    seconds: int
    cases: int


def expected(durations: Sequence[int], *, elapsed: int, percent: int, least: int) -> Expected | None:
    """The time within which so many ``percent`` of the repairs that took longer than ``elapsed`` were done (nearest rank);
    ``None`` when there were fewer than ``least`` of them: then nobody can say.

    ``durations``: seconds, ascending.

    >>> expected([1800, 3600, 5400, 7200], elapsed=0, percent=75, least=3)
    Expected(seconds=5400, cases=4)
    >>> expected([1800, 3600, 5400, 7200], elapsed=4000, percent=75, least=3) is None
    True
    """
    longer = durations[bisect_right(durations, elapsed) :]
    if len(longer) < max(least, 1):
        return None
    rank = -(-percent * len(longer) // 100)
    return Expected(-(-longer[max(rank, 1) - 1] // QUARTER) * QUARTER, len(longer))
