"""Readers of the dated rules that metering goes by."""

from __future__ import annotations

from datetime import date

from wandeng.domains.metering.types import EntryLimits, ReadingLimits
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.conventions import BillChecks
from wandeng.kernel.money import parse_scaled
from wandeng.kernel.units import CKWH_PER_KWH


def reading_limits(library: RuleLibrary, *, territory: str, on: date) -> ReadingLimits:
    """The plausibility limits in force on a day: those of the bill run, so that what it would hold is held already
    when it is read.

    Raises :class:`NoRuleInForce`, ``TerritoryUnknown``.
    """
    jump = library.version(BillChecks, on=on, territory=territory).body.jump
    return ReadingLimits(
        jump_factor_e4=parse_scaled(jump.factor, 4, what="jump factor"),
        jump_floor_ckwh=jump.floor_kwh * CKWH_PER_KWH,
    )


def entry_limits(library: RuleLibrary, *, territory: str, on: date) -> EntryLimits:
    """What a reading typed by a person is held against besides: all of them limits of the bill run.

    Raises :class:`NoRuleInForce`, ``TerritoryUnknown``.
    """
    checks = library.version(BillChecks, on=on, territory=territory).body
    return EntryLimits(
        reading=reading_limits(library, territory=territory, on=on),
        hours_per_day=checks.capacity.hours_per_day,
        zero_is_held=checks.zero.held,
    )
