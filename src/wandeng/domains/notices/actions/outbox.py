"""What people decide in the outbox: cancel, send again, what became of a message nobody knows of, and what is reported."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.notices import states
from wandeng.domains.notices.models import NoticeAttempt, NoticeRecipient
from wandeng.domains.notices.types import Outcome
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, transitions
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound

KEEPERS = (
    Role.CALL_CLERK, Role.HALL_CLERK, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.BILLING_CLERK, Role.ACCOUNTANT,
    Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER,
)  # fmt: skip
"""Who looks after what was not delivered."""


@transaction.atomic
def cancel(*, recipient_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Take a notice that waits out of line. Raises :class:`InvalidInput` without a reason, :class:`NotFound`,
    :class:`MoveRefused` for one that is on its way."""
    _move(recipient_id, "cancel", reason, actor, at, action="notice.cancel", due_at=None, why="CANCELLED")


@transaction.atomic
def send_again(*, recipient_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Have a notice that failed, was cancelled or is unknown sent again, from its first channel on, under a new number.

    Raises as :func:`cancel`. Of an unknown one nobody can say that it was not read already: that is why it is a person's
    decision, and why it asks for a reason.
    """
    row = _recipient(recipient_id, actor)
    first = (row.own_channels or row.notice.version.channels).split(",")[0]
    _move(
        recipient_id, "send_again", reason, actor, at, action="notice.send_again", due_at=at, why="", channel=first,
        round=row.round + 1, tries=0,
    )  # fmt: skip


@transaction.atomic
def settle_unknown(*, recipient_id: int, was_reached: bool, reason: str, actor: Actor, at: datetime) -> None:
    """Write down what a person found out about a message nobody knew of: it arrived, or it did not.

    Raises as :func:`cancel`, also for one that is not unknown.
    """
    row = _recipient(recipient_id, actor)
    if row.state != "UNKNOWN":
        raise transitions.MoveRefused(f"notice {recipient_id} is {row.state}, not UNKNOWN", state=row.state)
    if was_reached:
        _move(recipient_id, "deliver", reason, actor, at, action="notice.settle", due_at=None, why="", reached_at=at)
    else:
        _move(recipient_id, "fail", reason, actor, at, action="notice.settle", due_at=None, why="UNDELIVERED")


@transaction.atomic
def report(*, message_id: str, delivered: bool, actor: Actor, at: datetime, detail: str = "") -> bool:
    """A gateway's delivery report, by the message's number; returns whether it changed anything.

    One that comes twice, late or for an older attempt changes nothing. Raises :class:`NotFound` for a number nobody
    sent under, :class:`NotAllowed` unless the actor administers.
    """
    attempt = NoticeAttempt.objects.filter(message_id=message_id).first()
    if attempt is None:
        raise NotFound(f"there is no message {message_id}")
    rows = NoticeRecipient.objects.select_for_update(of=("self",)).select_related("notice__version", "unit")
    row = rows.get(pk=attempt.recipient_id)
    require(actor, Role.ADMINISTRATOR, unit_path=row.unit.path)
    is_current = (row.channel, row.round) == (attempt.channel, attempt.round)
    if not is_current or row.state not in ("SENDING", "SENT", "UNKNOWN"):
        return False
    outcome = Outcome.DELIVERED if delivered else Outcome.UNDELIVERED
    NoticeAttempt.objects.filter(pk=attempt.pk).update(outcome=outcome, answer=detail[:200], last_at=at)
    if delivered:
        transitions.move(
            row, states.RECIPIENT, "deliver", actor=actor, at=at, due_at=None, why="", tries=0, reached_at=at
        )
        return True
    channels = (row.own_channels or row.notice.version.channels).split(",")
    after = channels[channels.index(row.channel) + 1 :] if row.channel in channels else []
    verb, channel, due_at = ("fall_back", after[0], at) if after else ("fail", row.channel, None)
    transitions.move(
        row, states.RECIPIENT, verb, actor=actor, at=at, channel=channel, due_at=due_at, why="UNDELIVERED", tries=0
    )
    return True


def _recipient(recipient_id: int, actor: Actor) -> NoticeRecipient:
    rows = NoticeRecipient.objects.select_related("unit", "notice__version")
    return Scope.of(actor).one(rows, "unit__path", "notice", pk=recipient_id)


def _move(
    recipient_id: int, verb: str, reason: str, actor: Actor, at: datetime, *, action: str, **also: object
) -> None:
    row = _recipient(recipient_id, actor)
    require(actor, *KEEPERS, unit_path=row.unit.path)
    if not reason.strip():
        raise InvalidInput("this is done for a stated reason")
    was, now = transitions.move(row, states.RECIPIENT, verb, actor=actor, at=at, reason=reason, **also)
    facts = {"from": was, "to": now}
    audit.record(actor=actor, action=action, subject=row, facts=facts, at=at, reason=reason, unit_path=row.unit.path)
