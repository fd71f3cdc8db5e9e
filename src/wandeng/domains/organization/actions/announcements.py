"""Notices to staff: written, published to the roles of a unit, recalled, read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.organization import states
from wandeng.domains.organization.models import Announcement, AnnouncementRead, Unit
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids, transitions
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound

AUTHORS = (Role.ADMINISTRATOR, Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER)
LONGEST_BODY = 10_000


@transaction.atomic
def draft_announcement(
    *,
    title: str,
    body: str,
    unit_code: str,
    visible_from: date,
    visible_to: date,
    actor: Actor,
    at: datetime,
    roles: Iterable[Role] = (),
    is_urgent: bool = False,
) -> int:
    """Write a notice for a unit and all below; no roles: for everybody there. Returns its id.

    ``visible_to`` is the first day it is not shown. Raises :class:`InvalidInput` for an empty title or body or a period
    that does not end after it begins, :class:`NotFound` for a unit outside the actor's.
    """
    unit = Scope.of(actor).one(Unit.objects.all(), "path", "unit", code=unit_code)
    require(actor, *AUTHORS, unit_path=unit.path)
    if not 0 < len(title.strip()) <= 128 or not 0 < len(body.strip()) <= LONGEST_BODY:
        raise InvalidInput("an announcement has a title of 1 to 128 characters and a text")
    if visible_to <= visible_from:
        raise InvalidInput(f"an announcement must end after it begins: {visible_from} to {visible_to}")
    chosen = sorted({str(Role(role)) for role in roles})
    row = Announcement.objects.create(
        id=ids.reserve(Announcement, 1),
        title=title.strip(),
        body=body.strip(),
        unit=unit,
        roles="".join(f",{role}" for role in chosen) + ("," if chosen else ""),
        is_urgent=is_urgent,
        visible_from=visible_from,
        visible_to=visible_to,
        created_by=actor.code,
        created_at=at,
    )
    facts = {"title": row.title, "roles": chosen, "from_on": visible_from, "to_on": visible_to}
    audit.record(actor=actor, action="announcement.draft", subject=row, facts=facts, at=at, unit_path=unit.path)
    return row.pk


@transaction.atomic
def publish_announcement(*, announcement_id: int, actor: Actor, at: datetime) -> None:
    """Show a draft to those it is for. Raises :class:`NotFound`, :class:`MoveRefused` for one that is no draft."""
    row = _announcement(announcement_id, actor)
    transitions.move(row, states.ANNOUNCEMENT, "publish", actor=actor, at=at, published_by=actor.code, published_at=at)
    facts = {"from": "DRAFT", "to": "PUBLISHED"}
    audit.record(actor=actor, action="announcement.publish", subject=row, facts=facts, at=at, unit_path=row.unit.path)


@transaction.atomic
def recall_announcement(*, announcement_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Show a notice to nobody any more; it stays on record. Raises :class:`InvalidInput` without a reason."""
    row = _announcement(announcement_id, actor)
    if not reason.strip():
        raise InvalidInput("an announcement is recalled for a stated reason")
    was, now = transitions.move(row, states.ANNOUNCEMENT, "recall", actor=actor, at=at, reason=reason)
    audit.record(
        actor=actor, action="announcement.recall", subject=row, facts={"from": was, "to": now}, at=at, reason=reason,
        unit_path=row.unit.path,
    )  # fmt: skip


def mark_read(*, announcement_id: int, actor: Actor, at: datetime) -> None:
    """Note that a person has read a notice; the first time counts. Raises :class:`NotFound`."""
    if actor.person_id is None:
        return
    told = (
        Announcement.objects.filter(pk=announcement_id, state="PUBLISHED").values_list("unit__path", flat=True).first()
    )
    # A notice reaches its unit and everything below; who administers from above may read it too.
    if told is None or not (actor.unit_path.startswith(told) or told.startswith(actor.unit_path)):
        raise NotFound(f"there is no announcement {announcement_id}")
    AnnouncementRead.objects.get_or_create(
        announcement_id=announcement_id, person_id=actor.person_id, defaults={"at": at}
    )


def _announcement(announcement_id: int, actor: Actor) -> Announcement:
    rows = Announcement.objects.select_related("unit")
    row = Scope.of(actor).one(rows, "unit__path", "announcement", pk=announcement_id)
    require(actor, *AUTHORS, unit_path=row.unit.path)
    return row
