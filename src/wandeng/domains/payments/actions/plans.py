"""Instalment plans (分期付款): arrears in parts on agreed days, kept or broken by what was paid since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from wandeng.domains.customers import actions as customers
from wandeng.domains.organization.types import Role
from wandeng.domains.payments import reading, settling
from wandeng.domains.payments.models import InstalmentPart, InstalmentPlan, Payment, PaymentDecision
from wandeng.domains.payments.states import PLAN
from wandeng.infra import audit
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.ids import AccountId
from wandeng.kernel.money import format_yuan
from wandeng.kernel.periods import BILLING_ZONE

MAKERS = (Role.ACCOUNTANT, Role.HALL_CLERK, Role.COUNTY_MANAGER)


class PlanExists(Conflict):
    """The account has a plan that is not over."""

    code = "PLAN_EXISTS"


@transaction.atomic
def make_plan(
    *, account: AccountId, parts: Sequence[tuple[date, int]], reason: str, actor: Actor, at: datetime,
    library: RuleLibrary | None = None,
) -> int:  # fmt: skip
    """Agree on parts (last day, fen) that add up to the arrears with late fee of the day; returns the plan's id.

    Raises :class:`NotAllowed`, :class:`InvalidInput`, :class:`PlanExists`.
    """
    (place,) = customers.lock_accounts([account])
    require(actor, *MAKERS, unit_path=place.unit_path)
    if InstalmentPlan.objects.filter(account_id=account, state="ACTIVE").exists():
        raise PlanExists(f"account {place.account_number} has a plan already")
    day = at.astimezone(BILLING_ZONE).date()
    position = reading.position(reading.by_django, reading.of_accounts([account]), day, library or current.library())
    owed = int(settling.owed_fen(settling.netted(position)[0])["owed_fen"].sum())
    days = [due for due, _ in parts]
    if len(parts) < 2 or days != sorted(set(days)) or days[0] < day or any(fen <= 0 for _, fen in parts):
        raise InvalidInput("a plan has at least two parts above zero on growing days from today on")
    if sum(fen for _, fen in parts) != owed:
        raise InvalidInput(f"the parts must add up to {format_yuan(owed)}, the arrears with late fee of the day")
    if not reason.strip():
        raise InvalidInput("say why the arrears may be paid in parts")
    plan = InstalmentPlan.objects.create(
        account_id=account, owed_fen=owed, made_on=day, made_by=actor.code, made_at=at, reason=reason
    )
    InstalmentPart.objects.bulk_create(
        InstalmentPart(plan=plan, number=number, due_on=due, amount_fen=fen)
        for number, (due, fen) in enumerate(parts, start=1)
    )
    facts = {"account": place.account_number, "owed_fen": owed, "parts": len(parts), "last_on": days[-1]}
    audit.record(actor=actor, action="payment.plan", subject=plan, facts=facts, at=at, reason=reason,
                 unit_path=place.unit_path)  # fmt: skip
    return plan.pk


@transaction.atomic
def cancel_plan(*, plan_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """End a plan before its time. Raises :class:`NotFound`, :class:`NotAllowed`, ``MoveRefused``."""
    plan = InstalmentPlan.objects.filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(f"there is no instalment plan {plan_id}")
    (place,) = customers.lock_accounts([plan.account_id])
    require(actor, *MAKERS, unit_path=place.unit_path)
    if not reason.strip():
        raise InvalidInput("say why the plan ends")
    move(plan, PLAN, "cancel", actor=actor, at=at, reason=reason)
    audit.record(actor=actor, action="payment.plan_cancel", subject=plan, facts={"account": place.account_number},
                 at=at, reason=reason, unit_path=place.unit_path)  # fmt: skip


def review_plans(*, on: date, actor: Actor, at: datetime) -> tuple[int, int]:
    """Judge every active plan on a day: (kept, broken). A part is due until the end of its day."""
    kept = broken = 0
    for plan in InstalmentPlan.objects.filter(state="ACTIVE").prefetch_related("parts").order_by("id"):
        verdict = _verdict(plan, on)
        if verdict:
            move(plan, PLAN, verdict, actor=actor, at=at)
            kept, broken = kept + (verdict == "keep"), broken + (verdict == "break")
    return kept, broken


def paid_fen(plan: InstalmentPlan, on: date) -> int:
    """What was paid from the day of the plan to ``on``, reversals and parts that were given back left out."""
    since = Payment.objects.filter(
        account_id=plan.account_id, state="RECEIVED", received_on__gte=plan.made_on, received_on__lte=on,
        received_at__gte=plan.made_at,
    )  # fmt: skip
    back = PaymentDecision.objects.filter(payment__in=since, kind="PART", state="DONE")
    return int(since.aggregate(total=Sum("amount_fen"))["total"] or 0) - int(
        back.aggregate(total=Sum("amount_fen"))["total"] or 0
    )


def _verdict(plan: InstalmentPlan, on: date) -> str:
    parts = list(plan.parts.all())
    paid = paid_fen(plan, on)
    if paid >= sum(part.amount_fen for part in parts):
        return "keep"
    return "break" if paid < sum(part.amount_fen for part in parts if part.due_on < on) else ""
