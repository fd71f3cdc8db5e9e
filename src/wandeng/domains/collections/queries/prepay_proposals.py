"""Orders to cut by balance that wait for approval (费控停电待审批): the day's list, each with what speaks for and against."""

from __future__ import annotations

import json
from datetime import date, datetime

from wandeng.domains.collections import prepaying
from wandeng.domains.collections.models import DisconnectionOrder
from wandeng.domains.collections.queries.prepay import reached_at
from wandeng.domains.collections.types_prepay import PREPAY, PrepayProposal
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import AccountId


def proposals(scope: Scope, *, at: datetime, library: RuleLibrary, limit: int = 50) -> tuple[PrepayProposal, ...]:
    """Prepay orders that wait for approval, oldest first. ``objections`` are what stands against each by now, the day and
    the hour left out: one that has paid meanwhile is withdrawn already, one whose protection was proposed is not."""
    rows = DisconnectionOrder.objects.filter(basis=PREPAY, state__in=("PROPOSED", "SECOND_WANTED"))
    found = scope.limit(rows.select_related("account", "unit", "episode"), "unit__path").order_by("id")[:limit]
    return tuple(_proposal(row, at, library) for row in found)


def _proposal(row: DisconnectionOrder, at: datetime, library: RuleLibrary) -> PrepayProposal:
    assert row.episode is not None
    judged = prepaying.judge(AccountId(row.account_id), at, for_dispatch=False, library=library)
    kept = json.loads(row.evidence)["balance"]
    now = judged.balance.balance_fen if judged.balance else None
    return PrepayProposal(
        number=row.number, state=row.state, level=row.level, account_number=row.account.account_number,
        account_name=row.account.name, address=row.account.address, unit_name=row.unit.name,
        demanded_fen=row.demanded_fen, balance_fen=kept["balance_fen"], balance_day=date.fromisoformat(kept["day"]),
        balance_now_fen=now, overdrawn_on=row.episode.overdrawn_on,
        reached_at=reached_at(row.episode.overdrawn_key, AccountId(row.account_id)), proposed_by=row.proposed_by,
        proposed_at=row.proposed_at, approved_by=row.approved_by or "", objections=judged.eligibility.reasons,
    )  # fmt: skip
