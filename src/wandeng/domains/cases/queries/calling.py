"""Whom a clerk calls back next: only who is wanted, whose time has come, and within the hours of their kind of case."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from wandeng.domains.cases import form
from wandeng.domains.cases.charter import Charter, local_day
from wandeng.domains.cases.models import CallBack, Case
from wandeng.domains.cases.queries.rows import Rows, call_back_rows
from wandeng.domains.cases.types import ToCall
from wandeng.domains.customers.queries import contacts
from wandeng.infra.processes.parts import CallBack as CallBackRule
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

SEE_ALL = ("COUNTY_MANAGER", "PROVINCIAL_MANAGER", "AUDITOR", "ADMINISTRATOR")
"""Who may make the call-backs of every kind."""


def rules_in_force(charter: Charter, *, now: datetime) -> dict[str, CallBackRule]:
    """Process → by which hours, roles and attempts its customers are called on the day."""
    versions = charter.processes.in_force(local_day(now))
    return {one.process: one.body.call_back for one in versions if one.body.call_back}


def callable_rows(scope: Scope, *, charter: Charter, now: datetime, roles: frozenset[str]) -> Rows:
    """The call-backs that somebody of these roles may make at this moment. Columns as :func:`rows.call_back_rows`. Lazy."""
    local = now.astimezone(BILLING_ZONE).time()
    rules = rules_in_force(charter, now=now)
    sees_all = not roles.isdisjoint(SEE_ALL)
    open_now = [
        process
        for process, rule in rules.items()
        if rule.from_time <= local < rule.to_time and (sees_all or rule.role in roles)
    ]
    return call_back_rows(scope, now=now).filter(process__in=open_now)


def next_up(
    scope: Scope, *, charter: Charter, now: datetime, roles: frozenset[str], after: str = ""
) -> str:  # fmt: skip
    """The number of the case to call about next: the one whose limit ends first, behind the one named; empty when nobody is
    left. Behind the last one it begins again, so that what was skipped comes back."""
    rows = callable_rows(scope, charter=charter, now=now, roles=roles).order_by("due_at", "id")
    if after:
        here = CallBack.objects.filter(case__number=after).order_by("-round").values_list("due_at", "id").first()
        if here:
            behind = rows.filter(Q(due_at__gt=here[0]) | Q(due_at=here[0], id__gt=here[1]))
            if found := behind.values_list("number", flat=True).first():
                return str(found)
            rows = rows.exclude(id=here[1])
    return str(rows.values_list("number", flat=True).first() or "")


def to_call(scope: Scope, number: str, *, charter: Charter, now: datetime) -> ToCall:
    """The call-back that is wanted of a case. Raises :class:`NotFound`, also outside the scope, or when none is wanted."""
    row = scope.limit(CallBack.objects.filter(state="WANTED", case__number=number), "case__unit__path").first()
    if row is None:
        raise NotFound(f"no call-back of case {number} is wanted")
    rule = charter.body_of(row.case).call_back
    local = now.astimezone(BILLING_ZONE).time()
    return ToCall(
        number=number, round=row.round, due_at=row.due_at, next_at=row.next_at, attempts=row.attempts,
        most=rule.attempts if rule else 0, from_time=rule.from_time if rule else None,
        to_time=rule.to_time if rule else None,
        may_be_called=bool(rule and row.next_at <= now and rule.from_time <= local < rule.to_time),
    )  # fmt: skip


def number_to_call(number: str) -> str:
    """The telephone number that was left with a case, else the one on record of its account, in the clear, for whoever dials it and never
    for showing; empty for none."""
    row = Case.objects.filter(number=number).first()
    if row is None:
        return ""
    answers = form.answers_of(row)
    kept = answers.get("PHONE", "")
    return kept or (contacts.primary_number(AccountId(row.account_id)) if row.account_id else "")


def asked_about(number: str, round_: int, *, charter: Charter) -> str:
    """What a machine says the customer is asked about, as the kind of the case is called; empty when nobody is to be asked about this round
    any more."""
    row = CallBack.objects.filter(state="WANTED", case__number=number, round=round_).select_related("case").first()
    return charter.body_of(row.case).title_zh if row else ""
