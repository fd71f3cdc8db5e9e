"""Registers as people type and read them: kWh and kvarh with two decimals, demand with four."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wandeng.domains.metering.types import Registers
from wandeng.interfaces.doorway.templatetags.wandeng import UNKNOWN, grouped
from wandeng.interfaces.doorway.words import metering as words
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import format_scaled, parse_scaled

DEMAND = "demand_e4"


def scale(register: str) -> int:
    """Decimals of a register."""
    return 4 if register == DEMAND else 2


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a sheet: its register, its word, and what stands in it."""

    name: str
    title: Any
    value: str
    previous: str


def fields(registers: Iterable[str], standing: Registers | None, previous: Registers | None) -> tuple[Field, ...]:
    """The inputs for these registers."""
    return tuple(Field(name, words.REGISTERS[name], _text(name, standing), _text(name, previous)) for name in registers)


def shown(register: str, value: int | None) -> str:
    """A register's value for reading: 12,345.67, and – where there is none."""
    return UNKNOWN if value is None else grouped(value, scale(register))


def missing(typed: Registers, names: Iterable[str]) -> list[str]:
    """Words of the registers that the meter has and nobody typed yet."""
    return [str(words.REGISTERS[name]) for name in names if getattr(typed, name) is None]


def _text(name: str, shown: Registers | None) -> str:
    value = None if shown is None else getattr(shown, name)
    return "" if value is None else format_scaled(value, scale(name))


def parse(typed: Mapping[str, str], registers: Iterable[str]) -> Registers | None:
    """What was typed; ``None`` while the total is empty. Raises :class:`InvalidInput` for what is no number."""
    values: dict[str, int | None] = {}
    for name in registers:
        text = typed.get(name, "").strip().replace(",", "").replace("，", "")  # Chinese on purpose
        values[name] = parse_scaled(text, scale(name), what=str(words.REGISTERS[name])) if text else None
    total = values.pop("total_ckwh", None)
    if total is None:
        if any(value is not None for value in values.values()):
            raise InvalidInput("a reading has a total")
        return None
    return Registers(total, **values)
