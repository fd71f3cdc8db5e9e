"""Two years of interruptions of the county: planned work, faults restored step by step, storms, and a feeder that suffers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import numpy as np
import polars as pl

from wandeng.twin.county import Plan

PLANNED_A_YEAR, FAULTS_A_YEAR, MOMENTARY_A_YEAR = 1.4, 1.1, 0.6
"""Means of one feeder."""
LOW_VOLTAGE_A_YEAR = 0.6
SUFFERING = 1
"""Place of the feeder that is planned six times in the last year and fails three times within a month."""
FULL, TWICE = 4, 6
"""Places of the feeder that had its four planned outages of this year, and of the one off twice within the last two months."""
PLANNING = (2, 2, 5, 8, 8, 3, 2, 2, 6, 9, 8, 3)
"""How much is planned in each month: spring and autumn, little in the holidays, exams, heat and cold."""
TROUBLES = (6, 5, 3, 4, 6, 8, 10, 10, 5, 3, 3, 5)
"""How much fails in each month: summer storms and load, winter ice."""
COLUMNS = ("number", "unit", "kind", "cause", "is_external", "voltage", "feeder", "device", "transformer", "usage_point",
           "off_at", "on_at")  # fmt: skip
PLANS = (("计划检修", "检修", 5), ("计划施工", "施工", 3), ("计划用户申请", "用户申请", 1), ("临时检修", "检修", 1))
FAULTS = (("内部故障", "设备原因", 4), ("内部故障", "自然因素", 3), ("内部故障", "树障与动物", 2), ("外部故障", "外力破坏", 2),
          ("外部故障", "上级电网", 1), ("内部故障", "用户设备影响", 1))  # fmt: skip


@dataclass
class _Book:
    """Rows of the file, and how many interruptions they are."""

    rows: list[tuple[str, ...]] = field(default_factory=list)
    count: int = 0

    def number(self, at: datetime) -> str:
        self.count += 1
        return f"TD{at:%Y%m%d}-{self.count:05d}"


@dataclass(frozen=True)
class _Line:
    """A feeder and its areas from the head to the end."""

    code: str
    unit: str
    areas: tuple[str, ...]


def draw(plan: Plan, sections: dict[str, pl.DataFrame], points: pl.DataFrame) -> pl.DataFrame:
    """Rows of kind ``interruptions`` from the first frozen reading to the last; the same plan, the same rows."""
    rng = plan.rng("interruptions")
    first, last = (datetime.combine(day, time()) for day in (plan.freezes[0], plan.freezes[-1]))
    days = (last - first).days
    areas = sections["transformer"].group_by("feeder", maintain_order=True).agg("code")
    units = dict(sections["feeder"].select("code", "unit").iter_rows())
    lines = [_Line(code, units[code], tuple(found)) for code, found in areas.iter_rows()]
    book = _Book()
    for place, line in enumerate(lines):
        for mean, make, months in (
            (PLANNED_A_YEAR, _planned, PLANNING), (FAULTS_A_YEAR, _fault, TROUBLES), (MOMENTARY_A_YEAR, _momentary, TROUBLES),
        ):  # fmt: skip
            for day in _in_season(rng, first, days, months, rng.poisson(mean * days / 365)):
                make(book, rng, line, day)
        if place == FULL:
            _four_this_year(book, rng, line, last)
        if place == TWICE:
            _planned(book, rng, line, last - timedelta(days=38), whole=True)
            _fault(book, rng, line, last - timedelta(days=17), whole=True)
        if place == min(SUFFERING, len(lines) - 1):
            for month in range(6):
                _planned(book, rng, line, last - timedelta(days=300 - 45 * month), whole=True)
            for week in range(3):
                _fault(book, rng, line, last - timedelta(days=60 - 9 * week), whole=True)
    _storm(book, rng, lines, first + timedelta(days=days * 3 // 10), "自然因素", 12)
    _storm(book, rng, lines[1:], _latest(last, 1), "自然因素", 6)
    _storm(book, rng, lines[2:], _latest(last, 7), "上级电网", 5)
    _low_voltage(book, rng, points, first, days)
    return pl.DataFrame(book.rows, list(COLUMNS), orient="row")


def _planned(book: _Book, rng: np.random.Generator, line: _Line, day: datetime, *, whole: bool = False) -> None:
    """From the morning into the afternoon, a stretch of the feeder; its far part a little longer. Of a whole
    feeder nothing is temporary."""
    kind, cause = _one_of(rng, PLANS[:-1] if whole else PLANS)
    off = day.replace(hour=int(rng.integers(6, 10)), minute=int(rng.integers(4)) * 15)
    hit = _stretch(rng, line, whole)
    _write(book, line, kind, cause, off, _restored(rng, hit, off, 180, 480))


def _fault(book: _Book, rng: np.random.Generator, line: _Line, day: datetime, *, whole: bool = False) -> None:
    """At any hour; the part before the fault is back sooner than the part behind it."""
    kind, cause = _one_of(rng, FAULTS)
    off = day + timedelta(minutes=int(rng.integers(24 * 60)))
    hit = _stretch(rng, line, whole)
    _write(book, line, kind, cause, off, _restored(rng, hit, off, 25, 260))


def _momentary(book: _Book, rng: np.random.Generator, line: _Line, day: datetime) -> None:
    off = day + timedelta(minutes=int(rng.integers(24 * 60)))
    back = off + timedelta(seconds=int(rng.integers(20, 170)))
    _write(book, line, "内部故障", "自然因素", off, [(area, back) for area in line.areas])


def _storm(book: _Book, rng: np.random.Generator, lines: list[_Line], day: datetime, cause: str, count: int) -> None:
    """One night many feeders fail, some until the second day: a thunderstorm, ice, or a line of the level above."""
    kind = "外部故障" if cause == "上级电网" else "内部故障"
    for line in lines[:: max(1, len(lines) // count)]:
        off = day.replace(hour=19) + timedelta(minutes=int(rng.integers(240)))
        _write(book, line, kind, cause, off, _restored(rng, line.areas, off, 240, 1_900))


def _four_this_year(book: _Book, rng: np.random.Generator, line: _Line, last: datetime) -> None:
    """Four planned outages of the whole feeder since New Year, as far as the year has gone; never within two months of the last."""
    new_year = last.replace(month=1, day=1)
    step = (last - timedelta(days=62) - new_year).days // 4
    for place in range(4 if step > 0 else 0):
        _planned(book, rng, line, new_year + timedelta(days=step * place + step // 2), whole=True)


def _latest(last: datetime, month: int) -> datetime:
    """The 18th of the latest such month before the last day."""
    return last.replace(year=last.year - (last.month <= month), month=month, day=18)


def _in_season(
    rng: np.random.Generator, first: datetime, days: int, months: tuple[int, ...], count: int
) -> list[datetime]:
    """Days of the history, more in some months than in others."""
    weights = np.array([months[(first + timedelta(days=day)).month - 1] for day in range(days)], float)
    return [first + timedelta(days=int(day)) for day in rng.choice(days, count, p=weights / weights.sum())]


def _low_voltage(book: _Book, rng: np.random.Generator, points: pl.DataFrame, first: datetime, days: int) -> None:
    """Single customers off behind their area: a blown fuse, a cable."""
    loads = points.filter(pl.col("usage_point_kind") == "LOAD").select("usage_point", "unit")
    count = min(loads.height, int(LOW_VOLTAGE_A_YEAR * days / 365 * max(1, loads.height // 500)))
    for place in np.sort(rng.choice(loads.height, count, replace=False)).tolist():
        point, unit = loads.row(place)
        off = first + timedelta(minutes=int(rng.integers(days * 24 * 60)))
        back = off + timedelta(minutes=int(rng.integers(30, 300)))
        book.rows.append(
            (
                book.number(off),
                unit,
                "内部故障",
                "设备原因",
                "否",
                "低压",
                "",
                "低压分支",
                "",
                point,
                f"{off}",
                f"{back}",
            )
        )


def _one_of(rng: np.random.Generator, chances: tuple[tuple[str, str, int], ...]) -> tuple[str, str]:
    weights = np.array([weight for _, _, weight in chances], float)
    kind, cause, _ = chances[int(rng.choice(len(chances), p=weights / weights.sum()))]
    return kind, cause


def _stretch(rng: np.random.Generator, line: _Line, whole: bool) -> tuple[str, ...]:
    """From somewhere on the feeder to its end."""
    return line.areas if whole else line.areas[int(rng.integers(len(line.areas))) :]


def _restored(
    rng: np.random.Generator, hit: tuple[str, ...], off: datetime, least: int, most: int
) -> list[tuple[str, datetime]]:
    """The nearer half back first, the rest some time later."""
    sooner = off + timedelta(minutes=int(rng.integers(least, most)))
    later = sooner + timedelta(minutes=int(rng.integers(0, most // 2)))
    near = len(hit) // 2
    return [(area, sooner if place < near else later) for place, area in enumerate(hit)]


def _write(book: _Book, line: _Line, kind: str, cause: str, off: datetime, back: list[tuple[str, datetime]]) -> None:
    external = "是" if kind == "外部故障" else "否"
    number = book.number(off)
    for area, at in back:
        book.rows.append(
            (
                number,
                line.unit,
                kind,
                cause,
                external,
                "中压",
                line.code,
                f"{line.code} 出线",
                area,
                "",
                f"{off}",
                f"{at}",
            )
        )
