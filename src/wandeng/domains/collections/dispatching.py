"""The guards before an order leaves. All of them run in the transaction that sends it, after the account is locked, so
that a payment either is seen here or waits until the order has left and then recalls it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from wandeng.domains.collections import prepaying, queries
from wandeng.domains.collections.models import DisconnectionHalt, DisconnectionOrder, DisconnectionQuota
from wandeng.domains.collections.rules_orders import CutRule
from wandeng.domains.collections.types import Eligibility
from wandeng.domains.collections.types_orders import ApprovalOld, ChainIncomplete, Halted, QuotaReached
from wandeng.domains.collections.types_prepay import PREPAY
from wandeng.domains.organization import queries as organization
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

HOUR = timedelta(minutes=60)
COMPANIES = ("COUNTY", "CITY", "PROVINCE")


def local_day(at: datetime) -> date:
    """The day of an instant where bills are cut."""
    return at.astimezone(BILLING_ZONE).date()


def company_path(unit_path: str) -> str:
    """The path of the company that a unit belongs to: the nearest county, city or province at or above it; the root when
    there is none."""
    chain = [node for node in organization.unit_tree(Scope.everywhere()) if unit_path.startswith(node.path)]
    companies = [node.path for node in chain if node.kind in COMPANIES]
    return max(companies or [chain[0].path], key=len)


def require_due(account: AccountId, *, at: datetime, for_dispatch: bool, library: RuleLibrary) -> Eligibility:
    """The chain of evidence, when nothing stands against a cut. Raises :class:`ChainIncomplete`."""
    found = queries.may_be_cut(account, at=at, for_dispatch=for_dispatch, library=library)
    if not found.ok:
        raise not_due(found.reasons)
    return found


def not_due(reasons: tuple[str, ...]) -> ChainIncomplete:
    """The refusal that names what stands against a cut."""
    named = ", ".join(reasons)
    return ChainIncomplete(f"the account may not be cut: {named}", reasons)


def require_due_of(row: DisconnectionOrder, *, at: datetime, for_dispatch: bool, library: RuleLibrary) -> Eligibility:
    """:func:`require_due` by what the order rests on: the debt, or the prepay balance. Raises :class:`ChainIncomplete`."""
    account = AccountId(row.account_id)
    if row.basis != PREPAY:
        return require_due(account, at=at, for_dispatch=for_dispatch, library=library)
    found = prepaying.judge(account, at, for_dispatch=for_dispatch, library=library).eligibility
    if not found.ok:
        raise not_due(found.reasons)
    return found


def prefixes(unit_path: str) -> list[str]:
    """The paths of a unit and of all units above it.

    >>> prefixes("BS/BS-W/")
    ['BS/', 'BS/BS-W/']
    """
    parts = unit_path.rstrip("/").split("/")
    return ["/".join(parts[:end]) + "/" for end in range(1, len(parts) + 1)]


def require_no_halt(unit_path: str) -> None:
    """Raises :class:`Halted` when the switch is pulled for the unit or one above it."""
    halts = DisconnectionHalt.objects.filter(state="PULLED", unit__path__in=prefixes(unit_path))
    code = halts.order_by("unit__path").values_list("unit__code", flat=True).first()
    if code is not None:
        raise Halted(f"the halt of {code} is pulled: nothing is sent", unit=code)


def require_fresh_approval(order: DisconnectionOrder, rule: CutRule, at: datetime) -> None:
    """Raises :class:`ApprovalOld`, also for an order that nobody approved."""
    given = order.second_at or order.approved_at
    if given is None or order.approved_by is None or at >= given + rule.approval_valid:
        raise ApprovalOld(f"the approval of order {order.number} is no longer valid")


def take_quota(order: DisconnectionOrder, rule: CutRule, at: datetime) -> None:
    """Take one of the places of the order's unit and of every unit above it that has a quota of its own.

    Their rows are locked until this transaction ends, so that two dispatches cannot both take the last place. Raises
    :class:`QuotaReached`.
    """
    DisconnectionQuota.objects.get_or_create(unit_id=order.unit_id)
    rows = DisconnectionQuota.objects.select_for_update(of=("self",)).select_related("unit")
    for row in rows.filter(unit__path__in=prefixes(order.unit.path)).order_by("unit_id"):
        if row.per_hour is None and row.unit_id != order.unit_id:
            continue
        most = rule.per_hour if row.per_hour is None else row.per_hour
        if sent_since(row.unit.path, at - HOUR).count() >= most:
            raise QuotaReached(
                f"unit {row.unit.code} has sent {most} orders within sixty minutes", unit=row.unit.code, per_hour=most
            )


def sent_since(unit_path: str, since: datetime) -> QuerySet[DisconnectionOrder]:
    """Orders of a unit's subtree that left after a moment."""
    sent = DisconnectionOrder.objects.filter(dispatched_at__gt=since)
    return Scope(unit_path).limit(sent, "unit__path")
