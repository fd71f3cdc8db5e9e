"""The case of a whole bill: a period, dated terms, readings, and prices by code or written out in the case itself."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from wandeng.calc.rating.frames import BasicMethod, Kind, LossMethod, Measure, Shard
from wandeng.calc.trial import frames
from wandeng.calc.trial.conventions import one_of
from wandeng.calc.trial.fields import (
    Capacity,
    Case,
    Count,
    CountAboveZero,
    Day,
    Facts,
    Kwh,
    Scaled,
    SharePercent,
)
from wandeng.kernel.periods import Period
from wandeng.kernel.units import UNBOUNDED_CKWH

KWH = 'kWh with at most 2 decimals, such as "1500"'
FROM_ON = "the first day, YYYY-MM-DD; left out: the period's"
TO_ON = "the day after the last, YYYY-MM-DD; left out: the period's"

Demand = Annotated[int, BeforeValidator(Scaled(4, least=0))]
Standard = Annotated[int, BeforeValidator(Scaled(2, least=0, most=1))]


class LossPeriod(StrEnum):
    """Losses billed at flat, or shared over the periods as their readings."""

    FLAT = "flat"
    PRO_RATA = "pro_rata"


class LossUnit(StrEnum):
    """Losses rounded to whole kWh, as published answers do, or kept at 0.01 kWh."""

    WHOLE_KWH = "whole_kwh"
    HUNDREDTH_KWH = "hundredth_kwh"


class ExcessBase(StrEnum):
    """What is charged besides twice the part over 105 %: the contract demand, or 105 % of it."""

    CONTRACT = "contract"
    FREE_SHARE = "free_share"


class BillConvention(Case):
    loss_period: LossPeriod | None = Field(default=None, description=one_of(LossPeriod))
    loss_unit: LossUnit | None = Field(default=None, description=one_of(LossUnit))
    excess_base: ExcessBase | None = Field(default=None, description=one_of(ExcessBase))


class RegisterCase(Case):
    """A register at both ends of the reading period."""

    start: Kwh = Field(description="the reading at the start, at most 2 decimals")
    end: Kwh = Field(description="the reading at the end, at most 2 decimals")


REGISTER = 'an object with "start" and "end"'
PERIOD_REGISTERS = ("sharp", "peak", "valley", "deep", "reactive", "reactive_export", "export")


class ReadingCase(Case):
    """One meter over one stretch of days. Flat is never read: it is total less the other periods."""

    meter: str = Field(default="meter", description="what the meter is called in the answer, as text")
    from_on: Day | None = Field(default=None, description=FROM_ON)
    to_on: Day | None = Field(default=None, description=TO_ON)
    multiplier: CountAboveZero = Field(description="CT × PT, a whole number above 0")
    modulus_kwh: Kwh | None = Field(default=None, description="where the register rolls over to zero, such as 100000")
    total: RegisterCase = Field(description=REGISTER)
    sharp: RegisterCase | None = Field(default=None, description=REGISTER)
    peak: RegisterCase | None = Field(default=None, description=REGISTER)
    valley: RegisterCase | None = Field(default=None, description=REGISTER)
    deep: RegisterCase | None = Field(default=None, description=REGISTER)
    reactive: RegisterCase | None = Field(default=None, description=REGISTER)
    reactive_export: RegisterCase | None = Field(default=None, description=REGISTER)
    export: RegisterCase | None = Field(default=None, description=REGISTER)
    demand_kw: Demand | None = Field(default=None, description="highest demand in kW as the meter shows it")
    deducted: StrictBool = Field(default=False, description="true for a sub-meter whose energy is taken off")

    def registers(self) -> frames.Registers:
        named = {name: getattr(self, name) for name in ("total", *PERIOD_REGISTERS)}
        return {name: (read.start, read.end) for name, read in named.items() if read is not None}


class LossCase(Case):
    """Transformer and line loss of low-voltage metering (高供低计): agreed for a month, or by the formula."""

    method: Literal["agreed", "formula", "none"] = Field(
        default="none", description='"agreed", "formula" or "none" (line loss alone)'
    )
    active_kwh: Kwh = Field(default=0, description="agreed loss of a month in kWh")
    reactive_kvarh: Kwh = Field(default=0, description="agreed reactive loss of a month in kvarh")
    p0_w: Count = Field(default=0, description="no-load loss in W, a whole number")
    pk_w: Count = Field(default=0, description="load loss at rated current in W, a whole number")
    sn_kva: Capacity | None = Field(default=None, description="rated capacity in kVA, above 0")
    i0_percent: SharePercent = Field(default=0, description="no-load current in percent")
    uk_percent: SharePercent = Field(default=0, description="short-circuit voltage in percent")
    k: Annotated[int, BeforeValidator(Scaled(2, above=0))] = Field(
        default=100, description="shift factor K, such as 1, 1.5 or 3"
    )
    line_percent: SharePercent = Field(default=0, description="line loss in percent of reading plus transformer loss")

    @model_validator(mode="after")
    def _formula_has_a_transformer(self) -> LossCase:
        if self.method == "formula" and self.sn_kva is None:
            raise ValueError('"sn_kva" with the method "formula"')
        return self

    def columns(self) -> dict[str, int | None]:
        return {
            "loss_method": int(LossMethod[self.method.upper()]),
            "loss_active_ckwh": self.active_kwh,
            "loss_reactive_ckvarh": self.reactive_kvarh,
            "loss_p0_w": self.p0_w,
            "loss_pk_w": self.pk_w,
            "loss_sn_ckva": self.sn_kva or 0,
            "loss_i0_e4": self.i0_percent,
            "loss_uk_e4": self.uk_percent,
            "loss_k_e2": self.k,
            "line_loss_e4": self.line_percent,
        }


class TermsCase(Case):
    """What was agreed over some days: the price, and what the basic charge, power factor and losses need."""

    from_on: Day | None = Field(default=None, description=FROM_ON)
    to_on: Day | None = Field(default=None, description=TO_ON)
    price: str = Field(description='a price code such as "hunan.residential", or a name under "prices", as text')
    running_capacity_kva: Capacity | None = Field(default=None, description="running capacity in kVA, above 0")
    basic_charge: Literal["none", "capacity", "contract_demand", "actual_demand"] = Field(
        default="none", description='"none", "capacity", "contract_demand" or "actual_demand"'
    )
    contract_demand_kw: Capacity | None = Field(default=None, description="contract demand in kW, above 0")
    power_factor_standard: Standard = Field(default=0, description='"0.80", "0.85" or "0.90"; left out for none')
    extra_tier_kwh: Kwh = Field(default=0, description="large household: kWh a month added to every tier")
    free_kwh: Kwh = Field(default=0, description="free kWh a month")
    loss: LossCase = Field(default=LossCase(), description='an object with "method"')

    def columns(self) -> dict[str, int | None]:
        return {
            "running_capacity_ckva": self.running_capacity_kva,
            "basic_method": int(BasicMethod[self.basic_charge.upper()]),
            "contract_demand_ckw": self.contract_demand_kw,
            "pf_standard": self.power_factor_standard,
            "tier_shift_ckwh": self.extra_tier_kwh,
            "free_ckwh": self.free_kwh,
            **self.loss.columns(),
        }


class PriceRowCase(Case):
    """One price written in the case. A tier is the kWh above ``over_kwh`` up to ``up_to_kwh`` per ``cycle``."""

    item: str = Field(description='the bill item it appears under, such as "catalogue_energy"')
    charge: Literal["energy", "fund", "capacity", "demand", "power_factor", "feed_in"] = Field(
        description='"energy", "fund", "capacity", "demand", "power_factor" or "feed_in"'
    )
    of: Literal["total", "sharp", "peak", "flat", "valley", "deep"] = Field(
        default="total", description='the period: "total", "sharp", "peak", "flat", "valley" or "deep"'
    )
    price: Annotated[int, BeforeValidator(Scaled(8))] = Field(
        default=0, description='a price in yuan with at most 8 decimals, such as "0.538"; none for power_factor'
    )
    power_factor_base: StrictBool | None = Field(
        default=None, description="whether it enters the power-factor adjustment; left out: all but funds and feed-in"
    )
    tier: Count = Field(default=0, description="0 for no tier, else 1, 2, 3")
    cycle: Literal["month", "year"] = Field(default="month", description='"month" or "year"')
    over_kwh: Kwh = Field(default=0, description="the tier starts above these kWh")
    up_to_kwh: Kwh | None = Field(default=None, description="the tier ends with these kWh; left out for the last")

    def row(self, structure_id: int, item_id: int) -> frames.Row:
        kind = Kind[self.charge.upper()]
        measures = {
            "capacity": Measure.CAPACITY,
            "demand": Measure.DEMAND,
            "power_factor": Measure.PF_BASE,
            "feed_in": Measure.EXPORT,
        }
        by_rule = kind in (Kind.ENERGY, Kind.CAPACITY, Kind.DEMAND)
        return frames.price_row(
            structure_id,
            item_id,
            kind,
            measures.get(self.charge, Measure[self.of.upper()]),
            self.price,
            pf_base=by_rule if self.power_factor_base is None else self.power_factor_base,
            tier=self.tier,
            tier_cycle=(12 if self.cycle == "year" else 1) if self.tier else 0,
            tier_lo_ckwh=self.over_kwh,
            tier_hi_ckwh=UNBOUNDED_CKWH if self.up_to_kwh is None else self.up_to_kwh,
        )


class BillCase(Case):
    """A whole bill of one usage point."""

    territory: str = Field(default="national", description="a folder name under rules/, as text")
    from_on: Day = Field(description="the first day of the billing period, YYYY-MM-DD")
    to_on: Day = Field(description="the day after its last, YYYY-MM-DD")
    months: CountAboveZero = Field(default=1, description="the months the bill covers, a whole number above 0")
    terms: tuple[TermsCase, ...] = Field(min_length=1, description='a list of at least one object with "price"')
    readings: tuple[ReadingCase, ...] = Field(
        min_length=1, description='a list of at least one object with "multiplier" and "total"'
    )
    prices: dict[str, tuple[PriceRowCase, ...]] = Field(
        default={}, description="prices written out: lists of objects with item, charge and price, by name"
    )
    tier_base_kwh: Kwh = Field(default=0, description="kWh billed in this tier year before the period")
    tier_months: CountAboveZero = Field(default=12, description="months in force in the tier year, 1 to 12")
    previous_kwh: Kwh | None = Field(default=None, description="kWh of the last bill, for the check of jumps")
    contract_capacity_kva: Capacity | None = Field(default=None, description="contract capacity in kVA, above 0")
    convention: BillConvention = Field(
        default=BillConvention(), description='an object with "loss_period", "loss_unit" or "excess_base"'
    )

    @model_validator(mode="before")
    @classmethod
    def _prices_are_known(cls, facts: Facts) -> Facts:
        if isinstance(facts, dict) and facts.get("prices") and isinstance(facts.get("terms"), list):
            named = {str(terms.get("price")) for terms in facts["terms"] if isinstance(terms, dict)}
            if missing := sorted(named - set(facts["prices"])):
                raise ValueError(f'every price of "terms" under "prices"; missing: {", ".join(missing)}')
        return facts

    @property
    def period(self) -> Period:
        return Period(self.from_on, self.to_on)

    def price_names(self) -> tuple[str, ...]:
        """Price codes or names of the terms, in alphabetical order: their places are the structure ids."""
        return tuple(sorted({terms.price for terms in self.terms}))

    def part(self, from_on: date | None, to_on: date | None) -> Period:
        return Period(from_on or self.from_on, to_on or self.to_on)


def shard_of(case: BillCase, structures: tuple[str, ...]) -> Shard:
    """The case as the frozen inputs of one account; ``structures`` are those of the book."""
    point = frames.point_row(
        case.period,
        months=case.months,
        tier_base_ckwh=case.tier_base_kwh,
        tier_months=case.tier_months,
        previous_ckwh=case.previous_kwh,
        contract_capacity_ckva=case.contract_capacity_kva,
    )
    terms = [
        frames.terms_row(case.part(one.from_on, one.to_on), structures.index(one.price), **one.columns())
        for one in case.terms
    ]
    reads = [
        frames.read_row(
            case.part(one.from_on, one.to_on),
            one.registers(),
            installation=place,
            multiplier=one.multiplier,
            modulus_ckwh=one.modulus_kwh or frames.MODULUS_CKWH,
            demand_e4=one.demand_kw,
            deducted=one.deducted,
        )
        for place, one in enumerate(case.readings, 1)
    ]
    return frames.shard([point], terms, reads)


def price_rows(case: BillCase, item_ids: dict[str, int]) -> list[frames.Row]:
    """The prices written in the case, one structure a name.

    Raises ``KeyError`` with the code of an item the bill does not have.
    """
    return [
        row.row(structure_id, item_ids[row.item])
        for structure_id, name in enumerate(case.price_names())
        for row in case.prices[name]
    ]
