"""Readers of the dated rules of voltage."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from wandeng.calc import voltage
from wandeng.calc.voltage import FaultRule
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.service import Voltage, VoltageBand
from wandeng.infra.effective.topics.voltage_monitoring import DataFaults, VoltageMonitoring

TERRITORY = "national"
SINGLE_PHASE_DV, HIGH_DV = 2300, 350_000
"""Nominal voltages up to which supply is of one phase, and from which the band of 35 kV holds, 0.1 V."""
PERMILLE = 10


def deviation(on: date, *, library: RuleLibrary | None = None) -> Voltage:
    """Limits, weights and promises in force on a day. Raises ``NoRuleInForce``."""
    return (library or current.library()).version(Voltage, on=on, territory=TERRITORY).body


def monitoring(on: date, *, library: RuleLibrary | None = None) -> VoltageMonitoring:
    """How readings are judged on a day. Raises ``NoRuleInForce``."""
    return (library or current.library()).version(VoltageMonitoring, on=on, territory=TERRITORY).body


def band(rule: Voltage, nominal_dv: int) -> VoltageBand:
    """The band of a nominal voltage (GB/T 12325)."""
    code = (
        "220v_single_phase" if nominal_dv <= SINGLE_PHASE_DV
        else "ge35kv" if nominal_dv >= HIGH_DV else "le20kv_three_phase"
    )  # fmt: skip
    return next(one for one in rule.bands if one.code == code)


def limits(rule: Voltage, nominal_dv: int) -> tuple[int, int] | None:
    """The upper and the lower limit, 0.1 V; ``None`` where the rule limits the sum of both deviations, so that the point must
    have its own."""
    found = band(rule, nominal_dv)
    if found.sum_of_both:
        return None
    return voltage.limits(nominal_dv, Fraction(found.plus_percent), Fraction(found.minus_percent))


def faults(rule: DataFaults) -> FaultRule:
    """The thresholds in ‰ of nominal."""
    return FaultRule(
        dead=int(rule.dead_below_percent * PERMILLE), doubled_from=int(rule.doubled_from_percent * PERMILLE),
        doubled_to=int(rule.doubled_to_percent * PERMILLE), beyond=int(rule.beyond_percent * PERMILLE),
        stuck_minutes=rule.stuck_minutes,
    )  # fmt: skip
