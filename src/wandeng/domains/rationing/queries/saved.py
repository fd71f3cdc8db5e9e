"""What an order really saved: loads of its windows against like days."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from wandeng.calc import rationing as calc
from wandeng.domains.rationing import rules
from wandeng.domains.rationing.frames import saving
from wandeng.domains.rationing.models import RationingOrder, RationingShare
from wandeng.domains.rationing.types import RationingSaved, SavedShare
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.working_days import working_calendar
from wandeng.infra.scope import Scope

QUARTERS_AN_HOUR = 4


def saved(scope: Scope, number: str, *, library: RuleLibrary | None = None) -> RationingSaved:
    """What each participant saved between off and on, and all of them (actual load against the baseline of the rule). Nothing is
    assumed: who lacks a reading or a baseline is told as such. Raises :class:`NotFound`, ``NoRuleInForce``."""
    rows = RationingOrder.objects.select_related("scheme__unit")
    row = scope.one(rows, "scheme__unit__path", "rationing order", number=number)
    shares = list(row.shares.filter(is_chosen=True).select_related("participant").order_by("rank", "id"))
    begun = [one for one in shares if one.off_at is not None and one.on_at is not None]
    told = _computed(row, begun, library) if begun else {}
    shown = tuple(_shown(one, told.get(one.pk)) for one in shares)
    known = [one for one in shown if not one.why]
    return RationingSaved(
        row.number, shown, sum(one.baseline_wh or 0 for one in known), sum(one.actual_wh or 0 for one in known),
        sum(one.saved_wh or 0 for one in known),
        sum(one.shed_kw * 1000 * one.quarters // QUARTERS_AN_HOUR for one in known), len(shown) - len(known),
    )  # fmt: skip


def _computed(
    row: RationingOrder, shares: list[RationingShare], library: RuleLibrary | None
) -> dict[int, dict[str, object]]:
    rule = rules.rationing(
        rules.local_day(row.starts_at), territory=row.scheme.unit.territory, library=library
    ).baseline
    windows = saving.windows(
        [(one.pk, one.off_at, one.on_at) for one in shares if one.off_at is not None and one.on_at is not None]
    )
    if windows.is_empty():
        return {}
    first, last = windows["day"].min(), windows["day"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    begin = first - timedelta(days=rule.back_days)
    calendar = working_calendar(library or current.library(), begin.year, last.year)
    likes = saving.like_days(windows, calendar, _rationed(shares, begin), back_days=rule.back_days)
    accounts = {one.pk: one.participant.account_id for one in shares if one.participant.account_id is not None}
    areas = {
        one.pk: list(one.areas.values_list("transformer_id", flat=True).order_by("transformer_id"))
        for one in shares
        if one.participant.switch_id is not None
    }
    with ColumnStore() as store:
        loads = saving.loads(store, accounts, areas, from_on=begin, to_on=last + timedelta(days=1))
    found: pl.DataFrame = calc.saved(windows, likes, loads, most_days=rule.most_days, least_days=rule.least_days)
    return {one["participant_id"]: one for one in found.iter_rows(named=True)}


def _rationed(shares: list[RationingShare], begin: date) -> dict[int, set[date]]:
    """The days on which each of these participants was rationed by any order."""
    days: dict[str, set[date]] = {}
    rows = RationingShare.objects.filter(
        participant__code__in=[one.participant.code for one in shares], off_at__isnull=False, off_at__date__gte=begin
    )
    for code, off_at, on_at in rows.values_list("participant__code", "off_at", "on_at"):
        assert off_at is not None
        one, last = rules.local_day(off_at), rules.local_day(on_at or off_at)
        while one <= last:
            days.setdefault(code, set()).add(one)
            one += timedelta(days=1)
    return {one.pk: days.get(one.participant.code, set()) for one in shares}


def _shown(one: RationingShare, told: dict[str, object] | None) -> SavedShare:
    who = one.participant
    if told is None:
        return SavedShare(who.code, who.name, who.shed_kw, 0, 0, None, None, None, str(calc.NotComputable.NO_WINDOW))
    return SavedShare(
        who.code, who.name, who.shed_kw,
        *(told[name] for name in ("quarters", "like_days", "baseline_wh", "actual_wh", "saved_wh", "why")),  # type: ignore[arg-type]
    )  # fmt: skip
