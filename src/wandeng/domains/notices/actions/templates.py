"""Templates: the product's own are put in place, the utility drafts new versions, a second person approves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.notices import defaults, rendering, states
from wandeng.domains.notices.models import NoticeTemplate, NoticeTemplateVersion
from wandeng.domains.notices.types import Channel, ChannelText, OwnDraft, Purpose, TextInvalid, VersionId
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids, transitions
from wandeng.infra.scope import require_root
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

AUTHORS = (Role.ADMINISTRATOR, Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER, Role.BILLING_REVIEWER)
FIRST_DAY = date(2000, 1, 1)
"""From when the product's own texts hold: before anything that is told."""


@transaction.atomic
def install_defaults(*, actor: Actor, at: datetime) -> int:
    """Put the product's own templates in place, those that are missing; returns how many."""
    known = set(NoticeTemplate.objects.values_list("code", flat=True))
    missing = [one for one in defaults.DEFAULTS if one.code not in known]
    for one in missing:
        _install(one, actor, at)
    return len(missing)


def install_default(code: str, *, actor: Actor, at: datetime) -> None:
    """Put one of them in place, in the caller's transaction. Raises :class:`NotFound` for a code the product has not."""
    found = defaults.default(code)
    if found is None:
        raise NotFound(f"there is no notice template {code}")
    _install(found, actor, at)


def _install(default: defaults.DefaultTemplate, actor: Actor, at: datetime) -> None:
    template = NoticeTemplate.objects.create(
        id=ids.reserve(NoticeTemplate, 1),
        code=default.code,
        name=default.name,
        purpose=default.purpose,
        audience=default.audience,
        is_default=True,
    )
    version = _write(template, default.channels, default.texts, FIRST_DAY, actor, at, reason="", is_default=True)
    transitions.move(version, states.VERSION, "approve", actor=actor, at=at, approved_at=at)


@transaction.atomic
def create_template(
    *, code: str, name: str, purpose: str, actor: Actor, at: datetime, audience: str = "CUSTOMER"
) -> None:
    """A new template, still without a text.

    Raises :class:`InvalidInput` for a code that is no plain word, a purpose or audience nobody knows, no name,
    :class:`Conflict` for a code that is taken, :class:`NotAllowed` unless the actor writes templates of the whole
    installation.
    """
    require_root(actor, *AUTHORS)
    plain = code.replace("_", "")
    if not (plain.isascii() and plain.isalnum() and code == code.lower() and len(code) <= 48):
        raise InvalidInput("a template's code is made of small letters, digits and _")
    if purpose not in set(Purpose) or audience not in ("CUSTOMER", "STAFF") or not 0 < len(name.strip()) <= 64:
        raise InvalidInput("a template has a name, a purpose and an audience")
    if NoticeTemplate.objects.filter(code=code).exists():
        raise Conflict(f"there is a template {code} already")
    row = NoticeTemplate.objects.create(
        id=ids.reserve(NoticeTemplate, 1), code=code, name=name.strip(), purpose=purpose, audience=audience
    )
    facts = {"template": code, "purpose": purpose}
    audit.record(actor=actor, action="notice_template.create", subject=row, facts=facts, at=at)


def require_known(code: str) -> NoticeTemplate:
    """The template with this code. Raises :class:`NotFound`."""
    row = NoticeTemplate.objects.filter(code=code).first()
    if row is None:
        raise NotFound(f"there is no notice template {code}")
    return row


@transaction.atomic
def draft_version(
    *,
    code: str,
    texts: Mapping[str, ChannelText],
    channels: Sequence[str],
    valid_from: date,
    reason: str,
    actor: Actor,
    at: datetime,
) -> VersionId:
    """Draft new texts from a day on; they are used once somebody else approves. Returns the version's id.

    ``channels`` is the order in which channels are tried. Raises :class:`TextInvalid`, :class:`InvalidInput` for a
    channel without a text, a day in the past or no reason, :class:`NotFound`, :class:`NotAllowed`.
    """
    require_root(actor, *AUTHORS)
    template = require_known(code)
    if not reason.strip():
        raise InvalidInput("a text is changed for a stated reason")
    _not_past(valid_from, at)
    version = _write(template, channels, texts, valid_from, actor, at, reason=reason.strip())
    facts = {"template": code, "version": version.number, "from_on": valid_from}
    audit.record(actor=actor, action="notice_template.draft", subject=version, facts=facts, at=at, reason=reason)
    return VersionId(version.pk)


@transaction.atomic
def approve_version(*, version_id: int, actor: Actor, at: datetime, reason: str = "") -> None:
    """Let a drafted text hold from its day on; from then on nobody changes it.

    Raises :class:`OwnDraft`, :class:`NotFound`, :class:`InvalidInput` when its day has passed, :class:`Conflict` when
    another version holds from the same day or it is no draft any more.
    """
    require_root(actor, *AUTHORS)
    row = _version(version_id)
    if row.drafted_by == actor.code:
        raise OwnDraft("a text is approved by a second person")
    _not_past(row.valid_from, at)
    same = NoticeTemplateVersion.objects.filter(template=row.template, valid_from=row.valid_from, state="APPROVED")
    if same.exists():
        raise Conflict(f"another version of {row.template.code} holds from {row.valid_from} already")
    transitions.move(
        row, states.VERSION, "approve", actor=actor, at=at, reason=reason, approved_by=actor.code, approved_at=at
    )
    facts = {"template": row.template.code, "version": row.number, "from_on": row.valid_from}
    audit.record(actor=actor, action="notice_template.approve", subject=row, facts=facts, at=at, reason=reason)


@transaction.atomic
def withdraw_version(*, version_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Take back a draft, or an approved text whose day has not come.

    Raises :class:`Conflict` for one that has been in force: it is followed by another, never taken back.
    """
    require_root(actor, *AUTHORS)
    row = _version(version_id)
    if not reason.strip():
        raise InvalidInput("a text is withdrawn for a stated reason")
    if row.state == "APPROVED" and row.valid_from <= at.astimezone(BILLING_ZONE).date():
        raise Conflict(f"this text of {row.template.code} has held since {row.valid_from}: draft a new version instead")
    transitions.move(row, states.VERSION, "withdraw", actor=actor, at=at, reason=reason)
    facts = {"template": row.template.code, "version": row.number}
    audit.record(actor=actor, action="notice_template.withdraw", subject=row, facts=facts, at=at, reason=reason)


def _write(
    template: NoticeTemplate,
    channels: Sequence[str],
    texts: Mapping[str, ChannelText] | Mapping[Channel, ChannelText],
    valid_from: date,
    actor: Actor,
    at: datetime,
    *,
    reason: str,
    is_default: bool = False,
) -> NoticeTemplateVersion:
    order = list(dict.fromkeys(str(channel) for channel in channels))
    if unknown := set(order) - set(Channel):
        raise InvalidInput(f"there is no channel {', '.join(sorted(unknown))}")
    plain = {str(channel): text for channel, text in texts.items() if str(channel) in order}
    if not order or set(order) != set(plain):
        raise TextInvalid("a version has a text for each of its channels, one at least")
    for channel, text in plain.items():
        rendering.check_text(channel, text)
    used = [slot for text in plain.values() for one in (text.text, text.title) for slot in rendering.slots_of(one)]
    last = NoticeTemplateVersion.objects.filter(template=template).order_by("-number").first()
    return NoticeTemplateVersion.objects.create(
        id=ids.reserve(NoticeTemplateVersion, 1),
        template=template,
        number=last.number + 1 if last else 1,
        valid_from=valid_from,
        channels=",".join(order),
        slots=",".join(sorted(set(used) - rendering.given(template.audience))),
        texts=rendering.texts_as_json(plain),
        is_default=is_default,
        reason=reason,
        drafted_by=actor.code,
        drafted_at=at,
    )


def _version(version_id: int) -> NoticeTemplateVersion:
    row = NoticeTemplateVersion.objects.select_related("template").filter(pk=version_id).first()
    if row is None:
        raise NotFound(f"there is no template version {version_id}")
    return row


def _not_past(valid_from: date, at: datetime) -> None:
    if valid_from < at.astimezone(BILLING_ZONE).date():
        raise InvalidInput(f"{valid_from} is in the past: what was told is not written anew")
