"""Templates with their versions, and how a text looks with its slots filled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from wandeng.domains.notices import rendering
from wandeng.domains.notices.models import NoticeTemplate, NoticeTemplateVersion
from wandeng.domains.notices.types import (
    ChannelText,
    Preview,
    SlotShown,
    TemplateShown,
    VersionId,
    VersionShown,
)
from wandeng.kernel.errors import NotFound

Rows = QuerySet[Any, dict[str, Any]]
TEMPLATE_COLUMNS = (
    "id", "code", "name", "purpose", "audience", "is_default", "version_number", "version_is_default", "channels",
    "valid_from", "drafts",
)  # fmt: skip


def template_rows(*, on: date) -> Rows:
    """Templates: TEMPLATE_COLUMNS; the version is the one in force on the day, ``drafts`` wait for a second person."""
    held = NoticeTemplateVersion.objects.filter(template=OuterRef("pk"), state="APPROVED", valid_from__lte=on)
    newest = held.order_by("-valid_from")
    drafts = NoticeTemplateVersion.objects.filter(template=OuterRef("pk"), state="DRAFT").order_by()
    counted = drafts.values("template").annotate(count=Count("pk")).values("count")
    rows: Rows = NoticeTemplate.objects.annotate(
        version_number=Subquery(newest.values("number")[:1]),
        version_is_default=Subquery(newest.values("is_default")[:1]),
        channels=Subquery(newest.values("channels")[:1]),
        valid_from=Subquery(newest.values("valid_from")[:1]),
        drafts=Subquery(counted),
    ).values(*TEMPLATE_COLUMNS)
    return rows


def template(code: str, *, on: date) -> TemplateShown:
    """A template with its versions, newest first. Raises :class:`NotFound`."""
    row = NoticeTemplate.objects.filter(code=code).first()
    if row is None:
        raise NotFound(f"there is no notice template {code}")
    versions = list(
        NoticeTemplateVersion.objects.filter(template=row).annotate(used=Count("notices")).order_by("-number")
    )
    held = [one for one in versions if one.state == "APPROVED" and one.valid_from <= on]
    in_force = max(held, key=lambda one: one.valid_from, default=None)
    return TemplateShown(
        row.code, row.name, row.purpose, row.audience, row.is_default,
        tuple(_version(one, is_in_force=one is in_force) for one in versions),
    )  # fmt: skip


def version(version_id: int, *, on: date) -> tuple[TemplateShown, VersionShown]:
    """A version and the template it belongs to. Raises :class:`NotFound`."""
    code = NoticeTemplateVersion.objects.filter(pk=version_id).values_list("template__code", flat=True).first()
    if code is None:
        raise NotFound(f"there is no template version {version_id}")
    whole = template(code, on=on)
    return whole, next(one for one in whole.versions if one.version_id == version_id)


def template_codes() -> tuple[tuple[str, str], ...]:
    """(code, name) of every template, by code: for filters."""
    return tuple(NoticeTemplate.objects.order_by("code").values_list("code", "name"))


def preview(texts: Mapping[str, ChannelText], slots: Mapping[str, str] | None = None) -> tuple[Preview, ...]:
    """Texts with their slots filled, by examples where no value is given.

    Raises :class:`TextInvalid` for a text that cannot be sent.
    """
    shown = []
    for channel, one in texts.items():
        rendering.check_text(channel, one)
        names = rendering.slots_of(f"{one.title}{one.text}{one.reduced}")
        filled = rendering.examples(names) | dict(slots or {})
        text, reduced = rendering.fill(one.text, filled), rendering.fill(one.reduced, filled)
        shown.append(
            Preview(
                channel, rendering.fill(one.title, filled), text, reduced, rendering.parts_of(channel, text),
                rendering.parts_of(channel, reduced),
            )
        )  # fmt: skip
    return tuple(shown)


def slots_explained(names: tuple[str, ...] = ()) -> tuple[SlotShown, ...]:
    """The slots with these names, or all that the product knows: what they are, an example, whether they are personal."""
    return rendering.explained(names or tuple(rendering.SLOTS))


def _version(row: Any, *, is_in_force: bool) -> VersionShown:
    return VersionShown(
        version_id=VersionId(row.pk),
        number=row.number,
        state=row.state,
        valid_from=row.valid_from,
        channels=tuple(row.channels.split(",")),
        slots=tuple(name for name in row.slots.split(",") if name),
        texts=rendering.texts_from_json(row.texts),
        is_default=row.is_default,
        reason=row.reason,
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        is_in_force=is_in_force,
        notices=row.used,
    )
