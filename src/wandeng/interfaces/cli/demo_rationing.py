"""What a demonstration shows of rationing: a scheme with large customers and lines, an order that took place some days ago, and one
that was told for the days ahead.

Everything goes through the product's own importers and actions, at the times at which people would have done it.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import polars as pl
from django.conf import settings

from wandeng.domains.customers import queries as customers
from wandeng.domains.metering import queries as metering
from wandeng.domains.metering.frames import intervals
from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.rationing import queries
from wandeng.domains.rationing.actions import orders, running, schemes
from wandeng.flows import rationing
from wandeng.flows.imports import intake
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.periods import BILLING_ZONE, Month
from wandeng.twin import curves

EVERYWHERE = Scope.everywhere()
PLANNER = "dispatch1"
HEAD = ("单位", "年度", "类型", "户号或开关编码", "名称", "措施", "轮换组", "序位", "正常负荷", "压降负荷")
MEASURES = ("错峰", "避峰", "限电")
LARGE, LINES = 9, 4
BEFORE_KW, SHED_KW, LINE_KW, DEMAND_KW = 400, 120, 600, 20_000
GAP_KW = 300
WEEKS_READ = 4
GIVEN = (1.05, 0.55, 0.95)
"""Of what it should give up, what each one that the order took gave up."""
POINTS = curves.POINTS
NINE, TEN, TWO, SIX, EIGHT = time(9), time(10), time(14), time(18), time(20)


def leave_rationing(last: Month, now: datetime, library: RuleLibrary) -> int:
    """A scheme and two orders; returns how many orders there are. Done once."""
    if not queries.orders_rows(EVERYWHERE).exists():
        past, ahead = min(last.period.to_on, _day(now)) - timedelta(days=4), _day(now) + timedelta(days=2)
        for year in sorted({past.year, ahead.year}):
            _scheme(year, last, now)
        number = _finished(past, library)
        _read(number, past, now)
        _told(ahead, now, library)
    return queries.orders_rows(EVERYWHERE).count()


def _scheme(year: int, last: Month, now: datetime) -> None:
    """An approved scheme of a year, its participants brought by file."""
    at = datetime.combine(last.period.from_on - timedelta(days=20), NINE, BILLING_ZONE)
    unit = _unit()
    made = schemes.draft(unit_code=unit, year=year, max_demand_kw=DEMAND_KW, actor=_planner(now), at=at)
    text = io.StringIO()
    written = csv.writer(text, lineterminator="\n")
    written.writerow(HEAD)
    for place, (number, name) in enumerate(_large()):
        measure, rota = MEASURES[place % len(MEASURES)], f"第{place // len(MEASURES) + 1}组"
        written.writerow([unit, year, "用户", number, name, measure, rota, place + 1, BEFORE_KW, SHED_KW])
    for place, (code, name) in enumerate(_lines()):
        written.writerow([unit, year, "线路", code, name, "拉路", "", place + 1, LINE_KW, LINE_KW])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rationing.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        intake.take_in("rationing-participants", path, actor=SYSTEM, clock=lambda: at)
    schemes.approve(
        scheme_id=made, document="演示：县政府办公室年度批复", actor=_decider(now), at=at + timedelta(hours=2)
    )


def _finished(on: date, library: RuleLibrary) -> str:
    """An order of some days ago that took place as ordered; its number."""
    begin, end = (datetime.combine(on, one, BILLING_ZONE) for one in (TEN, TWO))
    told = begin - timedelta(days=2)
    number = _published(begin, end, GAP_KW, told, library)
    rationing.tell(number=number, at=told + timedelta(hours=1))
    planner = _planner(begin)
    running.start(number=number, off_at=begin, actor=planner, at=begin)
    running.restore(number=number, on_at=end, actor=planner, at=end)
    running.finish(number=number, actor=planner, at=end)
    return number


def _read(number: str, on: date, now: datetime) -> None:
    """Quarter hours of whom the order took, as a file of the head end: the weeks before it, and its day, on which one of three gave up
    less than it should. Days on which a meter has been read already stay as they are."""
    chosen = [one.code for one in queries.order(EVERYWHERE, number).chosen]
    days = [on - timedelta(days=back) for back in range(WEEKS_READ * 7, -1, -1)]
    meters = _meters(chosen)
    with ColumnStore() as store:
        ids = [one for _, one, *_ in meters]
        found = intervals(store, from_on=days[0], to_on=on + timedelta(days=1), installation_ids=ids)
        read = {(one, day.isoformat()) for one, day in found.select("installation_id", "day").unique().collect().rows()}
    shares = Counter(account for account, *_ in meters)
    rng = np.random.default_rng(on.toordinal())
    frames = []
    for account, one, asset, multiplier in meters:
        scale, given = Fraction(1, shares[account] * multiplier), GIVEN[chosen.index(account) % len(GIVEN)]
        rows = loads(asset, days, scale=scale, given=given, rng=rng)
        frames.append(rows.filter(~pl.col("day").is_in([day for known, day in read if known == one])))
    if frames:
        folder = Path(settings.HOME) / "demo" / "rationing"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "curves.csv"
        pl.concat(frames).write_csv(path)
        intake.take_in("curves", path, actor=SYSTEM, clock=lambda: now)


def _meters(accounts: Sequence[str]) -> list[tuple[str, int, str, int]]:
    """Meters of what these accounts use: account, installation, asset number, multiplier."""
    used = (
        network.points_rows(EVERYWHERE).filter(account_number__in=accounts, kind="LOAD").values_list("code", flat=True)
    )
    hung = metering.meters_rows(EVERYWHERE).filter(point_code__in=list(used), multiplier__isnull=False)
    return list(hung.order_by("account_number", "id").values_list("account_number", "id", "asset_number", "multiplier"))


def loads(asset: str, days: Sequence[date], *, scale: Fraction, given: float, rng: np.random.Generator) -> pl.DataFrame:
    """Rows of a meter in the columns of the curves file (``asset_number``, ``day``, ``p00`` … kWh of the register): a works that runs from
    seven to nineteen at :data:`BEFORE_KW`; on the last day, from ten to two, ``given`` of :data:`SHED_KW` less. ``scale``: of the
    power, what this meter's register shows."""
    hour = np.arange(POINTS) / 4
    power = np.where((hour >= 7) & (hour < 19), BEFORE_KW, BEFORE_KW * 0.35) * rng.normal(1, 0.02, (len(days), POINTS))
    power[-1, (hour >= TEN.hour) & (hour < TWO.hour)] -= given * SHED_KW
    wh = (power * 1000 / 4 * float(scale)).round().astype(np.int64)
    told = {f"p{point:02d}": curves.thousandths(pl.Series(wh[:, point])) for point in range(POINTS)}
    return pl.DataFrame({"asset_number": [asset] * len(days), "day": [one.isoformat() for one in days], **told})


def _told(on: date, now: datetime, library: RuleLibrary) -> None:
    """An order for the evening of a day ahead: published and told."""
    begin, end = (datetime.combine(on, one, BILLING_ZONE) for one in (SIX, EIGHT))
    rationing.tell(number=_published(begin, end, GAP_KW, now, library), at=now)


def _published(begin: datetime, end: datetime, gap_kw: int, at: datetime, library: RuleLibrary) -> str:
    planner = _planner(at)
    number = rationing.propose(
        unit_code=_unit(), starts_at=begin, ends_at=end, gap_kw=gap_kw, actor=planner, at=at, library=library
    )
    orders.approve(number=number, note="其余缺口由上级调剂", actor=_decider(at), at=at)
    orders.publish(number=number, actor=planner, at=at)
    return number


def _large() -> list[tuple[str, str]]:
    """Large customers: accounts of high voltage, by number."""
    rows = customers.account_rows(EVERYWHERE).filter(customer_class="HIGH_VOLTAGE").order_by("account_number")
    return [(one["account_number"], one["name"]) for one in rows[:LARGE]]


def _lines() -> list[tuple[str, str]]:
    """Section switches, by code."""
    rows = network.switches_rows(EVERYWHERE).filter(kind="LOAD_BREAK_SWITCH", normal_open=False).order_by("code")
    return [(one["code"], one["name"]) for one in rows[:LINES]]


def _unit() -> str:
    return next(one.code for one in organization.unit_tree(EVERYWHERE) if one.kind == "COUNTY")


def _planner(at: datetime) -> Actor:
    return organization.actor_for(PLANNER, _day(at))


def _decider(at: datetime) -> Actor:
    path = next(one.path for one in organization.unit_tree(EVERYWHERE) if one.kind == "COUNTY")
    on = _day(at)
    return organization.actor_for(organization.holders(path, Role.COUNTY_MANAGER, on)[0], on)


def _day(at: datetime) -> date:
    return at.astimezone(BILLING_ZONE).date()
