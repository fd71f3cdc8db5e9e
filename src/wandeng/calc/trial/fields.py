"""The values a case file may hold: exact numbers, dates, and a convention; each says in words what it
expects."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from wandeng.kernel.money import parse_scaled

_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")


class Case(BaseModel):
    """A table of a case file: unknown keys are errors, because a misspelt option would silently not count."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _plain_decimal(value: object, decimals: int) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("not a number")
    text = str(value).strip()
    if not _PLAIN.fullmatch(text):
        raise ValueError("not a plain decimal number")
    if len(text.partition(".")[2].rstrip("0")) > decimals:
        raise ValueError(f"more than {decimals} decimals")
    return Decimal(text)


class Scaled:
    """Reads a decimal exactly into an integer of 10^-scale units within bounds (both included)."""

    def __init__(self, scale: int, *, least: int | None = None, above: int | None = None, most: int | None = None):
        self.scale, self.least, self.above, self.most = scale, least, above, most

    def __call__(self, value: object) -> int:
        decimal = _plain_decimal(value, self.scale)
        if self.least is not None and decimal < self.least:
            raise ValueError(f"below {self.least}")
        if self.above is not None and decimal <= self.above:
            raise ValueError(f"not above {self.above}")
        if self.most is not None and decimal > self.most:
            raise ValueError(f"above {self.most}")
        return parse_scaled(f"{decimal:f}", self.scale)


def _exact(value: object) -> Fraction:
    """A decimal of up to twelve places, or a quotient of two whole numbers written ``a/b``."""
    if isinstance(value, str) and (quotient := re.fullmatch(r"\s*(-?\d+)\s*/\s*(\d+)\s*", value)):
        if int(quotient[2]) == 0:
            raise ValueError("divides by zero")
        return Fraction(int(quotient[1]), int(quotient[2]))
    return Fraction(_plain_decimal(value, 12))


def _exact_above_zero(value: object) -> Fraction:
    fraction = _exact(value)
    if fraction <= 0:
        raise ValueError("not above 0")
    return fraction


def _exact_not_negative(value: object) -> Fraction:
    fraction = _exact(value)
    if fraction < 0:
        raise ValueError("below 0")
    return fraction


def _day(value: object) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("not written YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("no such day in the calendar") from None


def _whole(value: object) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value).strip()):
        raise ValueError("not a whole number")
    return int(str(value))


def _positive_whole(value: object) -> int:
    number = _whole(value)
    if number <= 0:
        raise ValueError("not above 0")
    return number


def _counting_whole(value: object) -> int:
    number = _whole(value)
    if number < 0:
        raise ValueError("below 0")
    return number


Yuan = Annotated[int, BeforeValidator(Scaled(2, least=0))]
"""Read in yuan, held in fen."""
YuanAboveZero = Annotated[int, BeforeValidator(Scaled(2, above=0))]
Price = Annotated[int, BeforeValidator(Scaled(8, least=0))]
"""Read in yuan per unit, held in 10⁻⁸ yuan."""
Kwh = Annotated[int, BeforeValidator(Scaled(2, least=0))]
"""Read in kWh (or kvarh), held in hundredths; ``SignedKwh`` for a meter that ran backwards."""
SignedKwh = Annotated[int, BeforeValidator(Scaled(2))]
Capacity = Annotated[int, BeforeValidator(Scaled(2, above=0))]
"""Read in kVA or kW, held in hundredths."""
Watts = Annotated[int, BeforeValidator(Scaled(3, above=0))]
"""Read in kW, held in watts."""
Milliamperes = Annotated[int, BeforeValidator(Scaled(3, above=0))]
PercentE4 = Annotated[int, BeforeValidator(Scaled(2, least=0))]
"""Read in percent, held in 10⁻⁴."""
PermilleE4 = Annotated[int, BeforeValidator(Scaled(1, above=0))]
"""Read in per mille, held in 10⁻⁴."""
SharePercent = Annotated[int, BeforeValidator(Scaled(2, least=0, most=100))]
Exact = Annotated[Fraction, BeforeValidator(_exact)]
ExactAboveZero = Annotated[Fraction, BeforeValidator(_exact_above_zero)]
ExactNotNegative = Annotated[Fraction, BeforeValidator(_exact_not_negative)]
Day = Annotated[date, BeforeValidator(_day)]
Count = Annotated[int, BeforeValidator(_counting_whole)]
CountAboveZero = Annotated[int, BeforeValidator(_positive_whole)]

Facts = dict[str, Any]
