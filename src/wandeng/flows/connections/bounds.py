"""How long a change of supply may last (变更用电期限), by the rule of its first day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from wandeng.domains.tariffs.queries.assignments import TermsPiece
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.conventions import TwoPart
from wandeng.infra.effective.topics.supply_changes import Settlement, SupplyChanges
from wandeng.infra.effective.versions import RuleVersion
from wandeng.infra.effective.working_days import working_calendar
from wandeng.kernel.errors import Refused
from wandeng.kernel.periods import Month


class AppliedTooLate(Refused):
    """A suspension begins sooner than its notice allows."""

    code = "APPLIED_TOO_LATE"


LAW = "national"
UP_TO_10_KV = frozenset({"AC00022", "AC00038", "AC00061", "AC00101"})


class ChangeTooLong(Refused):
    """A change of supply would last longer, or come back later, than its rule allows."""

    code = "SUPPLY_CHANGE_TOO_LONG"


def require_suspension(
    library: RuleLibrary, pieces: Iterable[TermsPiece], contract_ckva: int, on: date, to_on: date
) -> None:
    """All suspensions of each calendar year together stay within its bound: a day counts on which less runs than was
    contracted. ``pieces`` are the terms with the suspension in them. Raises :class:`ChangeTooLong`."""
    version = _rule(library, on)
    most = version.body.suspension.most_days_a_year
    rests = [one for one in pieces if one.terms.running_capacity_ckva < contract_ckva]
    for year in range(on.year, (to_on - timedelta(days=1)).year + 1):
        first, end = date(year, 1, 1), date(year + 1, 1, 1)
        days = sum(max((min(one.to_on, end) - max(one.from_on, first)).days, 0) for one in rests)
        if days > most:
            raise ChangeTooLong(
                f"capacity rests {days} days of {year}, at most {most} are allowed ({version.path})",
                days=days,
                most=most,
            )


def require_notice(library: RuleLibrary, asked_on: date, from_on: date) -> None:
    """A suspension is applied for so many working days before its first day; the day of the application does not count.

    Raises :class:`AppliedTooLate` with the first day that is possible.
    """
    version = _rule(library, asked_on)
    days = version.body.suspension.notice_working_days
    calendar = working_calendar(library, asked_on.year, (asked_on + timedelta(days=2 * days + 30)).year)
    earliest = calendar.add_working_days(asked_on, days)
    if from_on < earliest:
        raise AppliedTooLate(
            f"a suspension is applied for {days} working days ahead: from {earliest} on ({version.path})",
            earliest=earliest.isoformat(),
        )


def require_replacement(library: RuleLibrary, voltage_code: str, from_on: date, to_on: date) -> None:
    """A larger transformer stays no longer than its voltage allows. Raises :class:`ChangeTooLong`."""
    version = _rule(library, from_on)
    rule = version.body.replacement
    months = rule.most_months if voltage_code in UP_TO_10_KV else rule.most_months_high
    if to_on > months_after(from_on, months):
        raise ChangeTooLong(
            f"a larger transformer stays at most {months} months ({version.path})", months=months
        )  # fmt: skip


def require_kept(library: RuleLibrary, down_on: date, back_on: date) -> None:
    """Supply that was taken down is put back while it is kept. Raises :class:`ChangeTooLong`."""
    version = _rule(library, down_on)
    months = version.body.removal.kept_months
    if back_on > months_after(down_on, months):
        raise ChangeTooLong(
            f"supply was taken down on {down_on} and kept for {months} months ({version.path}): connect it anew",
            months=months,
        )


def two_part_from(library: RuleLibrary, price_code: str, on: date) -> int:
    """The smallest capacity, kVA, that may be billed by a two-part price. Raises :class:`NoRuleInForce`."""
    territory = price_code.partition(".")[0]
    return library.version(TwoPart, on=on, territory=territory).body.thresholds.choice_from_kva


def settlement(library: RuleLibrary, on: date) -> Settlement:
    """What an account has settled before it ends. Raises :class:`NoRuleInForce`."""
    return _rule(library, on).body.settlement


def months_after(day: date, months: int) -> date:
    """The same day so many months on; where that month has no such day, the first of the next.

    >>> months_after(date(2026, 12, 31), 2)
    datetime.date(2027, 3, 1)
    """
    month = Month.of(day).plus(months)
    end = month.next().first
    return min(month.first + timedelta(days=day.day - 1), end)


def _rule(library: RuleLibrary, on: date) -> RuleVersion[SupplyChanges]:
    return library.version(SupplyChanges, on=on, territory=LAW)
