"""Whom a machine is to call about arrears (自动外呼): steps of the ladder that wait for a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wandeng.domains.collections import arrears, rules
from wandeng.domains.collections.models import DunningStep
from wandeng.infra.effective.library import RuleLibrary
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE


@dataclass(frozen=True, slots=True)
class StepToCall:
    """A step that waits for a call."""

    step_id: int
    account_id: AccountId
    account_number: str
    unit_path: str


def steps_to_call(library: RuleLibrary, *, now: datetime, but: frozenset[int] = frozenset()) -> tuple[StepToCall, ...]:
    """The steps, the oldest first, of accounts that are dunned still, where nobody's quiet hours are; ``but`` are left out. Raises
    ``NoRuleInForce``."""
    rows = DunningStep.objects.filter(state="PENDING", by="CALL", case__state="OPEN").exclude(pk__in=but)
    on, speaks = now.astimezone(BILLING_ZONE).date(), dict[str, bool]()
    found = []
    for row in rows.select_related("case__account", "unit").order_by("taken_at", "id"):
        territory = row.unit.territory
        if territory not in speaks:
            speaks[territory] = rules.dunning_rule(library, on=on, territory=territory).speaks_at(now) == now
        if speaks[territory]:
            account = row.case.account
            found.append(StepToCall(row.pk, AccountId(account.pk), account.account_number, row.unit.path))
    return tuple(found)


def still_owed(account_number: str, *, now: datetime) -> int:
    """What an account has overdue at this moment, its credit taken off, fen. Raises :class:`NotFound`."""
    return arrears.overdue_of(account_number, on=now.astimezone(BILLING_ZONE).date()).open_fen
