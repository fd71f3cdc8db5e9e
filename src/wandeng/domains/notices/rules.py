"""Readers of the dated rule that sending goes by: hours, days off, what is the law's, whom customers call."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from wandeng.domains.notices.types import SendingRule
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.notices import Notices
from wandeng.infra.effective.working_days import working_calendar
from wandeng.kernel.calendars import WorkingCalendar
from wandeng.kernel.periods import BILLING_ZONE

_DAYS_LOOKED_AHEAD = 2


def sending_rule(library: RuleLibrary, *, at: datetime, territory: str) -> SendingRule:
    """The rule in force on the local day of a moment. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    version = library.version(Notices, on=at.astimezone(BILLING_ZONE).date(), territory=territory)
    body = version.body
    return SendingRule(
        first_minute=_minute(body.hours.first),
        last_minute=_minute(body.hours.last),
        off_first_minute=_minute(body.days_off.first),
        off_last_minute=_minute(body.days_off.last),
        any_hour=frozenset(body.any_hour.purposes),
        required=frozenset(body.required.purposes),
        hotline=body.sender.hotline,
        path=version.path,
        quiet_leaves=body.own_quiet.leave_hours * 60,
    )


def calendar_around(library: RuleLibrary, *, at: datetime, territory: str) -> WorkingCalendar:
    """The working days that a decision at a moment can meet. Raises ``NoRuleInForce`` for a year without a file."""
    today = at.astimezone(BILLING_ZONE).date()
    return working_calendar(library, today.year, (today + timedelta(days=_DAYS_LOOKED_AHEAD)).year, territory=territory)


def allowed_from(rule: SendingRule, calendar: WorkingCalendar, *, at: datetime, purpose: str) -> datetime:
    """The first moment from ``at`` on at which a notice of the purpose may leave; ``at`` itself when it may now.

    Raises ``NoRuleInForce`` for a day outside the calendar.
    """
    if purpose in rule.any_hour:
        return at
    local = at.astimezone(BILLING_ZONE)
    day, minute = local.date(), local.hour * 60 + local.minute
    while True:
        working = calendar.is_working_day(day)
        first = rule.first_minute if working else rule.off_first_minute
        last = rule.last_minute if working else rule.off_last_minute
        if minute < first:
            return datetime.combine(day, time(first // 60, first % 60), tzinfo=BILLING_ZONE)
        if minute < last:
            return at if day == local.date() else datetime.combine(day, time(), tzinfo=BILLING_ZONE)
        day, minute = day + timedelta(days=1), 0


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
