"""Orders to cut by balance (费控停电): proposed by the night's run, never sent without a person's approval."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import datetime

from django.db import transaction

from wandeng.domains.collections import dispatching, prepaying, rules_orders
from wandeng.domains.collections.actions import reconnection
from wandeng.domains.collections.models import LIVE, DisconnectionOrder, PrepayEpisode
from wandeng.domains.collections.types_orders import OrderLive
from wandeng.domains.collections.types_prepay import PREPAY
from wandeng.domains.customers import actions as customers_actions
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import AccountId

REASON = "费控余额低于停电阈值，通知已送达，宽限期已满"


def overdrawn(scope: Scope) -> tuple[int, ...]:
    """Episodes that are overdrawn and have no order out, oldest first."""
    rows = scope.limit(PrepayEpisode.objects.filter(state="OVERDRAWN"), "account__unit__path")
    busy = DisconnectionOrder.objects.filter(state__in=LIVE).values("account_id")
    return tuple(rows.exclude(account_id__in=busy).order_by("overdrawn_at", "id").values_list("pk", flat=True))


@transaction.atomic
def propose(*, episode_id: int, actor: Actor, at: datetime, library: RuleLibrary) -> str:
    """Propose to cut an account off by its balance: the agreement, the notices that reached, the balance of the day and of
    now are kept with the order. Returns its number.

    Raises ``ChainIncomplete`` while anything stands against it, ``OrderLive``, :class:`NotFound`.
    """
    rows = PrepayEpisode.objects.select_related("account__unit")
    found = Scope.of(actor).one(rows, "account__unit__path", "prepay episode", pk=episode_id)
    customers_actions.lock_accounts([AccountId(found.account_id)])
    episode = rows.get(pk=found.pk)
    owner = episode.account
    live = reconnection.live_order(AccountId(owner.pk))
    if live is not None:
        raise OrderLive(f"account {owner.account_number} has order {live.number} already", order=live.number)
    judged = prepaying.judge(AccountId(owner.pk), at, for_dispatch=False, library=library)
    reasons = judged.eligibility.reasons
    if reasons or judged.balance is None:
        raise dispatching.not_due(reasons)
    evidence = _evidence(judged)
    row_id = ids.reserve(DisconnectionOrder, 1)
    order = DisconnectionOrder.objects.create(
        id=row_id, number=f"TD{dispatching.local_day(at):%y%m%d}{row_id:06d}", account=owner, unit=owner.unit,
        basis=PREPAY, episode=episode, demanded_fen=judged.eligibility.open_fen,
        level=rules_orders.level_of(owner.customer_class, owner.importance), bills="[]", evidence=evidence,
        evidence_hash=hashlib.sha256(evidence.encode()).hexdigest(), reason=REASON, proposed_by=actor.code,
        proposed_at=at,
    )  # fmt: skip
    facts = {"demanded_fen": order.demanded_fen, "balance_fen": judged.balance.balance_fen, "day": judged.balance.day}
    audit.record(
        actor=actor, action="prepay.propose_cut", subject=("collections.DisconnectionOrder", order.number), facts=facts,
        at=at, reason=REASON, unit_path=owner.unit.path,
    )  # fmt: skip
    return str(order.number)


def _evidence(judged: prepaying.Judged) -> str:
    """The chain and the balance as canonical JSON."""
    assert judged.balance is not None
    chain = dataclasses.asdict(judged.eligibility) | {"balance": dataclasses.asdict(judged.balance)}
    return json.dumps(chain, default=str, sort_keys=True, separators=(",", ":"))
