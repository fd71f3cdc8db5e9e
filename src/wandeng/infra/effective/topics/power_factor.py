"""Power-factor adjustment (功率因数调整电费, 〔83〕水电财字第215号): the published tables and their two ends."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Exact, Group, Price, Rows, Strict, TopicModel

Hundredths = Annotated[int, Field(ge=0, le=100)]


class PowerFactorRow(Strict):
    """One published cell: power factor in hundredths, rate in percent of the base, negative for a reward."""

    pf: Hundredths
    percent: Exact


class PowerFactorTable(Group):
    """The table of one standard. ``rows`` are the published cells, one a hundredth, downward without a gap. The
    first row's rate holds for every better factor; below the last row each hundredth adds ``below_step_percent``."""

    standard: Hundredths
    rows: Rows[PowerFactorRow]
    below_step_percent: Price

    @model_validator(mode="after")
    def _rows_are_contiguous(self) -> PowerFactorTable:
        factors = [row.pf for row in self.rows]
        if not factors or factors != list(range(factors[0], factors[0] - len(factors), -1)):
            raise ValueError("rows must run downward by one hundredth without a gap")
        if Decimal(0) not in [row.percent for row in self.rows if row.pf == self.standard]:
            raise ValueError(f"the row of the standard itself ({self.standard}) must be 0")
        return self

    def percent(self, pf_hundredths: int) -> Decimal:
        """The rate in percent at a power factor of 0..100 hundredths.

        Raises ``ValueError`` outside.
        """
        if not 0 <= pf_hundredths <= 100:
            raise ValueError(f"a power factor is 0 to 100 hundredths, not {pf_hundredths}")
        best, worst = self.rows[0], self.rows[-1]
        if pf_hundredths >= best.pf:
            return best.percent
        if pf_hundredths < worst.pf:
            return worst.percent + self.below_step_percent * (worst.pf - pf_hundredths)
        return self.rows[best.pf - pf_hundredths].percent


class PowerFactor(TopicModel):
    """``base_items`` are the bill items that enter the base of the adjustment; funds do not (WE-03)."""

    topic_name: ClassVar[str] = "power_factor"

    base_items: Rows[str]
    tables: Rows[PowerFactorTable]

    @model_validator(mode="after")
    def _one_table_a_standard(self) -> PowerFactor:
        standards = [table.standard for table in self.tables]
        if len(set(standards)) != len(standards):
            raise ValueError(f"one table a standard; found {standards}")
        return self
