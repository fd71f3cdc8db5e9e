"""What is used and not billed yet, in the words of a bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wandeng.domains.billing.frames.provisional import Provisional
from wandeng.domains.billing.queries import shown
from wandeng.domains.billing.types import LineShown
from wandeng.domains.network import queries as network
from wandeng.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class ProvisionalMonthShown:
    """What of an estimate belongs to one bill month, with the lines that its bill would have by now."""

    month: Month
    period_from: date
    period_to: date
    energy_ckwh: int
    amount_fen: int
    lines: tuple[LineShown, ...]


def months_shown(account_number: str, found: Provisional) -> tuple[ProvisionalMonthShown, ...]:
    """The months of one account's detailed estimate."""
    names = network.point_codes(account_number)
    made = {one.month: one for one in found.months}
    return tuple(
        ProvisionalMonthShown(
            month=(month := Month.from_index(row["month_index"])),
            period_from=row["period_from"],
            period_to=row["period_to"],
            energy_ckwh=row["energy_ckwh"],
            amount_fen=row["amount_fen"],
            lines=shown.lines(made[month].rated.lines.to_pylist(), made[month].book, made[month].shard, names),
        )
        for row in found.estimates.rows(named=True)
    )
