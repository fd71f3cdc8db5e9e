"""The parts of a bill on their own: power factor, basic charge, losses. Each is one account with one made-up price
row, rated by the functions that rate a bill; nothing is priced here a second time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from wandeng.calc.rating.frames import BasicMethod, Kind, Measure, Shard
from wandeng.calc.trial import frames
from wandeng.calc.trial.bills import ExcessBase, LossCase, LossUnit
from wandeng.calc.trial.conventions import one_of
from wandeng.calc.trial.fields import Capacity, Case, Day, Facts, Kwh, Price, Scaled, YuanAboveZero
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.periods import Month, Period
from wandeng.kernel.units import E4_PER_ONE, E8_PER_YUAN

STANDARDS = (80, 85, 90)
Items = Mapping[str, int]
"""The ids of the bill items by their codes."""


def _standard(value: object) -> int:
    hundredths = Scaled(2)(value)
    if hundredths not in STANDARDS:
        raise ValueError("no such standard")
    return hundredths


class PowerFactorCase(Case):
    """Energies of a month and the money the adjustment is taken of; with ``corrected_kvarh``, the re-rating of a bill
    that was issued with the wrong reactive energy."""

    territory: str = Field(default="national", description="a folder name under rules/, as text")
    on: Day = Field(description="a day of the month, YYYY-MM-DD: it selects the rule")
    standard: Annotated[int, BeforeValidator(_standard)] = Field(description='"0.80", "0.85" or "0.90"')
    active_kwh: Kwh = Field(description="active energy of the month in kWh")
    reactive_kvarh: Kwh = Field(description="reactive energy of the month in kvarh, both directions")
    base: YuanAboveZero | None = Field(default=None, description="yuan the adjustment is taken of, without funds")
    bill_with_adjustment: YuanAboveZero | None = Field(
        default=None, description="yuan without funds but with the adjustment in it, instead of base"
    )
    corrected_kvarh: Kwh | None = Field(default=None, description="the reactive energy that should have been billed")

    @model_validator(mode="before")
    @classmethod
    def _one_amount(cls, facts: Facts) -> Facts:
        if isinstance(facts, dict) and ("base" in facts) == ("bill_with_adjustment" in facts):
            raise ValueError('either "base" or "bill_with_adjustment", not both')
        return facts


class DemandFormula(StrEnum):
    """How a contract demand is charged: by the 105 % rule since 2016, or by the band of 95 to 105 % before."""

    OVER_SHARE = "over_share"
    BAND = "band"


class BasicChargeConvention(Case):
    demand_formula: DemandFormula | None = Field(default=None, description=one_of(DemandFormula))
    excess_base: ExcessBase | None = Field(default=None, description=one_of(ExcessBase))


class BasicPieceCase(Case):
    """What was agreed from a day on, until the next piece or the end of the period."""

    from_on: Day = Field(description="its first day, YYYY-MM-DD; the first piece starts with the period")
    capacity_kva: Capacity | None = Field(default=None, description="running capacity in kVA, above 0")
    contract_demand_kw: Capacity | None = Field(default=None, description="contract demand in kW, above 0")
    demand_kw: Capacity | None = Field(default=None, description="highest demand in kW, after the multiplier")


class BasicChargeCase(Case):
    """The basic charge of a billing period, with the changes inside it."""

    territory: str = Field(default="national", description="a folder name under rules/, as text")
    from_on: Day = Field(description="the first day of the billing period, YYYY-MM-DD")
    to_on: Day = Field(description="the day after its last, YYYY-MM-DD")
    method: Literal["capacity", "contract_demand", "actual_demand"] = Field(
        description='"capacity", "contract_demand" or "actual_demand"'
    )
    price: Price = Field(description='yuan per kVA or kW and month, such as "38"')
    pieces: tuple[BasicPieceCase, ...] = Field(min_length=1, description="a list of objects with from_on, in order")
    energy_kwh: Kwh = Field(default=0, description="kWh of the period, for the rule of 260 kWh per kVA")
    contract_capacity_kva: Capacity | None = Field(default=None, description="contract capacity in kVA, above 0")
    convention: BasicChargeConvention = Field(
        default=BasicChargeConvention(), description='an object with "demand_formula" and "excess_base"'
    )

    @model_validator(mode="after")
    def _pieces_fit(self) -> BasicChargeCase:
        needed = {"capacity": ("capacity_kva",), "contract_demand": ("contract_demand_kw", "demand_kw")}
        for key in needed.get(self.method, ("demand_kw",)):
            if any(getattr(piece, key) is None for piece in self.pieces):
                raise ValueError(f'"{key}" in every piece for the method "{self.method}"')
        starts = [piece.from_on for piece in self.pieces]
        if starts != sorted(set(starts)) or starts[0] != self.from_on or starts[-1] >= self.to_on:
            raise ValueError('pieces in order of "from_on", the first starting with the period, all inside it')
        return self

    @property
    def period(self) -> Period:
        return Period(self.from_on, self.to_on)

    def parts(self) -> list[tuple[BasicPieceCase, Period]]:
        """Every piece with its days."""
        edges = [*(piece.from_on for piece in self.pieces), self.to_on]
        return [(piece, Period(*edge)) for piece, edge in zip(self.pieces, pairwise(edges), strict=True)]


class LossConvention(Case):
    loss_unit: LossUnit | None = Field(default=None, description=one_of(LossUnit))


class LossOnlyCase(Case):
    """Transformer and line loss of one period under one set of terms."""

    territory: str = Field(default="national", description="a folder name under rules/, as text")
    from_on: Day = Field(description="the first day of the billing period, YYYY-MM-DD")
    to_on: Day = Field(description="the day after its last, YYYY-MM-DD")
    part_from_on: Day | None = Field(default=None, description="the first day the loss counts; left out: the period's")
    part_to_on: Day | None = Field(default=None, description="the day after its last; left out: the period's")
    active_kwh: Kwh = Field(description="kWh the meter measured in the part of the period the loss counts")
    reactive_kvarh: Kwh = Field(default=0, description="kvarh the meter measured in that part")
    loss: LossCase = Field(description='an object with "method"')
    convention: LossConvention = Field(default=LossConvention(), description='an object with "loss_unit"')

    @property
    def period(self) -> Period:
        return Period(self.from_on, self.to_on)

    @property
    def part(self) -> Period:
        return Period(self.part_from_on or self.from_on, self.part_to_on or self.to_on)


@dataclass(frozen=True, slots=True)
class DemandTerms:
    """The dated parameters of a contract demand, shares in 10⁻⁴; ``band_lower_e4`` is ``None`` where the rule of the
    day knows no band."""

    formula: DemandFormula
    free_share_e4: int
    band_lower_e4: int | None


def power_factor_rows(
    case: PowerFactorCase, base_fen: int, reactive_ckvarh: int, items: Items
) -> tuple[Shard, list[frames.Row]]:
    """One month whose only charge is the base: as many kVA as it has yuan, at one yuan each."""
    month = Month.of(case.on).period
    registers = {"total": (0, case.active_kwh), "reactive": (0, reactive_ckvarh)}
    terms = frames.terms_row(
        month,
        0,
        running_capacity_ckva=base_fen,
        basic_method=int(BasicMethod.CAPACITY),
        pf_standard=case.standard,
    )
    rows = [
        _energy_row(items),
        frames.price_row(0, items["capacity_charge"], Kind.CAPACITY, Measure.CAPACITY, E8_PER_YUAN, pf_base=True),
        frames.price_row(0, items["power_factor"], Kind.POWER_FACTOR, Measure.PF_BASE, 0),
    ]
    return frames.shard([frames.point_row(month)], [terms], [frames.read_row(month, registers)]), rows


def basic_charge_rows(case: BasicChargeCase, demand_terms: DemandTerms, items: Items) -> tuple[Shard, list[frames.Row]]:
    """The pieces as dated terms, each with a meter of its own that shows the demand.

    Raises :class:`InvalidInput` when the band formula is asked of a rule that has none.
    """
    terms, reads = [], []
    parts = case.parts()
    for place, (piece, part) in enumerate(parts, 1):
        method, contract, demand = _method(case.method, piece, demand_terms)
        terms.append(
            frames.terms_row(
                part,
                0,
                running_capacity_ckva=piece.capacity_kva or 0,
                basic_method=int(method),
                contract_demand_ckw=contract,
            )
        )
        energy = case.energy_kwh if place == len(parts) else 0
        reads.append(frames.read_row(part, {"total": (0, energy)}, installation=place, demand_e4=demand * 100))
    rows = [
        _energy_row(items),
        frames.price_row(0, items["capacity_charge"], Kind.CAPACITY, Measure.CAPACITY, case.price),
        frames.price_row(0, items["demand_charge"], Kind.DEMAND, Measure.DEMAND, case.price),
    ]
    point = frames.point_row(case.period, contract_capacity_ckva=case.contract_capacity_kva)
    return frames.shard([point], terms, reads), rows


def loss_rows(case: LossOnlyCase, items: Items) -> tuple[Shard, list[frames.Row]]:
    """The part of the period that has the loss, and the rest of it without energy."""
    part = case.part
    registers = {"total": (0, case.active_kwh), "reactive": (0, case.reactive_kvarh)}
    silent = {"total": (0, 0), "reactive": (0, 0)}
    terms, reads = [], []
    for place, piece in enumerate(case.period.split_at(part.from_on, part.to_on), 1):
        counts = piece == part
        terms.append(frames.terms_row(piece, 0, **(case.loss.columns() if counts else {})))
        reads.append(frames.read_row(piece, registers if counts else silent, installation=place))
    return frames.shard([frames.point_row(case.period)], terms, reads), [_energy_row(items)]


def base_of_bill(bill_fen: int, rate_e8: int) -> Fraction:
    """The base a bill with its adjustment was made of: bill / (1 + rate), in fen, exact."""
    return Fraction(bill_fen * E8_PER_YUAN, E8_PER_YUAN + rate_e8)


def _energy_row(items: Items) -> frames.Row:
    return frames.price_row(0, items["catalogue_energy"], Kind.ENERGY, Measure.TOTAL, 0)


def _method(method: str, piece: BasicPieceCase, terms: DemandTerms) -> tuple[BasicMethod, int, int]:
    """Method, contract demand and demand (0.01 kW) that give the asked formula.

    The band formula is the 105 % rule's columns otherwise filled: below the band its lower edge is charged as a
    demand, inside it the demand itself, above it the contract value and twice what exceeds it.
    """
    contract, demand = piece.contract_demand_kw or 0, piece.demand_kw or 0
    if method == "capacity":
        return BasicMethod.CAPACITY, 0, demand
    if method == "actual_demand":
        return BasicMethod.ACTUAL_DEMAND, 0, demand
    if terms.formula is DemandFormula.BAND:
        if terms.band_lower_e4 is None:
            raise InvalidInput("demand_formula: the rule of that day knows no band, only over_share")
        if demand * E4_PER_ONE <= contract * terms.free_share_e4:
            lower = divide_half_up(contract * terms.band_lower_e4, E4_PER_ONE)
            return BasicMethod.ACTUAL_DEMAND, 0, max(demand, lower)
    return BasicMethod.CONTRACT_DEMAND, contract, demand
