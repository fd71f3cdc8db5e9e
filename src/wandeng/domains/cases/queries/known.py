"""What stands beside a caller before a form is filled in: who it is, what is open already, what the form can take over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from wandeng.domains.cases import form
from wandeng.domains.cases.actions.intake import Place, known_values
from wandeng.domains.cases.charter import Charter, local_day
from wandeng.domains.cases.models import Case
from wandeng.domains.cases.types import CaseGlance, Request
from wandeng.infra import pii
from wandeng.infra.processes.parts import Named
from wandeng.infra.scope import Scope

_MOST = 20


def cases_of(scope: Scope, account_number: str, *, charter: Charter, most: int = _MOST) -> tuple[CaseGlance, ...]:
    """The cases of an account, open ones first, then the newest. Confidential ones are left out: beside an account their number
    would say whose they are."""
    asked = _related().filter(account__account_number=account_number, is_confidential=False)
    rows = scope.limit(asked, "unit__path")
    found = list(rows.order_by("-opened_at")[: most * 2])
    return tuple(glance(row, charter) for row in sorted(found, key=lambda row: row.state != "OPEN")[:most])


def cases_by_phone(scope: Scope, phone: str, *, charter: Charter, most: int = _MOST) -> tuple[CaseGlance, ...]:
    """The newest cases a number is named in."""
    rows = scope.limit(_related().filter(phone_index=form.phone_index(phone)), "unit__path")
    return tuple(glance(row, charter) for row in rows.order_by("-opened_at")[:most])


def duplicates(scope: Scope, *, request: Request, charter: Charter, now: datetime) -> tuple[CaseGlance, ...]:
    """Open cases of the same kind about the same account or place within the time the process names (重复诉求).

    Raises :class:`NotFound` for a process, account or unit that is not there.
    """
    return duplicates_at(scope, Place.of(request, scope), request=request, charter=charter, now=now)


def duplicates_at(
    scope: Scope, place: Place, *, request: Request, charter: Charter, now: datetime
) -> tuple[CaseGlance, ...]:
    """The same for a place that was looked up already."""
    body = charter.processes.version(request.process, on=local_day(now)).body
    if body.intake.joined_by == "NOTHING" or not body.intake.joined_within_hours:
        return ()
    since = now - timedelta(hours=body.intake.joined_within_hours)
    rows = scope.limit(_related().filter(process=request.process, opened_at__gte=since, state="OPEN"), "unit__path")
    found = []
    if place.account:
        found = list(rows.filter(account_id=place.account.id).order_by("-opened_at")[:_MOST])
    if not found and body.intake.joined_by == "PLACE":
        where = next((request.answers.get(one.code, "") for one in body.fields if one.known_as == "ADDRESS"), "")
        found = list(rows.filter(place_index=form.place_index(where)).order_by("-opened_at")[:_MOST]) if where else []
        if not found and place.transformer:
            found = list(rows.filter(transformer_id=place.transformer.id).order_by("-opened_at")[:_MOST])
    return tuple(glance(row, charter) for row in found)


def prefilled(scope: Scope, *, request: Request, charter: Charter, on: datetime) -> dict[str, str]:
    """What the form can take over from what is known (免填单): field → value, telephone numbers masked. Fields left empty
    are filled with the same values when the case is opened.

    Raises :class:`NotFound`, :class:`InvalidInput` as opening does.
    """
    return prefilled_at(Place.of(request, scope), process=request.process, charter=charter, on=on)


def prefilled_at(place: Place, *, process: str, charter: Charter, on: datetime) -> dict[str, str]:
    """The same for a place that was looked up already."""
    body = charter.processes.version(process, on=local_day(on)).body
    known = known_values(place.account, place.transformer)
    found = {one.code: known.get(one.known_as, "") for one in body.fields if one.known_as}
    phones = {one.code for one in body.fields if one.known_as == "PHONE"}
    return {code: pii.mask_phone(text) if code in phones else text for code, text in found.items() if text}


def caller_mark(phone: str) -> str:
    """What a number is found again by, for those who join a case; empty for none."""
    return form.phone_index(phone)


def caller_index(phone: str) -> str:
    """What a caller's number is known by where the number itself is not kept."""
    return form.phone_index(phone)


def glance(row: Case, charter: Charter) -> CaseGlance:
    """A case in a list of few."""
    body = charter.body_of(row)
    stage = named(body.stages, row.stage)
    return CaseGlance(
        number=row.number, process=row.process, process_zh=body.title_zh, process_en=body.title_en, state=row.state,
        stage=row.stage, stage_zh=stage[1], stage_en=stage[2], matter="" if row.is_confidential else row.matter,
        unit_name=row.unit.name, account_number=row.account.account_number if row.account else "", owner=row.owner,
        handler=row.handler, opened_at=row.opened_at, due_at=row.due_at,
    )  # fmt: skip


def named(values: Sequence[Named], code: str) -> tuple[str, str, str]:
    """A code with its words; the code itself where it is not among the values."""
    found = next((one for one in values if one.code == code), None)
    return (code, found.name_zh, found.name_en) if found else (code, code, code)


def _related() -> QuerySet[Case]:
    return Case.objects.select_related("unit", "account")
