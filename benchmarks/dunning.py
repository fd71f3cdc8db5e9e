"""The next rung of the dunning ladder for every account of a county in arrears, against a plain loop over rows.

``python benchmarks/dunning.py [--accounts 334000]`` prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from wandeng.calc import dunning
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.topics.dunning import Dunning
from wandeng.infra.effective.working_days import working_calendar
from wandeng.kernel.calendars import WorkingCalendar

ON = date(2026, 11, 20)
CLASSES = ("RESIDENTIAL", "LOW_VOLTAGE", "HIGH_VOLTAGE")
STATES = ("PENDING", "REACHED", "MISSED")


def rungs(body: Dunning) -> pl.DataFrame:
    """The ladder of the nation as columns."""
    lapses = {one: notice.lapses_after_days for notice in body.notices for one in notice.classes}
    rows = [
        (name, place, step.kind, step.by, step.overdue_days, step.after_days, step.repeat_days, step.attempts,
         lapses[name] if step.kind == "NOTICE" else 0, step.days, step.template)
        for ladder in body.ladders for name in ladder.classes for place, step in enumerate(ladder.steps)
    ]  # fmt: skip
    return pl.DataFrame(rows, dunning.RUNGS, orient="row")


def standings(accounts: int, ladder: pl.DataFrame) -> pl.DataFrame:
    """Accounts anywhere on their ladder: one in three not begun, some promised, some protected."""
    rng = np.random.default_rng(7)
    classes = rng.choice(CLASSES, accounts, p=(0.85, 0.13, 0.02))
    lengths = dict(ladder.group_by("customer_class").len().iter_rows())
    top = np.array([lengths[name] for name in classes])
    rung = np.where(rng.random(accounts) < 0.33, -1, rng.integers(0, top - 2))
    overdue, since = rng.integers(1, 120, accounts), rng.integers(0, 40, accounts)
    held = rng.random(accounts) < 0.05
    frame = pl.DataFrame(
        {
            "account_id": np.arange(1, accounts + 1),
            "customer_class": classes,
            "oldest_due_on": [ON - timedelta(days=int(days)) for days in overdue],
            "rung": rung,
            "attempt": np.where(rung < 0, 0, rng.integers(1, 4, accounts)),
            "step_on": [None if r < 0 else ON - timedelta(days=int(d)) for r, d in zip(rung, since, strict=True)],
            "step_state": np.where(rung < 0, "", rng.choice(STATES, accounts)),
            "held_until": [
                ON + timedelta(days=int(d) % 9 - 3) if h else None for d, h in zip(since, held, strict=True)
            ],
            "is_protected": rng.random(accounts) < 0.01,
        }
    )
    return frame.cast(dict(dunning.STANDINGS))  # type: ignore[arg-type]


def by_rows(
    stands: pl.DataFrame, ladder: pl.DataFrame, calendar: WorkingCalendar, cut_after: int
) -> list[tuple[Any, ...]]:
    """The same, one account after the other."""
    steps: dict[str, list[dict[str, Any]]] = {}
    for step in ladder.iter_rows(named=True):
        steps.setdefault(step["customer_class"], []).append(step)
    return [_one(row, steps[row["customer_class"]], calendar, cut_after) for row in stands.iter_rows(named=True)]


def _one(
    row: dict[str, Any], steps: list[dict[str, Any]], calendar: WorkingCalendar, cut_after: int
) -> tuple[Any, ...]:
    rung, attempt, taken, state = row["rung"], row["attempt"], row["step_on"], row["step_state"]
    goes_on = rung < 0
    if rung >= 0:
        last = steps[rung]
        lapsed = last["lapses_days"] > 0 and taken + timedelta(days=last["lapses_days"]) < ON
        young = taken - timedelta(days=cut_after + 1) < row["oldest_due_on"]
        stale = last["kind"] == "NOTICE" and (lapsed or young)
        tired = 0 < last["attempts"] <= attempt
        waited = state != "PENDING" or taken + timedelta(days=last["repeat_days"]) <= ON
        goes_on = (state == "REACHED" and not stale) or (tired and waited)
    place = rung + 1 if goes_on else rung
    number = 1 if goes_on else attempt + 1
    if rung >= 0 and steps[rung]["by"] == "PERSON" and state == "PENDING":
        return row["account_id"], place, number, "TASK", None, False
    if place >= len(steps):
        return row["account_id"], place, number, "DONE", None, False
    step = steps[place]
    if row["is_protected"] and step["kind"] in ("NOTICE", "SECOND_NOTICE", "CUT"):
        return row["account_id"], place, number, "PROTECTED", None, False
    pause = step["after_days"] if goes_on else steps[rung]["repeat_days"]
    day = max(
        row["oldest_due_on"] + timedelta(days=step["overdue_days"]),
        taken + timedelta(days=pause) if taken else ON,
        row["held_until"] + timedelta(days=1) if row["held_until"] else ON,
        ON,
    )
    first = day
    while not _open(day, step["days"], calendar):
        day += timedelta(days=1)
    standing = "READY" if step["by"] == "ORDER" else "STEP"
    return row["account_id"], place, number, standing, day, standing == "STEP" and first <= ON and day == ON


def _open(day: date, kind: str, calendar: WorkingCalendar) -> bool:
    if kind == "WORKING":
        return calendar.is_working_day(day)
    return kind == "ANY" or not any(day in year.holidays for year in calendar.years)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--accounts", type=int, default=334_000)
    accounts = parser.parse_args().accounts
    library = RuleLibrary.load(default_root())
    body = library.version(Dunning, on=ON, territory="national").body
    ladder, calendar = rungs(body), working_calendar(library, ON.year, ON.year + 1)
    stands = standings(accounts, ladder)
    cut_after = body.overdue.cut_after_days
    started = time.perf_counter()
    found = dunning.next_steps(stands, ladder, dunning.day_table(calendar, ON), on=ON, cut_after_days=cut_after)
    ours = time.perf_counter() - started
    started = time.perf_counter()
    plain = by_rows(stands, ladder, calendar, cut_after)
    baseline = time.perf_counter() - started
    told = list(found.select("account_id", "rung", "attempt", "standing", "due_on", "is_due").iter_rows())
    print(
        json.dumps(
            {
                "accounts": accounts, "due": int(found["is_due"].sum()), "ours_s": round(ours, 3),
                "baseline": "row loop", "baseline_s": round(baseline, 3), "ratio": round(baseline / ours, 1),
                "identical": told == plain,
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
