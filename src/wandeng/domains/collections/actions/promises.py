"""Promises to pay (承诺缴费): made within the rule, taken back, and judged by what was paid."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from wandeng.domains.collections import arrears, rules, states
from wandeng.domains.collections.actions.steps import CALLERS
from wandeng.domains.collections.models import DunningCase, PromiseToPay
from wandeng.domains.collections.types import PromiseRefused
from wandeng.infra import audit, ids
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict
from wandeng.kernel.periods import BILLING_ZONE

CHANNELS = ("PHONE", "VISIT", "COUNTER", "ONLINE")


@transaction.atomic
def promise(
    *, case_id: int, promised_on: date, amount_fen: int, channel: str, actor: Actor, at: datetime, note: str = "",
    library: RuleLibrary | None = None,
) -> int:  # fmt: skip
    """Note that the customer promises to pay ``amount_fen`` by ``promised_on``: the ladder holds through that day. Returns
    the promise.

    Raises :class:`PromiseRefused` for a day or an amount out of the rule, one too many, or a channel nobody knows,
    :class:`Conflict` for a case that is not OPEN or owes nothing, :class:`NotFound`, :class:`NotAllowed`,
    ``NoRuleInForce``.
    """
    rows = DunningCase.objects.select_related("account", "unit")
    case = Scope.of(actor).one(rows, "unit__path", "dunning case", pk=case_id)
    require(actor, *CALLERS, unit_path=case.unit.path)
    on = at.astimezone(BILLING_ZONE).date()
    rule = rules.dunning_rule(library or current.library(), on=on, territory=case.unit.territory)
    left = arrears.overdue_of(case.account.account_number, on=on)
    if left.oldest_due_on is None:
        raise Conflict(f"dunning case {case_id} has nothing overdue: there is nothing to promise")
    if channel not in CHANNELS:
        raise PromiseRefused(f"a promise is made by {', '.join(CHANNELS)}, not {channel}")
    if not 0 <= (promised_on - on).days <= rule.promise_days:
        raise PromiseRefused(f"a promise reaches at most {rule.promise_days} days ahead")
    if not 0 < amount_fen <= left.open_fen:
        raise PromiseRefused(f"a promise is for more than nothing and at most {left.open_fen} fen")
    if PromiseToPay.objects.filter(case=case).exclude(state="WITHDRAWN").count() >= rule.promises_a_case:
        raise PromiseRefused(f"at most {rule.promises_a_case} promises hold one case")
    move(case, states.CASE, "promise", actor=actor, at=at, reason=note)
    made = PromiseToPay.objects.create(
        id=ids.reserve(PromiseToPay, 1), case=case, promised_on=promised_on, amount_fen=amount_fen, channel=channel,
        open_fen=arrears.left_of(case.account.account_number, due_to=on, on=on), covers_due_to=on, made_at=at,
        made_by=actor.code, note=note,
    )  # fmt: skip
    facts = {"promised_on": promised_on, "amount_fen": amount_fen, "channel": channel}
    audit.record(
        actor=actor, action="dunning.promise", subject=case, facts=facts, at=at, reason=note, unit_path=case.unit.path
    )
    return made.pk


@transaction.atomic
def withdraw_promise(*, promise_id: int, reason: str, actor: Actor, at: datetime) -> int:
    """Take back a promise that was noted wrongly: the ladder goes on. Returns its case.

    Raises :class:`NotFound`, :class:`NotAllowed`, ``MoveRefused`` for one that was judged, :class:`PromiseRefused`
    without a reason.
    """
    rows = PromiseToPay.objects.select_related("case", "case__unit")
    made = Scope.of(actor).one(rows, "case__unit__path", "promise to pay", pk=promise_id)
    require(actor, *CALLERS, unit_path=made.case.unit.path)
    if not reason.strip():
        raise PromiseRefused("a promise is taken back for a stated reason")
    on = at.astimezone(BILLING_ZONE).date()
    move(made, states.PROMISE, "withdraw", actor=actor, at=at, reason=reason, decided_on=on)
    move(made.case, states.CASE, "release", actor=actor, at=at, reason=reason)
    audit.record(
        actor=actor, action="dunning.withdraw_promise", subject=made.case, facts={"promise": promise_id}, at=at,
        reason=reason, unit_path=made.case.unit.path,
    )  # fmt: skip
    return made.case_id
