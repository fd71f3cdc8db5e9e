"""The words of an explanation: names of registers and periods, and the arithmetic of a line as text."""

from __future__ import annotations

from decimal import Decimal

from wandeng.calc.rating.frames import Kind, Measure
from wandeng.kernel.money import format_scaled

REGISTERS_ZH = {
    "total": "正向有功总",
    "sharp": "尖",
    "peak": "峰",
    "valley": "谷",
    "deep": "深谷",
    "reactive": "正向无功",
    "reactive_export": "反向无功",
    "export": "反向有功(上网)",
}
MEASURES_ZH = {
    Measure.TOTAL: "总",
    Measure.SHARP: "尖",
    Measure.PEAK: "峰",
    Measure.FLAT: "平",
    Measure.VALLEY: "谷",
    Measure.DEEP: "深谷",
    Measure.EXPORT: "上网",
    Measure.FREE: "免费",
    Measure.CAPACITY: "容量",
    Measure.DEMAND: "需量",
    Measure.PF_BASE: "力调基数",
}
PERIODS = (
    ("sharp", "尖"),
    ("peak", "峰"),
    ("flat", "平"),
    ("valley", "谷"),
    ("deep", "深谷"),
)

_UNITS = {Kind.CAPACITY: "kVA", Kind.DEMAND: "kW", Kind.POWER_FACTOR: "元"}


def unit_of(kind: int, measure: int) -> str:
    """What a line's quantity counts."""
    if measure == Measure.PF_BASE:
        return "元"
    return _UNITS.get(Kind(kind), "kWh")


def price_text(kind: int, measure: int, price_e8: int) -> str:
    """A price as a person writes it; rates in percent."""
    if measure == Measure.PF_BASE or kind == Kind.POWER_FACTOR:
        return f"{format_scaled(price_e8, 6, trim=True)} %"
    return format_scaled(price_e8, 8, trim=True)


def line_arithmetic(kind: int, measure: int, quantity: int, days: int, month_days: int, price_e8: int, fen: int) -> str:
    """Quantity × price (× days / month), the exact product, and what it is rounded to.

    >>> line_arithmetic(1, 0, 18000, 0, 30, 58800000, 10584)
    '180.00 kWh × 0.588 = 105.84'
    >>> line_arithmetic(1, 0, 333, 0, 30, 58800000, 196)
    '3.33 kWh × 0.588 = 1.95804 → 1.96'
    """
    text = f"{format_scaled(quantity, 2)} {unit_of(kind, measure)} × {price_text(kind, measure, price_e8)}"
    exact = Decimal(quantity * price_e8).scaleb(-10)
    if days:
        text += f" × {days}/{month_days}"
        exact = exact * days / month_days
    amount = format_scaled(fen, 2)
    if exact == Decimal(amount):
        return f"{text} = {amount}"
    shown = f"{exact.quantize(Decimal('0.0000000001')).normalize():f}"
    return f"{text} = {shown} → {amount}"


def reading_arithmetic(start: int, end: int, modulus: int, multiplier: int, energy: int, unit: str) -> str:
    """End − start (+ the register's round), × multiplier.

    >>> reading_arithmetic(99900, 10000, 100000, 20, 202000, "kWh")
    '(100.00 − 999.00 + 1000.00) × 20 = 2020.00 kWh'
    """
    turned = f" + {format_scaled(modulus, 2)}" if end < start else ""
    return f"({format_scaled(end, 2)} − {format_scaled(start, 2)}{turned}) × {multiplier} = {format_scaled(energy, 2)} {unit}"


def curve_arithmetic(shown: int, multiplier: int, energy: int, unit: str) -> str:
    """The sum of a curve × multiplier.

    >>> curve_arithmetic(9691, 20, 193820, "kWh")
    '曲线 96.91 × 20 = 1938.20 kWh'
    """
    return f"曲线 {format_scaled(shown, 2)} × {multiplier} = {format_scaled(energy, 2)} {unit}"
