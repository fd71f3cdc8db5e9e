"""Charts of the bill desk, built in Python so that they can be tested; each has its figures as a table beside it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from wandeng.domains.billing.queries.compare import Comparison
from wandeng.domains.billing.queries.figures import Band, Bin, Spread
from wandeng.interfaces.doorway.templatetags.wandeng import grouped
from wandeng.interfaces.doorway.words import bills as words
from wandeng.kernel.money import FEN_PER_YUAN

TEN_THOUSAND = 10_000


def amounts(spread: Spread) -> dict[str, Any]:
    """How many bills of which amount, this month and the month before. Empty bars at both ends are left out."""
    bins = _used(spread.bins)
    return {
        "xAxis": {
            "type": "category",
            "data": [bin_name(one) for one in bins],
            "axisLabel": {"interval": 0, "rotate": 30},
        },
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"name": str(spread.before), "type": "bar", "data": [one.before for one in bins]},
            {"name": str(spread.month), "type": "bar", "data": [one.now for one in bins]},
        ],
    }


def _used(bins: tuple[Bin, ...]) -> tuple[Bin, ...]:
    filled = [place for place, one in enumerate(bins) if one.now or one.before]
    return bins[filled[0] : filled[-1] + 1] if filled else bins


def bin_name(one: Bin) -> str:
    """A bar's name in yuan."""
    if one.from_fen is None:
        return _("负数")
    if one.to_fen == 0:
        return _("零")
    low = one.from_fen // FEN_PER_YUAN
    if one.to_fen is None:
        return _("%(low)s 以上") % {"low": _yuan(low)}
    return f"{_yuan(low)}–{_yuan(one.to_fen // FEN_PER_YUAN)}"


def _yuan(amount: int) -> str:
    return _("%(n)s 万") % {"n": amount // TEN_THOUSAND} if amount >= TEN_THOUSAND else grouped(amount)


def changes(spread: Spread) -> dict[str, Any]:
    """How many accounts used how much more or less than the month before."""
    return {
        "xAxis": {
            "type": "category",
            "data": [band_name(one) for one in spread.bands],
            "axisLabel": {"interval": 0, "rotate": 30},
        },
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [{"name": _("户数"), "type": "bar", "data": [one.accounts for one in spread.bands]}],
    }


def band_name(one: Band) -> str:
    """A bar's name as a multiple of the month before."""
    if one.from_e4 is None:
        assert one.to_e4 is not None
        return _("%(times)s 倍以下") % {"times": _times(one.to_e4)}
    if one.to_e4 is None:
        return _("%(times)s 倍以上") % {"times": _times(one.from_e4)}
    return f"{_times(one.from_e4)}–{_times(one.to_e4)}"


def _times(e4: int) -> str:
    return grouped(e4 // 100, 2).rstrip("0").rstrip(".")


def causes(told: Comparison) -> dict[str, Any]:
    """From the first bill to the second: what each cause adds or takes."""
    names = [str(told.first.month), *(str(words.CAUSES[cause.code]) for cause in told.causes), str(told.second.month)]
    level, below, rise, fall = told.first.amount_fen, [0], [0], [0]
    for cause in told.causes:
        after = level + cause.amount_fen
        below.append(min(level, after))
        rise.append(max(cause.amount_fen, 0))
        fall.append(max(-cause.amount_fen, 0))
        level = after
    whole = [told.first.amount_fen, *([0] * len(told.causes)), told.second.amount_fen]
    return {
        "xAxis": {"type": "category", "data": names, "axisLabel": {"interval": 0}},
        "yAxis": {"type": "value"},
        "legend": {"show": False},
        "series": [
            {"type": "bar", "stack": "all", "silent": True, "itemStyle": {"color": "transparent"}, "tooltip": {"show": False},
             "data": [*below, 0]},
            {"name": _("电费"), "type": "bar", "stack": "all", "data": whole},
            {"name": _("增加"), "type": "bar", "stack": "all", "data": [*rise, 0]},
            {"name": _("减少"), "type": "bar", "stack": "all", "data": [*fall, 0]},
        ],
    }  # fmt: skip
