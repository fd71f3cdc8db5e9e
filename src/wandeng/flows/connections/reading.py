"""The special reading (特抄) of an account that ends: what the form says for each of its usage points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from wandeng.domains.cases.types import FormIncomplete
from wandeng.domains.metering import actions as metering
from wandeng.domains.metering.types import Registers
from wandeng.domains.network.queries.sites import PointOfAccount
from wandeng.flows.connections.deed import Deed
from wandeng.flows.connections.standing import held_terms, structure, the_loads
from wandeng.kernel.errors import InvalidInput

READING, OTHERS = "READING", "READINGS"
DAYS = ("TRANSFER_ON", "CLOSE_ON", "SPLIT_ON", "JOIN_ON", "MOVE_ON")
"""What forms call the first day after the last reading."""
NAMES = {
    "总": "total_ckwh", "TOTAL": "total_ckwh", "尖": "sharp_ckwh", "SHARP": "sharp_ckwh", "峰": "peak_ckwh",
    "PEAK": "peak_ckwh", "谷": "valley_ckwh", "VALLEY": "valley_ckwh", "深谷": "deep_ckwh", "DEEP": "deep_ckwh",
    "无功": "reactive_ckvarh", "REACTIVE": "reactive_ckvarh", "需量": "demand_e4", "DEMAND": "demand_e4",
}  # fmt: skip
"""Name of a register on a line of ``READINGS`` → register."""
_SCALES = {"demand_e4": 10_000}


def last_day(deed: Deed) -> date:
    """The day of the last reading: the first that is no longer the old account's. Raises :class:`FormIncomplete`."""
    return deed.day(next((one for one in DAYS if deed.done.answers.get(one)), DAYS[0]))


def take(deed: Deed) -> None:
    """Write the special reading of every usage point down, in the transaction of the step: a final bill is made from it.

    Raises as :func:`readings`, and what ``metering`` refuses: a day to come, a reading below the last or after a later one.
    """
    loads, on = the_loads(deed), last_day(deed)
    for code, shown in readings(deed, loads, on).items():
        metering.take_special_reading(
            usage_point=code, reading=shown, on=on, actor=deed.actor, at=deed.at, reason=deed.reason
        )


def readings(deed: Deed, loads: Sequence[PointOfAccount], on: date) -> dict[str, Registers]:
    """The reading of each usage point: of the first in the field ``READING``, of the others a line each in ``READINGS``.

    Raises :class:`FormIncomplete` for a point without one, :class:`InvalidInput` for a line that is none.
    """
    lines = _lines(deed.done.answers.get(OTHERS, ""))
    strangers = sorted(set(lines) - {one.code for one in loads})
    if strangers:
        raise InvalidInput(f"readings are told of {', '.join(strangers)}, which are no usage points of the account")
    first = {loads[0].code} if deed.done.answers.get(READING) else set()
    missing = [one.code for one in loads if one.code not in lines and one.code not in first]
    if missing:
        raise FormIncomplete(
            f"the readings of usage points {', '.join(missing)} are missing: a line each, with its registers",
            fields=[OTHERS],
        )
    return {one.code: _of(deed, one, lines.get(one.code), on) for one in loads}


def _of(deed: Deed, load: PointOfAccount, told: Registers | None, on: date) -> Registers:
    with_periods = _with_periods(deed, load, on)
    if told is None:
        return deed.registers(READING, with_periods=with_periods)
    return _checked(told, load.code, with_periods=with_periods)


def _with_periods(deed: Deed, load: PointOfAccount, on: date) -> bool:
    terms = held_terms(deed, load.code, on)
    return terms is not None and structure(deed, terms.price_code, on).needs_period_registers


def _checked(shown: Registers, code: str, *, with_periods: bool) -> Registers:
    if with_periods and shown.total_ckwh and (shown.peak_ckwh is None or shown.valley_ckwh is None):
        raise FormIncomplete(f"the price of {code} counts by periods: tell its peak and valley", fields=[OTHERS])
    return shown


def _lines(text: str) -> dict[str, Registers]:
    """``<usage point> 总=150 峰=40 谷=20``, a line each.

    >>> _lines("2000000001-2 总=150.5 峰=40")["2000000001-2"].total_ckwh
    15050
    """
    found = {}
    for line in text.splitlines():
        words = [one for one in re.split(r"[\s,，;；]+", line.strip()) if one]
        if not words:
            continue
        pairs = [re.split(r"[=:：＝]", one, maxsplit=1) for one in words[1:]]
        values: dict[str, int] = {}
        for pair in pairs:
            register = NAMES.get(pair[0].upper())
            if len(pair) != 2 or register is None:
                raise InvalidInput(f"'{line.strip()}' is no reading: the usage point, then registers as 总=150 峰=40")
            values[register] = _scaled(pair[1], _SCALES.get(register, 100), line)
        if "total_ckwh" not in values:
            raise InvalidInput(f"'{line.strip()}' is no reading: the usage point, then registers as 总=150 峰=40")
        found[words[0]] = Registers(**values)
    return found


def _scaled(text: str, per_one: int, line: str) -> int:
    try:
        scaled = Decimal(text) * per_one
    except InvalidOperation:
        scaled = Decimal(-1)
    if not scaled.is_finite() or scaled < 0 or scaled != scaled.to_integral():
        raise InvalidInput(f"'{line.strip()}' is no reading: the usage point, then registers as 总=150 峰=40")
    return int(scaled)
