"""The run-level check (M9): a run that looks wrong as a whole halts, however right each bill looks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import reduce

from wandeng.domains.billing.models import BillShard
from wandeng.domains.billing.rules import GateLimits
from wandeng.domains.billing.types import GateFinding, Supply, Totals
from wandeng.kernel.money import format_scaled, format_yuan

E4 = 10_000


def totals(shards: Iterable[BillShard]) -> Totals:
    """What the shards of a run came to."""
    return reduce(
        Totals.__add__,
        (
            Totals(
                accounts=shard.accounts, bills=shard.bills, lines=shard.lines, parked=shard.parked, moved=shard.moved,
                energy_ckwh=shard.energy_ckwh, amount_fen=shard.amount_fen, largest_fen=shard.largest_fen,
                most_lines=shard.most_lines, revenue=_revenue(shard),
            )
            for shard in shards
        ),
        Totals(),
    )  # fmt: skip


def _revenue(shard: BillShard) -> dict[str, int]:
    """Ledger account → fen; a correcting shard keeps it by bill."""
    stored = json.loads(shard.revenue)
    if shard.takes != "CORRECTION":
        return dict(stored)
    summed: dict[str, int] = {}
    for by_account in stored.values():
        for account, amount in by_account.items():
            summed[account] = summed.get(account, 0) + amount
    return summed


def findings(run: Totals, limits: GateLimits, supply: Supply | None) -> list[GateFinding]:
    """What is wrong with the run as a whole; those that only tell do not halt."""
    found: list[GateFinding] = []
    share = run.moved * E4 // run.accounts if run.accounts else 0
    if run.moved * E4 > limits.moved_share_e4 * run.accounts:
        found.append(_finding("MOVED_SHARE", f"{run.moved} of {run.accounts} ({_percent(share)})",
                              _percent(limits.moved_share_e4), limits))  # fmt: skip
    if run.largest_fen > limits.bill_limit_fen:
        found.append(_finding("BILL_LIMIT", format_yuan(run.largest_fen), format_yuan(limits.bill_limit_fen), limits))
    if run.most_lines > limits.lines_limit:
        found.append(_finding("LINES_LIMIT", str(run.most_lines), str(limits.lines_limit), limits))
    if supply is not None:
        found += _against_supply(supply, limits)
    return found


def _against_supply(supply: Supply, limits: GateLimits) -> list[GateFinding]:
    """Billed energy against the master meters: at most so much lost on the way, and at most so much gained."""
    found = []
    if supply.areas_unknown:
        found.append(
            GateFinding("SUPPLY_UNKNOWN", f"{supply.areas_unknown} of {supply.areas} areas", "", limits.path, False)
        )
    lost = supply.supplied_ckwh - supply.billed_ckwh
    if supply.supplied_ckwh <= 0:
        return found
    rate = _percent(lost * E4 // supply.supplied_ckwh)
    if lost * E4 > limits.supply_loss_share_e4 * supply.supplied_ckwh:
        found.append(_finding("SUPPLY_LOSS", rate, _percent(limits.supply_loss_share_e4), limits))
    if -lost * E4 > limits.supply_gain_share_e4 * supply.supplied_ckwh:
        found.append(_finding("SUPPLY_GAIN", rate, _percent(-limits.supply_gain_share_e4), limits))
    return found


def _finding(code: str, found: str, limit: str, limits: GateLimits) -> GateFinding:
    return GateFinding(code, found, limit, limits.path, halts=True)


def _percent(share_e4: int) -> str:
    return f"{format_scaled(share_e4, 2)} %"
