"""Reviewing a version (停电计划校核): everything that speaks against it, each with what it was found by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from wandeng.domains.outages import overlapping, rules
from wandeng.domains.outages.effect import Area, Effect
from wandeng.domains.outages.found import Found
from wandeng.domains.outages.types.plans import IsolationKind, LiveLine, OutageCategory
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.outage_planning import Days, OutagePlanning, Peak
from wandeng.kernel.periods import BILLING_ZONE

NAMED = 20
"""Areas and users named in one finding; ``count`` tells how many there are."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What is reviewed: a window with its crews, and what follows from its isolation points. ``is_narrowing``: a change that
    keeps within what was told already, so the notice clock does not run anew."""

    category: OutageCategory
    starts_at: datetime
    ends_at: datetime
    live_line: LiveLine
    crews: tuple[str, ...]
    effect: Effect
    outage_id: int | None
    is_narrowing: bool = False


def findings(one: Reviewed, *, at: datetime, territory: str, library: RuleLibrary | None) -> tuple[Found, ...]:
    """All findings, in the order in which people read them. Raises ``NoRuleInForce``."""
    on = rules.local_day(one.starts_at)
    rule = rules.planning(on, territory=territory, library=library)
    others = overlapping.plans(one.starts_at, one.ends_at, besides=one.outage_id)
    return (
        *_notice(rule, one, at),
        *_repeats(rule, rules.frequent(on, territory=territory, library=library).times, one),
        *_times(rule, one),
        *overlapping.crews(one.crews, others),
        *overlapping.ties(one.effect.points, others),
        *overlapping.together(one.effect, others, rules.local_day(at)),
        *overlapping.shared(one.effect, others),
        *_users(one.effect),
        *_network(one),
    )


def _notice(rule: OutagePlanning, one: Reviewed, at: datetime) -> list[Found]:
    if one.is_narrowing or not (one.effect.areas or one.effect.users):
        return []
    told_by = rules.notice_by(rule.notice, one.category, one.starts_at)
    inside_by = rules.internal_by(rule.notice, one.category, one.starts_at)
    left = max(0, int((one.starts_at - at) // timedelta(hours=1)))
    facts: dict[str, object] = {"hours_left": left, "told_by": told_by.astimezone(UTC).isoformat()}
    if one.category is OutageCategory.TEMPORARY:
        facts["hours_wanted"] = rule.notice.temporary_hours
    else:
        facts["days_left"], facts["days_wanted"] = left // 24, rule.notice.planned_days
    if at > told_by:
        # An emergency does not wait for a day: it is answered for, and decided higher (outage_planning, levels).
        is_temporary = one.category is OutageCategory.TEMPORARY
        return [Found("TEMPORARY_SHORT" if is_temporary else "NOTICE_TOO_SHORT", facts)]
    if at > inside_by:
        return [Found("NOTICE_CLOSE", facts | {"days_wanted": rule.notice.internal_days})]
    return []


def _repeats(rule: OutagePlanning, times: int, one: Reviewed) -> list[Found]:
    found = []
    most = rule.yearly.most_planned
    often = [area for area in one.effect.areas if area.planned_before + 1 > most]
    if often and one.category is OutageCategory.PLANNED:
        worst = max(area.planned_before for area in often) + 1
        found.append(Found("AREA_TOO_OFTEN", {**_named(often), "times": worst, "most": most}))
    frequent = [area for area in one.effect.areas if area.recent_before + 1 >= times]
    if frequent:
        worst = max(area.recent_before for area in frequent) + 1
        found.append(Found("AREA_FREQUENT", {**_named(frequent), "times": worst, "limit": times}))
    return found


def _times(rule: OutagePlanning, one: Reviewed) -> list[Found]:
    if not one.effect.areas:
        return []
    days = _days(one.starts_at, one.ends_at)
    peaks = [
        peak
        for peak in rule.peaks.hours
        if any(
            day.month in peak.months
            and one.starts_at < rules.midnight(day) + timedelta(minutes=peak.last)
            and one.ends_at > rules.midnight(day) + timedelta(minutes=peak.first)
            for day in days
        )
    ]
    exams = _within(rule.exams.days, days, one.effect.localities)
    seasons = _within(rule.farming.days, days, one.effect.localities)
    met: tuple[tuple[str, Sequence[Peak | Days]], ...] = (
        ("PEAK_HOURS", peaks), ("EXAM_DAY", exams), ("FARM_SEASON", seasons),
    )  # fmt: skip
    return [
        Found(code, {"names": [named.name_zh for named in found], "names_en": [named.name_en for named in found]})
        for code, found in met
        if found
    ]


def _within(named: Sequence[Days], days: Sequence[date], localities: frozenset[str]) -> list[Days]:
    return [
        one
        for one in named
        if (not one.localities or localities & set(one.localities))
        and any(one.first <= f"{day:%m-%d}" <= one.last for day in days)
    ]


def _days(starts_at: datetime, ends_at: datetime) -> list[date]:
    first, last = rules.local_day(starts_at), (ends_at - timedelta(microseconds=1)).astimezone(BILLING_ZONE).date()
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def _users(effect: Effect) -> list[Found]:
    found = []
    if effect.protected:
        found.append(Found("PROTECTED_OFF", {"count": effect.protected}))
    if effect.important:
        found.append(Found("IMPORTANT_OFF", {"count": effect.important}))
    held = sum(1 for user in effect.users if user.keeps_supply)
    if held:
        found.append(Found("SECOND_SUPPLY_ONLY", {"count": held}))
    return found


def _network(one: Reviewed) -> list[Found]:
    found = []
    if one.live_line is LiveLine.POSSIBLE:
        found.append(Found("LIVE_POSSIBLE", {"customers": one.effect.customers}))
    isolated = one.effect.isolated
    closes = any(point.kind is IsolationKind.CLOSE for point in one.effect.points)
    if closes and (isolated.loops or isolated.parallel):
        feeders = sorted({*isolated.loops, *(code for group in isolated.parallel for code in group)})
        found.append(Found("RING_CLOSED", {"feeders": feeders}))
    return found


def _named(areas: Sequence[Area]) -> dict[str, object]:
    told = [f"{area.place}（{area.code}）" for area in areas[:NAMED]]
    return {"areas": told, "count": len(areas)}
