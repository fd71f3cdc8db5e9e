"""Who is told of a case: whoever is to do the next step, and, as a limit runs out, those the definition names (超时预警升级)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from wandeng.calc.clocks.terms import PERCENT
from wandeng.domains.cases import form, log
from wandeng.domains.cases.charter import Charter, local_day
from wandeng.domains.cases.events import ClockBroken
from wandeng.domains.cases.locking import locked_case
from wandeng.domains.cases.models import Case, CaseClock
from wandeng.domains.notices import actions as notices
from wandeng.domains.notices.actions import ToStaff
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.queries import acting
from wandeng.domains.organization.types import Role
from wandeng.infra import events
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.parts import ClockRule
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

OUTSIDE = (Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.METER_READER)
"""Roles that are not in front of a queue all day: they are told of a new task."""


def people_for(row: Case, role: str, at: datetime) -> tuple[str, ...]:
    """Who holds a role for the unit of a case on the day."""
    return organization.holders(row.unit.path, Role(role), local_day(at))


def tell_next(row: Case, body: ProcessDefinition, *, actor: Actor, at: datetime) -> None:
    """Tell whoever has the next step, unless they are in front of the queue anyway or did the last one themselves."""
    if is_told(row):
        people = (row.handler,) if row.handler else people_for(row, row.role, at)
        told = [one for one in people if one != actor.code]
        tell(row, body, "case_task", told, key=task_key(row, at), actor=actor, at=at)


def is_told(row: Case) -> bool:
    """Whether whoever has the next step is told of it."""
    return bool(row.step) and row.role in OUTSIDE


def task_key(row: Case, at: datetime) -> str:
    """What the notice of a task is known by."""
    return f"{row.rounds}:{row.step}:{moment(at)}"


def tell(
    row: Case, body: ProcessDefinition, template: str, people: Iterable[str], *, key: str, actor: Actor, at: datetime
) -> None:
    """One notice to each who still works here: same key, same notice."""
    here = acting.active_people(people)
    notices.send_to_staff(worded(row, body, template, here, key=key, actor=actor, at=at))


def worded(
    row: Case, body: ProcessDefinition, template: str, people: Iterable[str], *, key: str, actor: Actor, at: datetime
) -> list[ToStaff]:
    """The notices of a matter of a case, one to each, not sent yet."""
    slots = slots_of(row, body)
    return [
        ToStaff(f"{template}:{row.number}:{key}:{one}", template, one, slots, at, actor, urgent=True) for one in people
    ]


@transaction.atomic
def tell_customer(*, number: str, field: str, value: str, charter: Charter, at: datetime) -> bool:
    """Tell the customer of a case what was written in a field that concerns them: a moment, by the template that the
    definition names. The same value is told once; one that was written over in the meantime is not told at all.

    Returns whether it is told. Raises :class:`NotFound`.
    """
    row = locked_case(None, number)
    body = charter.body_of(row)
    template = next((one.tells for one in body.fields if one.code == field), "")
    if not template or row.account_id is None or form.answers_of(row).get(field) != value:
        return False
    when = datetime.fromisoformat(value)
    notices.send(
        key=f"{template}:{row.number}:{row.rounds}:{moment(when)}", template=template, account=AccountId(row.account_id),
        slots={"case_number": row.number, "at": _clock(when)}, urgent=True, at=at, actor=SYSTEM,
    )  # fmt: skip
    return True


def slots_of(row: Case, body: ProcessDefinition) -> dict[str, str]:
    """What the texts to staff say of a case."""
    return {
        "case_number": row.number,
        "process": body.title_zh,
        "step": body.step(row.step).name_zh if row.step else "—",
        "unit": row.unit.name,
        "deadline": _clock(row.due_at) if row.due_at else "—",
        "matter": (row.matter if not row.is_confidential else "") or "—",
    }


def due_clocks(*, now: datetime, most: int, but: Collection[int] = ()) -> tuple[int, ...]:
    """Clocks of which somebody is to be told by now, the earliest first; ``but`` are left out."""
    rows = CaseClock.objects.filter(next_at__isnull=False, next_at__lte=now).exclude(pk__in=but)
    return tuple(rows.order_by("next_at", "id").values_list("pk", flat=True)[:most])


@transaction.atomic
def tell_clock(*, clock_id: int, charter: Charter, at: datetime) -> bool:
    """Say that a share of a limit is used up: an entry on the timeline and a message to the roles of that share, and at its
    end to those of the breach. Whether there was anything to say: a clock that moved in the meantime says nothing."""
    number = CaseClock.objects.filter(pk=clock_id).values_list("case__number", flat=True).first()
    if number is None:
        return False
    row = locked_case(None, number)
    one = CaseClock.objects.get(pk=clock_id)
    body = charter.body_of(row)
    rule = log.rule_named(body, one.clock)
    percent, since = 0, at
    # After a pause of the worker only the highest share that is due is told, not each on the way.
    while one.next_percent is not None and one.next_at is not None and one.next_at <= at:
        percent, since = one.next_percent, one.next_at
        one.told_percent = percent
        one.next_percent, one.next_at = log.next_telling(one, rule, charter.days())
    if not percent:
        return False
    one.save(update_fields=["told_percent", "next_percent", "next_at"])
    is_breach = percent >= PERCENT
    roles = rule.breach if is_breach else _roles_at(rule, percent)
    people = [person for role in roles for person in people_for(row, role, at)]
    people += [row.handler] if row.handler and is_breach else []
    written = log.Log.of(row)
    written.add(
        "BREACHED" if is_breach else "WARNED", at=since, noted_at=at, actor=SYSTEM, what=one.clock,
        facts={"percent": percent, "roles": list(roles), "told": len(set(people))},
    )  # fmt: skip
    written.keep()
    tell(
        row,
        body,
        "case_breach" if is_breach else "case_warning",
        people,
        key=f"{one.pk}:{percent}",
        actor=SYSTEM,
        at=at,
    )
    if is_breach:
        events.publish(ClockBroken(row.number, row.process, one.clock, row.unit.path), at=at)
    return True


def _roles_at(rule: ClockRule, percent: int) -> tuple[str, ...]:
    return tuple(one.role for one in rule.warned if one.percent == percent)


def moment(at: datetime) -> str:
    """A short name of an instant for keys."""
    return f"{at.astimezone(BILLING_ZONE):%y%m%d%H%M%S}"


def _clock(at: datetime) -> str:
    return f"{at.astimezone(BILLING_ZONE):%m月%d日%H:%M}"
