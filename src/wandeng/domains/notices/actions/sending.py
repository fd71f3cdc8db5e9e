"""The intention to tell somebody something, written in the transaction of what is told; the worker does the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.customers.queries import places as accounts
from wandeng.domains.notices import defaults, rendering
from wandeng.domains.notices.actions import templates
from wandeng.domains.notices.models import Notice, NoticeRecipient, NoticeTemplate, NoticeTemplateVersion
from wandeng.domains.notices.types import NoTemplateInForce, NoticeId
from wandeng.domains.organization.queries import acting
from wandeng.infra import ids, statements
from wandeng.infra.statements import ListReading, Reading
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE


@transaction.atomic
def send(
    *,
    key: str,
    template: str,
    slots: Mapping[str, str],
    at: datetime,
    actor: Actor,
    account: AccountId | None = None,
    person: str = "",
    not_before: datetime | None = None,
    urgent: bool = False,
) -> NoticeId:
    """Write down that an account (by its contacts) or a member of staff (by code) is to be told; same key, same notice.

    The text is the template's version in force on the local day of ``at``. ``slots`` are those the version names beyond
    what is on record anyway (``utility``, ``hotline``, and for customers ``account_number``, ``name``, ``address``);
    others are left out. Nothing leaves before this transaction is committed.

    Raises :class:`InvalidInput` for a slot without a value or a recipient that does not fit the template,
    :class:`NotFound` for a template, account or person, :class:`NoTemplateInForce`.
    """
    known = Notice.objects.filter(key=key).values_list("pk", flat=True).first()
    if known is not None:
        return NoticeId(known)
    version = version_in_force(template, on=at.astimezone(BILLING_ZONE).date(), actor=actor, at=at)
    audience = version.template.audience
    if (audience == "STAFF") != bool(person) or (account is None) != bool(person):
        raise InvalidInput(f"template {template} is for {'a member of staff' if audience == 'STAFF' else 'an account'}")
    due_at = max(at, not_before) if not_before else at
    notice = Notice.objects.create(
        id=ids.reserve(Notice, 1),
        key=key,
        version=version,
        is_urgent=urgent,
        not_before=due_at,
        made_by=actor.code,
        made_at=at,
    )
    person_id, unit_id = _recipient(account, person)
    NoticeRecipient.objects.create(
        id=ids.reserve(NoticeRecipient, 1),
        notice=notice,
        account_id=account,
        person_id=person_id,
        unit_id=unit_id,
        slots=_written(version, slots),
        channel=version.channels.split(",")[0],
        rank=rendering.URGENT if urgent else rendering.ORDINARY,
        due_at=due_at,
    )
    return NoticeId(notice.pk)


@dataclass(frozen=True, slots=True)
class ToStaff:
    """What :func:`send_to_staff` takes: as the arguments of :func:`send`."""

    key: str
    template: str
    person: str
    slots: Mapping[str, str]
    at: datetime
    actor: Actor
    urgent: bool = False


_KNOWN: ListReading[tuple[str]] = ListReading(lambda keys: Notice.objects.filter(key__in=keys).values_list("key"), str)


def send_to_staff(told: Sequence[ToStaff]) -> int:
    """:func:`send` for many notices to members of staff at once; returns how many were not sent before. Raises as it does."""
    if not told:
        return 0
    # Whoever tells in the course of an action is refused with all of it: a savepoint of its own would cost more than the text.
    with transaction.atomic(savepoint=False):
        known = {key for (key,) in _KNOWN(one.key for one in told)}
        return _send_to_staff(list({one.key: one for one in told if one.key not in known}.values()))


def _send_to_staff(fresh: Sequence[ToStaff]) -> int:
    if not fresh:
        return 0
    first, second = ids.reserve(Notice, len(fresh)), ids.reserve(NoticeRecipient, len(fresh))
    versions: dict[tuple[str, date], NoticeTemplateVersion] = {}
    places: dict[str, tuple[int, int]] = {}
    notices, recipients = [], []
    for place, one in enumerate(fresh):
        named = (one.template, one.at.astimezone(BILLING_ZONE).date())
        if named not in versions:
            versions[named] = version_in_force(one.template, on=named[1], actor=one.actor, at=one.at)
        version = versions[named]
        if version.template.audience != "STAFF":
            raise InvalidInput(f"template {one.template} is for an account")
        if one.person not in places:
            places[one.person] = acting.person_place(one.person)
        person_id, unit_id = places[one.person]
        notice = Notice(
            id=first + place, key=one.key, version=version, is_urgent=one.urgent, not_before=one.at,
            made_by=one.actor.code, made_at=one.at,
        )  # fmt: skip
        recipient = NoticeRecipient(
            id=second + place, notice=notice, person_id=person_id, unit_id=unit_id, slots=_written(version, one.slots),
            channel=version.channels.split(",")[0], rank=rendering.URGENT if one.urgent else rendering.ORDINARY,
            due_at=one.at,
        )  # fmt: skip
        notices.append(notice)
        recipients.append(recipient)
    statements.insert(notices)
    statements.insert(recipients)
    return len(fresh)


def _written(version: NoticeTemplateVersion, slots: Mapping[str, str]) -> str:
    return json.dumps(chosen(version, slots), ensure_ascii=False, sort_keys=True)


def version_in_force(code: str, *, on: date, actor: Actor, at: datetime) -> NoticeTemplateVersion:
    """The approved version of a template that holds on a day; the product's own are put in place at their first use.

    A payment must not fail because nobody has installed the text of its receipt. Raises :class:`NotFound`,
    :class:`NoTemplateInForce`.
    """
    row = _APPROVED.first(code, on)
    if row is None and defaults.default(code) and not NoticeTemplate.objects.filter(code=code).exists():
        templates.install_default(code, actor=actor, at=at)
        row = _APPROVED.first(code, on)
    if row is None:
        templates.require_known(code)
        raise NoTemplateInForce(f"no approved text of {code} holds on {on}")
    return row


_APPROVED: Reading[NoticeTemplateVersion] = Reading(
    lambda code, on: (
        NoticeTemplateVersion.objects.select_related("template")
        .filter(state="APPROVED", valid_from__lte=on, template__code=code)
        .order_by("-valid_from", "-pk")
    ),
    str, date,
)  # fmt: skip


def chosen(version: NoticeTemplateVersion, slots: Mapping[str, str]) -> dict[str, str]:
    """The slots a version needs, and those it would else fill from the record. Raises :class:`InvalidInput`."""
    needed = [name for name in version.slots.split(",") if name]
    missing = [name for name in needed if not str(slots.get(name, "")).strip()]
    if missing:
        raise InvalidInput(f"the notice {version.template.code} lacks {', '.join(missing)}")
    return {name: str(slots[name]) for name in needed}


def _recipient(account: AccountId | None, person: str) -> tuple[int | None, int]:
    if account is not None:
        return None, accounts.unit_id_of(account)
    return acting.person_place(person)
