"""One typed reading against what its meter showed before: the checks of a batch, and two more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from wandeng.domains.metering.frames import validation
from wandeng.domains.metering.models import MeterInstallation, Reading
from wandeng.domains.metering.types import REGISTERS, EntryLimits, HoldReason, Registers
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.units import CKWH_PER_KWH, E4_PER_ONE

_JUDGED = {"installation_id": pl.Int64, "read_on": pl.Date, **dict.fromkeys((*REGISTERS, "demand_e4"), pl.Int64)}
_LAST = {
    "installation_id": pl.Int64,
    "read_on": pl.Date,
    **dict.fromkeys((*REGISTERS, "rate_num", "rate_days"), pl.Int64),
}


@dataclass(frozen=True, slots=True)
class Last:
    """The last accepted reading of a meter, and its advance before that: ``rate_num`` 0.01 kWh in ``rate_days`` days; null
    where there was no reading before it."""

    read_on: date
    registers: Registers
    rate_num: int | None
    rate_days: int | None


def accepted_before(readings: list[Reading], day: date, modulus: int) -> Last | None:
    """The last of these accepted current readings of one installation, the day itself left out. ``modulus``: where the
    total rolls over."""
    known = sorted((r for r in readings if r.state == "ACCEPTED" and r.read_on != day), key=lambda r: r.read_on)
    if not known:
        return None
    last = known[-1]
    registers = Registers(**{name: getattr(last, name) for name in Registers.__dataclass_fields__})
    if len(known) == 1:
        return Last(last.read_on, registers, None, None)
    before = known[-2]
    return Last(
        last.read_on,
        registers,
        (last.total_ckwh - before.total_ckwh) % modulus,
        (last.read_on - before.read_on).days,
    )


def last_of(installation: MeterInstallation, day: date) -> Last | None:
    """The same from the store."""
    rows = Reading.objects.filter(installation=installation, is_current=True, state="ACCEPTED").exclude(read_on=day)
    return accepted_before(list(rows.order_by("-read_on")[:2]), day, modulus_of(installation.meter.digits))


def modulus_of(digits: int) -> int:
    """Where the registers of a meter with so many whole digits roll over, 0.01 kWh."""
    return int(10**digits * CKWH_PER_KWH)


def verdict(
    installation: MeterInstallation,
    day: date,
    registers: Registers,
    last: Last | None,
    *,
    limits: EntryLimits,
    today: date,
) -> str:
    """Why this reading would be held, empty for a sound one.

    ``OVER_CAPACITY``: more energy than the contract capacity gives in ``hours_per_day`` hours a day; said before a jump,
    because it cannot be. ``ZERO``: nothing used after a time with use.
    """
    meter, capacity = installation.meter, installation.usage_point.contract_capacity_ckva
    batch = pl.DataFrame(
        [{"installation_id": installation.pk, "read_on": day, **registers.columns()}], schema=_JUDGED
    ).with_columns(
        pl.lit(meter.digits, pl.Int16).alias("digits"), pl.lit(installation.multiplier, pl.Int64).alias("multiplier")
    )
    judged = validation.judge(batch, _frame(installation, last), limits=limits.reading, today=today)
    reason = str(judged["hold_reason"].item())
    if last is None or reason not in ("", HoldReason.JUMP):
        return reason
    days = (day - last.read_on).days
    advance = (registers.total_ckwh - last.registers.total_ckwh) % modulus_of(meter.digits)
    if capacity and advance * (installation.multiplier or 1) > capacity * limits.hours_per_day * days:
        return HoldReason.OVER_CAPACITY
    if not reason and not advance and last.rate_num and limits.zero_is_held:
        return HoldReason.ZERO
    return reason


def expected(last: Last | None, day: date) -> int | None:
    """What the total's advance would be at the last rate, 0.01 kWh on the face; null without a rate."""
    if last is None or not last.rate_days or last.rate_num is None or day <= last.read_on:
        return None
    return divide_half_up(last.rate_num * (day - last.read_on).days, last.rate_days)


def most(last: Last | None, day: date, multiplier: int | None, limits: EntryLimits) -> int | None:
    """The largest advance that is not held as a jump, by the two conditions of ``frames.validation``."""
    usual = expected(last, day)
    if usual is None or last is None or last.rate_num is None or not last.rate_days:
        return None
    by_factor = (
        last.rate_num * (day - last.read_on).days * limits.reading.jump_factor_e4 // (last.rate_days * E4_PER_ONE)
    )
    by_floor = usual + (limits.reading.jump_floor_ckwh - 1) // (multiplier or 1)
    return max(by_factor, by_floor)


def _frame(installation: MeterInstallation, last: Last | None) -> pl.DataFrame:
    if last is None:
        return pl.DataFrame(schema=_LAST)
    shown = {name: value for name, value in last.registers.columns().items() if name in REGISTERS}
    rate = {"rate_num": last.rate_num, "rate_days": last.rate_days}
    return pl.DataFrame([{"installation_id": installation.pk, "read_on": last.read_on, **shown, **rate}], schema=_LAST)
