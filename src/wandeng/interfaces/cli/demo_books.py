"""The books of the demonstration: what the county bought in the months it billed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from wandeng.domains.organization import queries as organization
from wandeng.domains.purchases import actions
from wandeng.domains.purchases.types import Source
from wandeng.flows import purchase_and_sale
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import BILLING_ZONE, Month
from wandeng.twin.county import ROOT

ACCOUNTANT = "account2"
HYDRO_SHARE_E2, LOSS_SHARE_E2 = 12, 6
HYDRO_FEN_A_KWH, GRID_FEN_A_KWH = 33, 41
CKWH_A_KWH = 100


def record_purchases(months: Iterable[Month], at: datetime) -> int:
    """What was sold came from the grid above and from a small hydropower station, and a little more was lost."""
    actor = organization.actor_for(ACCOUNTANT, at.astimezone(BILLING_ZONE).date())
    count = 0
    for month in sorted(set(months), key=lambda one: one.index):
        found = purchase_and_sale.statement(Scope.everywhere(), unit_code=ROOT, month=month).now
        fed = found.bought.get(purchase_and_sale.FEED_IN, purchase_and_sale.Amount()).energy_ckwh
        needed = found.all_sold.energy_ckwh * (100 + LOSS_SHARE_E2) // 100 - fed
        hydro = needed * HYDRO_SHARE_E2 // 100
        for source, supplier, energy, price in (
            (Source.GRID, "省电力公司", needed - hydro, GRID_FEN_A_KWH),
            (Source.SMALL_HYDRO, "潘渡水电站", hydro, HYDRO_FEN_A_KWH),
        ):
            actions.record(
                unit_code=ROOT, month=month, source=source, supplier=supplier, energy_ckwh=energy,
                amount_fen=energy * price // CKWH_A_KWH, document_number=f"GD-{month}-{source}", actor=actor, at=at,
            )  # fmt: skip
            count += 1
    return count
