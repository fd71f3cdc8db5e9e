"""What a value in a rule file may look like: exact decimals as text, dates as dates, every group with its source.

Prices are TOML strings because a TOML float is a binary number: 0.588 would already be something else.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Status = Literal["C", "Cp", "H", "M", "L", "demonstration", "self-made"]
"""How far a value is confirmed: C in a public copy, Cp partly; H, M, L from memory with high, medium, low confidence;
``demonstration`` invented for the demonstration territory; ``self-made`` our own convention where no rule exists."""

PERIOD_NAMES = ("sharp", "peak", "flat", "valley", "deep")
PeriodName = Literal["sharp", "peak", "flat", "valley", "deep"]

_PLAIN = re.compile(r"-?\d+(\.\d{1,8})?")


def _exact(value: object) -> Decimal:
    """A decimal written as text, at most eight decimals, no exponent."""
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not _PLAIN.fullmatch(value):
        raise ValueError(f'write an exact decimal as text with at most 8 decimals, such as "0.588"; found {value!r}')
    return Decimal(value)


def _non_negative(value: object) -> Decimal:
    number = _exact(value)
    if number < 0:
        raise ValueError(f"must not be negative; found {value!r}")
    return number


def _rows(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Exact = Annotated[Decimal, BeforeValidator(_exact)]
"""A signed exact decimal: a price that may be negative, a rate in percent."""

Price = Annotated[Decimal, BeforeValidator(_non_negative)]
"""A non-negative exact decimal: yuan per unit, a factor, a share."""

T = TypeVar("T")
Rows = Annotated[tuple[T, ...], BeforeValidator(_rows)]
"""A TOML array."""

MonthNumber = Annotated[int, Field(ge=1, le=12)]
Count = Annotated[int, Field(ge=0)]


class Strict(BaseModel):
    """A table of a rule file: unknown keys and values of another type are errors, and nothing changes after load."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Group(Strict):
    """A group of values that stands or falls together, with its source."""

    citation: Annotated[str, Field(min_length=1)]
    status: Status
    note: str = ""


class TopicModel(Group):
    """The whole of one rule file. Some head keys repeat what the path says, so that a moved file is noticed.

    ``title_en`` is what English pages call it; a utility that works in Chinese alone may leave it out.
    """

    topic_name: ClassVar[str] = ""

    topic: str
    territory: str
    effective_from: date
    effective_to: date | None = None
    gap_after: str = ""
    title_zh: Annotated[str, Field(min_length=1)]
    title_en: str = ""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> TopicModel:
        if self.effective_to is not None and self.effective_to <= self.effective_from:
            raise ValueError(f"effective_to {self.effective_to} is not after effective_from {self.effective_from}")
        return self


def month_mask(months: tuple[int, ...]) -> int:
    """Months as bits, January the lowest.

    >>> month_mask((1, 3)), month_mask(tuple(range(1, 13)))
    (5, 4095)
    """
    return sum(1 << (month - 1) for month in set(months))


def months_partition_the_year(groups: list[tuple[int, ...]]) -> None:
    """Every month belongs to exactly one group.

    Raises ``ValueError`` naming the months that are missing or doubled.
    """
    named = [month for months in groups for month in months]
    doubled = sorted({month for month in named if named.count(month) > 1})
    missing = sorted(set(range(1, 13)) - set(named))
    if doubled or missing:
        raise ValueError(f"months must each belong to one season: missing {missing}, doubled {doubled}")


Facts = dict[str, Any]
