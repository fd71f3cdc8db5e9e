"""Showing a personal field of a case in the clear (查看完整信息): for a stated reason, logged, and so many an hour."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.cases import form, log, reach, recording
from wandeng.domains.cases.actions.work import SUPERVISORS
from wandeng.domains.cases.locking import locked_case
from wandeng.domains.customers.actions import contacts
from wandeng.domains.organization import queries as organization
from wandeng.infra import operations
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound
from wandeng.kernel.periods import BILLING_ZONE

REVEAL = "case.reveal"


@transaction.atomic
def reveal(*, number: str, field: str, reason: str, actor: Actor, at: datetime) -> str:
    """A personal field in the clear. Who looked, when and why stands in the operation log and on the case.

    What a person saw of contacts counts with what they saw of cases. Raises :class:`InvalidInput` without a reason,
    :class:`NotFound` for a field that is not personal or was left empty, :class:`NotAllowed` for a confidential case in
    other hands, ``TooManyReveals`` beyond the parameter ``reveal.per_hour``.
    """
    if not reason.strip():
        raise InvalidInput("a personal field is shown only for a stated reason")
    row = locked_case(actor, number, in_hand=True)
    value = form.personal_answers(row).get(field)
    if value is None:
        raise NotFound(f"case {number} has no personal field {field}")
    if row.is_confidential and not may_see(
        actor, owner=row.owner, handler=row.handler, is_over=reach.is_over(actor, row)
    ):
        raise NotAllowed(f"case {number} is confidential: whose it is stays with those who have it in hand")
    most = organization.parameter_int(contacts.REVEALS_AN_HOUR, at.astimezone(BILLING_ZONE).date())
    seen = sum(
        operations.count_since(actor_code=actor.code, action=action, since=at - contacts.HOUR, most=most)
        for action in (REVEAL, contacts.REVEAL)
    )
    if seen >= most:
        raise contacts.TooManyReveals(f"{actor.code} has seen {most} personal values within an hour: no more for now")
    written = log.Log.of(row)
    written.add("REVEALED", at=at, noted_at=at, actor=actor, what=row.step, note=reason, facts={"field": field})
    written.keep()
    recording.record(REVEAL, row, {"field": field}, actor, at, reason)
    return value


def may_see(actor: Actor, *, owner: str, handler: str, is_over: bool) -> bool:
    """Whether somebody may learn whose a confidential case is: who took it, who has it, and who
    answers for it (``is_over``: in their own unit)."""
    return actor.code in (owner, handler) or (is_over and any(actor.has(role) for role in SUPERVISORS))
