"""Tiers and timetables drawn, each with its table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wandeng.domains.tariffs.queries.hours import DayShown, TimetableShown
from wandeng.domains.tariffs.queries.published import ChargeShown, PriceVersion
from wandeng.interfaces.doorway.templatetags.wandeng import grouped, listed, phrases, price8
from wandeng.interfaces.doorway.words import prices as words

POINTS_AN_HOUR = 4
OPEN_TIER_SHARE = 3
"""The last tier has no end: it is drawn a third as long as all before it."""
ENERGY, SURCHARGE = 1, 8


def months_text(months: Sequence[int]) -> str:
    """Months as ranges.

    >>> months_text((1, 2, 3, 12)), months_text(tuple(range(1, 13)))
    ('1–3、12 月', '全年')
    """
    if len(months) == 12:
        return _("全年")
    runs = []
    for _key, run in groupby(enumerate(sorted(months)), key=lambda pair: pair[1] - pair[0]):
        found = [month for _place, month in run]
        runs.append(str(found[0]) if len(found) == 1 else f"{found[0]}–{found[-1]}")
    return _("%(months)s 月") % {"months": listed(runs)}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart and the rows of its table."""

    option: dict[str, Any]
    columns: list[str]
    rows: list[list[str]]


def timetable(shown: TimetableShown) -> Drawn:
    """24 hours of each kind of day, one band each."""
    bands = [(months_text(day.months), day) for day in shown.days]
    if shown.sharp:
        bands.append((_("尖峰日"), shown.sharp))
    bands.reverse()  # a chart counts its rows from below
    series = [_nothing(period, len(bands)) for period in words.PERIODS]
    for place in range(max(len(day.hours) for _name, day in bands)):
        series += _slices(bands, place)
    option = {
        "grid": {"left": 8, "right": 20, "top": 36, "bottom": 4, "containLabel": True},
        "legend": {"top": 0, "left": 0, "itemWidth": 14, "itemHeight": 8, "data": _used(shown)},
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "value", "min": 0, "max": 24, "interval": 2},
        "yAxis": {"type": "category", "data": [name for name, _day in bands]},
        "series": series,
    }
    rows = [
        [name, phrases(f"{one.clock} {words.PERIODS[one.period]}" for one in day.hours)]
        for name, day in reversed(bands)
    ]
    return Drawn(option, [_("月份"), _("时段")], rows)


def _used(shown: TimetableShown) -> list[str]:
    days = [*shown.days, *([shown.sharp] if shown.sharp else [])]
    used = {one.period for day in days for one in day.hours}
    return [str(name) for period, name in words.PERIODS.items() if period in used]


def _nothing(period: str, count: int) -> dict[str, Any]:
    """A series of its own for each period, in order: it gives the period its colour and its place in the legend."""
    return {"name": str(words.PERIODS[period]), "type": "bar", "stack": "day", "barWidth": 22, "data": [0] * count}


def _slices(bands: list[tuple[str, DayShown]], place: int) -> list[dict[str, Any]]:
    """The stretches at one place of all bands, a series for each period among them."""
    at_place = [day.hours[place] if place < len(day.hours) else None for _name, day in bands]
    return [
        _nothing(period, 0)
        | {"data": [(one.end - one.start) / POINTS_AN_HOUR if one and one.period == period else 0 for one in at_place]}
        for period in dict.fromkeys(one.period for one in at_place if one)
    ]


def tiers(version: PriceVersion) -> Drawn | None:
    """The tiers of each season as a band of kWh; ``None`` for a price without tiers."""
    tiered = [one for one in version.charges if one.tier and one.kind in (ENERGY, SURCHARGE)]
    measures = {one.measure for one in tiered}
    own = [one for one in tiered if one.measure == min(measures, default=0)]
    if not own:
        return None
    seasons = list(dict.fromkeys(one.months for one in own))
    seasons.reverse()
    depth = max(one.tier for one in own)
    by_place = {(one.months, one.tier): one for one in own}
    series = [
        {
            "name": tier_name(tier),
            "type": "bar",
            "stack": "tiers",
            "barWidth": 26,
            "label": {"show": True},
            "data": [_band(by_place.get((season, tier)), by_place, season) for season in seasons],
        }
        for tier in range(1, depth + 1)
    ]
    unit = str(words.CYCLES.get(own[0].tier_cycle, ""))
    option = {
        "tooltip": {"trigger": "item"},
        "xAxis": {"type": "value", "max": "dataMax"},
        "yAxis": {"type": "category", "data": [months_text(season) for season in seasons]},
        "series": series,
    }
    rows = [[months_text(one.months), tier_name(one.tier), edges(one), price8(one.price_e8)] for one in own]
    return Drawn(option, [_("月份"), _("档"), _("%(cycle)s kWh") % {"cycle": unit}, _("单价（元/kWh）")], rows)


def _band(
    one: ChargeShown | None, by_place: dict[tuple[tuple[int, ...], int], ChargeShown], season: tuple[int, ...]
) -> dict[str, Any]:
    if one is None:
        return {"value": 0, "label": {"show": False}}
    last = max((found.tier_to_ckwh or 0) for (months, _tier), found in by_place.items() if months == season)
    end = one.tier_to_ckwh if one.tier_to_ckwh is not None else one.tier_from_ckwh + last // OPEN_TIER_SHARE
    return {"value": (end - one.tier_from_ckwh) // 100, "label": {"formatter": price8(one.price_e8)}}


def tier_name(tier: int) -> str:
    """第一档, 第二档, 第三档."""
    return _("第%(n)s档") % {"n": pgettext("tiers", "一二三四五六七八九")[tier - 1]}


def edges(one: ChargeShown) -> str:
    """The kWh of a tier: above … up to …"""
    low = grouped(one.tier_from_ckwh // 100)
    if one.tier_to_ckwh is None:
        return _("%(low)s 以上") % {"low": low}
    return f"{low}–{grouped(one.tier_to_ckwh // 100)}"
