"""What a trial calculation answers with: steps a person can redo on paper, the conventions used, and the
sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from wandeng.kernel.money import divide_half_up, format_scaled


@dataclass(frozen=True, slots=True)
class Source:
    """The rule file that decided: printed under the steps and repeated in the answer."""

    topic: str
    path: str
    effective_from: str
    content_hash: str
    citation: str
    status: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the answer: what was computed, its arithmetic with the result, and the citation behind
    it."""

    what: str
    arithmetic: str
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Convention:
    """A choice where published answers differ: its key in the case file, the option used, and who chose it
    ("case file" or "rule file")."""

    key: str
    used: str
    chosen_by: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole answer. ``results`` hold integers and text only, so that JSON is exact."""

    kind: str
    steps: tuple[Step, ...]
    results: dict[str, int | str | None]
    conventions: tuple[Convention, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Plain dictionaries, lists, integers and text."""
        return {
            "kind": self.kind,
            "results": dict(self.results),
            "conventions": [
                {"key": c.key, "used": c.used, "chosen_by": c.chosen_by, "options": list(c.options)}
                for c in self.conventions
            ],
            "steps": [
                {"what": step.what, "arithmetic": step.arithmetic, "citation": step.citation} for step in self.steps
            ],
            "sources": [
                {
                    "topic": source.topic,
                    "path": source.path,
                    "effective_from": source.effective_from,
                    "content_hash": source.content_hash,
                    "citation": source.citation,
                    "status": source.status,
                }
                for source in self.sources
            ],
            "notes": list(self.notes),
        }


def money(amount_fen: int) -> str:
    """Fen as yuan with thousands separators.

    >>> money(-300000), money(5)
    ('-3,000.00', '0.05')
    """
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100:,}.{abs(amount_fen) % 100:02d}"


def exact_money(amount_fen: Fraction) -> str:
    """Unrounded fen as yuan: at least two decimals, more where the exact amount has them.

    >>> exact_money(Fraction(1800)), exact_money(Fraction(1, 2))
    ('18.00', '0.005')
    """
    if amount_fen.denominator == 1:
        return money(amount_fen.numerator)
    return number(amount_fen / 100, 6)


def number(value: Fraction | int, most_decimals: int = 4) -> str:
    """A number with thousands separators: exact where it fits, else rounded half up behind "≈".

    >>> number(Fraction(4320)), number(Fraction(1, 8)), number(Fraction(2, 3), 2)
    ('4,320', '0.125', '≈0.67')
    """
    fraction = Fraction(value)
    scaled = fraction * 10**most_decimals
    rounded = divide_half_up(scaled.numerator, scaled.denominator)
    text = format_scaled(abs(rounded), most_decimals, trim=True)
    whole, _, decimals = text.partition(".")
    shown = f"{int(whole):,}" + (f".{decimals}" if decimals else "")
    sign = "-" if rounded < 0 else ""
    return ("" if scaled == rounded else "≈") + sign + shown


def fixed(value: Fraction, decimals: int) -> str:
    """Rounded half up to exactly so many decimals, without separators: what a result states.

    >>> fixed(Fraction(1), 3)
    '1.000'
    """
    scaled = value * 10**decimals
    return format_scaled(divide_half_up(scaled.numerator, scaled.denominator), decimals)


def kwh(energy_ckwh: Fraction | int) -> str:
    """Hundredths of a kWh as kWh with its unit.

    >>> kwh(432_000)
    '4,320 kWh'
    """
    return f"{number(Fraction(energy_ckwh) / 100)} kWh"


def price(price_e8: int) -> str:
    """A price in yuan as published, trailing zeros cut to two decimals.

    >>> price(40_000_000), price(60_886_875), price(1_500_000_000)
    ('0.40', '0.60886875', '15.00')
    """
    whole, _, decimals = format_scaled(price_e8, 8).partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def permille(rate_e4: int) -> str:
    """A rate of 10⁻⁴ as per mille.

    >>> permille(20), permille(15)
    ('2 ‰', '1.5 ‰')
    """
    return f"{number(Fraction(rate_e4, 10))} ‰"


def percent(share_e4: int) -> str:
    """A share of 10⁻⁴ as percent.

    >>> percent(2000), percent(25)
    ('20 %', '0.25 %')
    """
    return f"{number(Fraction(share_e4, 100))} %"


def summed(amounts_fen: Sequence[int]) -> str:
    """A sum of money with its result; a single amount stands for itself.

    >>> summed([310150, -2790]), summed([500])
    ('3,101.50 − 27.90 = 3,073.60', '5.00')
    """
    first = money(amounts_fen[0]) if amounts_fen else money(0)
    rest = "".join(f" {'−' if amount < 0 else '+'} {money(abs(amount))}" for amount in amounts_fen[1:])
    return first + (f"{rest} = {money(sum(amounts_fen))}" if rest else "")


def joined(parts: Iterable[str], sign: str = " + ") -> str:
    """Terms of a sum in one line."""
    return sign.join(parts)
