"""A prepay account with a row of everything that lists show: agreement, day, episode, true-up, and a cut to approve."""

from __future__ import annotations

import json
from datetime import date, datetime

from wandeng.domains.collections.models import (
    DisconnectionOrder,
    PrepayAgreement,
    PrepayDay,
    PrepayEpisode,
    PrepayTrueUp,
)
from wandeng.domains.customers.models import CustomerAccount
from wandeng.infra import ids

RULE = "rules/national/prepay/1996-10-08.toml"


def overdrawn(number: str, *, on: date, at: datetime) -> str:
    """Fill in one of everything for an account that has no live order; the number of its order."""
    account = CustomerAccount.objects.select_related("unit").get(account_number=number)
    agreement = PrepayAgreement.objects.create(
        id=ids.reserve(PrepayAgreement, 1), account=account, valid_from=on, document=f"FK-{number}", rule_path=RULE,
        enrolled_by="hall", enrolled_at=at, as_of=on, balance_fen=-20_00, warn_fen=20_00,
    )  # fmt: skip
    PrepayDay.objects.create(
        agreement=agreement, account=account, day=on, since_on=on, energy_ckwh=50_00, estimate_fen=30_00,
        day_ckwh=50_00, day_fen=30_00, ledger_fen=10_00, balance_fen=-20_00, warn_fen=20_00, mean_fen=5_00,
        standing="OVERDRAWN", rule_path=RULE, computed_at=at,
    )  # fmt: skip
    PrepayTrueUp.objects.create(
        agreement=agreement, account=account, month_index=24_000, estimated_on=on, estimated_to=on, estimate_ckwh=10_00,
        estimate_fen=6_00, billed_to=on, bill_ckwh=12_00, bill_fen=7_00, difference_fen=1_00, reason="LATER_USE",
        settled_on=on,
    )  # fmt: skip
    episode = PrepayEpisode.objects.create(
        id=ids.reserve(PrepayEpisode, 1), agreement=agreement, account=account, state="OVERDRAWN", opened_on=on,
        opened_at=at, warned_key=f"w:{number}", overdrawn_on=on, overdrawn_at=at, overdrawn_key=f"o:{number}",
        overdrafts=1, as_of=on, balance_fen=-20_00, lowest_fen=-20_00, rule_path=RULE,
    )  # fmt: skip
    evidence = {"evidence": [], "overdue_days": 0, "oldest_due_on": ""}
    evidence |= {"balance": {"day": on.isoformat(), "balance_fen": -20_00}}
    order = DisconnectionOrder.objects.create(
        id=ids.reserve(DisconnectionOrder, 1), number=f"FKTD{number}", account=account, unit=account.unit,
        basis="PREPAY", episode=episode, level="ordinary", demanded_fen=20_00, bills="[]",
        evidence=json.dumps(evidence), evidence_hash="0" * 64, reason="余额透支",
        proposed_by="system", proposed_at=at,
    )  # fmt: skip
    return str(order.number)
