"""Trial of the line-loss rate (线损率) of a utility or of a transformer area."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pydantic import Field

from wandeng.calc import line_loss
from wandeng.calc.line_loss import Loss
from wandeng.calc.trial.fields import Case, Day, ExactNotNegative, SharePercent
from wandeng.calc.trial.steps import Outcome, Source, Step, fixed, joined, number, percent

ENERGY = "an energy, in the same unit as the others, 0 or more"


class LineLossCase(Case):
    """What both levels have."""

    territory: str = Field(default="national", description="a folder name under rules/, as text")
    level: str = Field(description="company or area")
    on: Day = Field(description="a day of the period, YYYY-MM-DD: it selects the rule")
    unit: str = Field(default="kWh", description='the unit of the energies, as text, such as "10^4 kWh"')


class CompanyCase(LineLossCase):
    generated: ExactNotNegative = Field(default=Fraction(0), description=ENERGY)
    own_use_percent: SharePercent = Field(default=0, description="own use in percent of the generation, 0 to 100")
    purchased: ExactNotNegative = Field(default=Fraction(0), description=ENERGY)
    exported: ExactNotNegative = Field(default=Fraction(0), description=ENERGY)
    sold: ExactNotNegative = Field(description=ENERGY)


class AreaCase(LineLossCase):
    """台区: the master meter against the customer meters."""

    master_import: ExactNotNegative = Field(description=ENERGY)
    master_export: ExactNotNegative = Field(default=Fraction(0), description=ENERGY)
    embedded_generation: ExactNotNegative = Field(default=Fraction(0), description=ENERGY)
    used: tuple[ExactNotNegative, ...] = Field(min_length=1, description="a list of energies of the customer meters")


SCHEMAS: dict[str, type[LineLossCase]] = {"company": CompanyCase, "area": AreaCase}


@dataclass(frozen=True, slots=True)
class LineLossRules:
    """Decimals of the printed rate."""

    percent_decimals: int


def calculate(case: LineLossCase, rules: LineLossRules, source: Source) -> Outcome:
    """Supplied and lost energy and the rate in percent."""
    if isinstance(case, CompanyCase):
        loss = line_loss.company_loss(
            case.generated, Fraction(case.own_use_percent, 10_000), case.purchased, case.exported, case.sold
        )
        own = f"{number(case.generated)} × (1 − {percent(case.own_use_percent)})"
        terms = f"{own} + {number(case.purchased)} − {number(case.exported)}"
    elif isinstance(case, AreaCase):
        loss = line_loss.area_loss(case.master_import, case.master_export, case.embedded_generation, case.used)
        terms = joined([number(case.master_import), number(case.embedded_generation)])
        terms += f" − {number(case.master_export)}"
    else:
        raise TypeError(f"no arithmetic for {type(case).__name__}")
    return _outcome(case, loss, terms, rules, source)


def _outcome(case: LineLossCase, loss: Loss, terms: str, rules: LineLossRules, source: Source) -> Outcome:
    rate = fixed(loss.rate * 100, rules.percent_decimals)
    lost = f"{number(loss.supplied)} − {number(loss.used)}"
    steps = (
        Step("Supplied (供电量)", f"{terms} = {number(loss.supplied)} {case.unit}"),
        Step("Lost (损失电量)", f"{lost} = {number(loss.lost)} {case.unit}"),
        Step("Rate (线损率)", f"{number(loss.lost)} / {number(loss.supplied)} = {rate} %", source.citation),
    )
    results: dict[str, int | str | None] = {
        "supplied": number(loss.supplied, 8).replace(",", ""),
        "lost": number(loss.lost, 8).replace(",", ""),
        "rate_percent": rate,
    }
    return Outcome("line-loss", steps, results, (), (source,))
