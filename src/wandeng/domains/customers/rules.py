"""Readers of the dated rules that agreements go by."""

from __future__ import annotations

from datetime import date

from wandeng.calc.late_fee import RateBand
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.arrears import LateFee
from wandeng.kernel.money import parse_scaled


def late_fee_band(library: RuleLibrary, *, territory: str, on: date) -> RateBand:
    """Within which band an agreement that begins on a day may lay down a late fee (电力供应与使用条例 art. 39).

    Raises :class:`NoRuleInForce`, ``TerritoryUnknown``.
    """
    agreed = library.version(LateFee, on=on, territory=territory).body.agreed
    return RateBand(
        least_e4=parse_scaled(agreed.least, 4, what="least"),
        most_e4=parse_scaled(agreed.most, 4, what="most"),
    )
