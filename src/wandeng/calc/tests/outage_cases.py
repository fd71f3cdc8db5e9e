"""Small month plans for tests: a bureau of four areas, and random ones."""

from __future__ import annotations

import random
from datetime import date, timedelta

from wandeng.calc.outage_plan import Area, CrewCapacity, Forbidden, Job, Prices, Problem, Room, Start, Window

FIRST = date(2026, 6, 1)
WINDOWS = (Window("day", 1000), Window("peak", 1500), Window("night", 500))
PRICES = Prices(
    unplaced=10**9, breach=10**6, interruption=1000, load=1, late_day=5000, change=20_000, soon=200_000, avoided=30_000
)


def day(number: int) -> date:
    """The first of June is 1."""
    return FIRST + timedelta(days=number - 1)


def bureau(
    *jobs: Job, days: int = 5, crews: int = 1, own_crews: tuple[CrewCapacity, ...] = (), **changes: object
) -> Problem:
    """A1 and A2 on one feeder, B1 and B2 on another: 100, 200, 300, 400 customers with a kW each; one line crew a window."""
    given = {
        "from_on": FIRST,
        "to_on": FIRST + timedelta(days=days),
        "announced_on": FIRST - timedelta(days=7),
        "windows": WINDOWS,
        "areas": areas(),
        "jobs": jobs,
        "crews": own_crews or crew("line", crews, days),
        "forbidden": (),
        "prices": PRICES,
    }
    return Problem(**(given | changes))


def areas(**used: int) -> tuple[Area, ...]:
    """The four areas, with interruptions they had this year of four they may have."""
    sizes = {"A1": 100, "A2": 200, "B1": 300, "B2": 400}
    return tuple(Area(code, size, size, used.get(code, 0), 4) for code, size in sizes.items())


def crew(kind: str, count: int, days: int = 5) -> tuple[CrewCapacity, ...]:
    """The same crews in every window."""
    return tuple(CrewCapacity(kind, day(n + 1), one.code, count) for n in range(days) for one in WINDOWS)


def job(code: str, *codes: str, crew: str = "line", **given: object) -> Job:
    """A job of one window that interrupts the areas."""
    return Job(code, frozenset(codes), crew=crew, **given)


def random_problem(seed: int, jobs: int, days: int) -> Problem:
    """Anything: bans, pins, ties, live work, few crews, areas near their limit."""
    dice = random.Random(seed)
    within = [FIRST + timedelta(days=n) for n in range(days)]
    own = tuple(
        Area(f"A{n}", dice.randint(0, 50), dice.randint(0, 50), dice.randint(0, 4), 3, _random_soon(dice, within))
        for n in range(6)
    )
    codes = [area.code for area in own]
    given = tuple(_random_job(dice, f"J{n}", codes, within) for n in range(jobs))
    crews = [
        CrewCapacity(kind, on, one.code, dice.randint(0, 2))
        for kind in ("line", "live")
        for on in within
        for one in WINDOWS
    ]
    bans = [
        Forbidden(f"R{n}", frozenset(dice.sample(codes, dice.randint(0, 2))), frozenset(dice.sample(within, 1)),
                  frozenset(dice.sample([one.code for one in WINDOWS], dice.randint(0, 2))))
        for n in range(4)
    ]  # fmt: skip
    return bureau(
        *given, days=days, areas=own, own_crews=tuple(crews), forbidden=tuple(bans[:2]), avoided=tuple(bans[2:])
    )


def _random_soon(dice: random.Random, within: list[date]) -> tuple[Room, ...]:
    """Room that grows once within the days, or none such at half of the areas."""
    first = dice.randint(0, 2)
    last = Room(within[-1], first + dice.randint(0, 1))
    return dice.choice(((), (), (last,), (Room(within[0], first), last) if len(within) > 1 else (last,)))


def _random_job(dice: random.Random, code: str, codes: list[str], within: list[date]) -> Job:
    low = dice.randrange(len(codes))
    windows = dice.randint(1, 2)
    live = dice.choice(("", "", "live"))
    starts = [
        Start(dice.choice(within), dice.choice(("day", "peak")), is_live=bool(live) and dice.random() < 0.5)
        for _ in range(2)
    ]
    return Job(
        code=code,
        areas=frozenset(codes[low : low + dice.randint(0, 4)]),
        windows=windows,
        crew=dice.choice(("line", "line", "")),
        live_crew=live,
        notice_days=dice.choice((7, 8)),
        not_before=dice.choice((None, within[0], within[-1])),
        allowed_days=dice.choice((None, None, frozenset(dice.sample(within, 1)))),
        due_on=dice.choice((None, within[0])),
        feeder=dice.choice("FG"),
        ties_closed=frozenset(dice.sample(("T1", "T2"), dice.randint(0, 1))),
        ties_open=frozenset(dice.sample(("T1", "T2"), 1) if dice.random() < 0.3 else ()),
        pinned=starts[0] if dice.random() < 0.15 else None,
        published=starts[1] if dice.random() < 0.2 else None,
        more_crews=frozenset({"live"} if dice.random() < 0.2 else ()),
    )
