"""What the clock asks of cases: say that limits run out, every minute; tell all clocks anew, every night.

Each warning is a transaction of its own that also says that it was told: killed anywhere, the sweep goes on where it was and
tells nobody twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from wandeng.domains.cases import frames
from wandeng.domains.cases.actions import telling
from wandeng.domains.cases.types import Charter
from wandeng.infra import jobs
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.errors import Refused

TELL = "cases.tell_clocks"
RECOMPUTE = "cases.recompute_clocks"
CLOCKS_A_BATCH = 200

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep came to: warnings told, and clocks that could not be told of (their definition is gone)."""

    told: int
    faults: int


def tell_clocks(*, now: datetime, charter: Charter, progress: Callable[[], None] = lambda: None) -> Swept:
    """Tell of every clock of which somebody is to be told by now, the earliest first; ``progress`` is called a batch."""
    told, stuck = 0, set[int]()
    while due := telling.due_clocks(now=now, most=CLOCKS_A_BATCH, but=stuck):
        for clock_id in due:
            try:
                told += telling.tell_clock(clock_id=clock_id, charter=charter, at=now)
            except Refused:
                # One case whose definition is gone must not silence all others; the doctor names those left over.
                stuck.add(clock_id)
        progress()
    return Swept(told, len(stuck))


def recompute(*, charter: Charter, progress: Callable[[int], None] | None = None) -> frames.Recomputed:
    """Tell every stored clock anew by the calendar as it is now."""
    with ColumnStore() as store:
        return frames.recompute(store, charter=charter, progress=progress)


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""

    def tell_job(_payload: jobs.Payload, held: jobs.Claim) -> jobs.Payload:
        swept = tell_clocks(
            now=clock(), charter=Charter.current(), progress=lambda: jobs.extend(held, now=clock())
        )  # fmt: skip
        return {"told": swept.told, "faults": swept.faults}

    def recompute_job(_payload: jobs.Payload, held: jobs.Claim) -> jobs.Payload:
        jobs.extend(held, now=clock())
        done = recompute(charter=Charter.current(), progress=lambda _clocks: jobs.extend(held, now=clock()))
        return {"clocks": done.clocks, "moved": done.moved, "faults": done.faults}

    return {TELL: tell_job, RECOMPUTE: recompute_job}
