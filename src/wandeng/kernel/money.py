"""Money is integer fen (分); prices are exact, scaled to 10⁻⁸ yuan. One rounding rule, half away from zero.

The column functions in ``calc`` write the same rule as expressions; the tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from wandeng.kernel.errors import InvalidInput

FEN_PER_YUAN = 100
PRICE_SCALE = 8
"""Decimals of a stored price: 1 yuan = 10⁸ price units, enough for Guangdong's 0.60886875."""

MONEY_GUARD = 2**62
"""Products of quantity and price must stay below this, so that a 64-bit column can never wrap silently."""


def divide_half_up(numerator: int, denominator: int) -> int:
    """Divide integers, rounding halves away from zero.

    >>> divide_half_up(5, 2), divide_half_up(-5, 2), divide_half_up(4, 3)
    (3, -3, 1)

    Raises ``ZeroDivisionError`` for a zero denominator.
    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


def parse_scaled(text: str | int | Decimal, scale: int, *, what: str = "number") -> int:
    """Read a plain decimal into an integer of 10^-scale units, exactly.

    Refuses NaN, infinity, exponents, and more decimals than the scale holds: rounding is never done at the edge.

    >>> parse_scaled("0.60886875", 8), parse_scaled("-12.5", 2)
    (60886875, -1250)
    """
    written = f"{text:f}" if isinstance(text, Decimal) and text.is_finite() else str(text).strip()
    try:
        value = Decimal(written)
    except InvalidOperation:
        raise InvalidInput(f"{what}: '{written}' is not a number") from None
    if not value.is_finite() or "e" in written.lower():
        raise InvalidInput(f"{what}: '{written}' must be a plain decimal number")
    scaled = value.scaleb(scale)
    if scaled != scaled.to_integral_value():
        raise InvalidInput(f"{what}: '{written}' has more than {scale} decimals")
    return int(scaled)


def fen(yuan: str | int | Decimal) -> int:
    """Yuan as written, in fen.

    >>> fen("21673.60")
    2167360
    """
    return parse_scaled(yuan, 2, what="amount in yuan")


def price_e8(yuan_per_unit: str | int | Decimal) -> int:
    """A published price in 10⁻⁸ yuan.

    >>> price_e8("0.588")
    58800000
    """
    return parse_scaled(yuan_per_unit, PRICE_SCALE, what="price in yuan")


def yuan(amount_fen: int) -> Decimal:
    """Fen as a two-decimal Decimal in yuan, for display and documents only.

    >>> yuan(-1205)
    Decimal('-12.05')
    """
    return Decimal(amount_fen).scaleb(-2)


def format_yuan(amount_fen: int) -> str:
    """The form people read.

    >>> format_yuan(123456), format_yuan(-5)
    ('¥1,234.56', '-¥0.05')
    """
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}¥{abs(amount_fen) // 100:,}.{abs(amount_fen) % 100:02d}"


def format_scaled(value: int, scale: int, *, trim: bool = False) -> str:
    """An integer of 10^-scale units as a plain decimal.

    >>> format_scaled(60886875, 8), format_scaled(1250, 2, trim=True)
    ('0.60886875', '12.5')
    """
    text = f"{Decimal(value).scaleb(-scale):f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def round_decimal_fen(amount_yuan: Decimal) -> int:
    """Round an exact yuan amount to fen, half away from zero.

    >>> round_decimal_fen(Decimal("1.005"))
    101
    """
    return int(amount_yuan.scaleb(2).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def split_fen(amount_fen: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by weights so that the parts add up to it (largest remainder, first comes first on a tie).

    >>> split_fen(100, [1, 1, 1])
    [34, 33, 33]

    Raises :class:`InvalidInput` when the weights are empty, negative or sum to zero.
    """
    total = sum(weights)
    if not weights or min(weights) < 0 or total == 0:
        raise InvalidInput("weights must be non-negative and not all zero")
    sign = -1 if amount_fen < 0 else 1
    parts = [abs(amount_fen) * weight // total for weight in weights]
    remainders = [abs(amount_fen) * weight % total for weight in weights]
    short = abs(amount_fen) - sum(parts)
    for index in sorted(range(len(parts)), key=lambda i: (-remainders[i], i))[:short]:
        parts[index] += 1
    return [sign * part for part in parts]
