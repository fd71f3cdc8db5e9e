"""Permits to work: lists, one with its points, the kinds of work there are lists of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from wandeng.domains.cases import permitting, reach
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.models import Case, WorkPermit
from wandeng.infra.effective.topics.repairs import WorkPermits
from wandeng.infra.scope import Scope, the_one

Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class CheckShown:
    """A precondition, and who saw it done when."""

    code: str
    words_zh: str
    words_en: str
    seen_at: datetime | None
    seen_by: str


@dataclass(frozen=True, slots=True)
class PermitShown:
    """A permit with its dangers (Chinese, English) and preconditions, and the source of its list."""

    number: str
    state: str
    case: str
    process: str
    step: str
    step_zh: str
    step_en: str
    job: str
    job_zh: str
    job_en: str
    work: str
    account_number: str
    address: str
    unit_name: str
    unit_path: str
    worker: str
    issuer: str
    written_at: datetime
    written_by: str
    issued_at: datetime | None
    valid_from: datetime
    valid_to: datetime
    closed_at: datetime | None
    closed_by: str
    note: str
    dangers: tuple[tuple[str, str], ...]
    checks: tuple[CheckShown, ...]
    checklist_path: str
    citation: str


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of work there is a list of."""

    code: str
    name_zh: str
    name_en: str
    most_hours: int


def permit_rows(scope: Scope, *, states: tuple[str, ...] = ()) -> Rows:
    """Permits: number, state, case_number, job, work, worker, issuer, unit_id, unit_name, valid_from, valid_to, open_checks.
    Lazy."""
    rows = reach.limit_permits(scope, WorkPermit.objects.all())
    if states:
        rows = rows.filter(state__in=states)
    return rows.values(
        "id", "number", "state", "job", "work", "worker", "valid_from", "valid_to", case_number=F("case__number"),
        unit_id=F("case__unit_id"), unit_name=F("case__unit__name"), issued_by=Coalesce(F("issuer"), Value("")),
        open_checks=Count("checks", filter=Q(checks__seen_at__isnull=True)),
    )  # fmt: skip


def permit(scope: Scope, number: str, *, charter: Charter) -> PermitShown:
    """One permit. Raises :class:`NotFound`, also out of reach."""
    rows = WorkPermit.objects.select_related("case__unit", "case__account")
    row = the_one(reach.limit_permits(scope, rows.filter(number=number)), "permit", number)
    case = row.case
    step = charter.body_of(case).step(row.step)
    versions = charter.rules.versions(WorkPermits, case.unit.territory)
    listed = next(
        (job for one in versions if one.path == row.checklist_path for job in one.body.jobs if job.code == row.job),
        None,
    )
    account = None if case.is_confidential else case.account
    return PermitShown(
        number=row.number, state=row.state, case=case.number, process=case.process, step=row.step,
        step_zh=step.name_zh, step_en=step.name_en, job=row.job, job_zh=listed.name_zh if listed else row.job,
        job_en=listed.name_en if listed else row.job, work=row.work,
        account_number=account.account_number if account else "", address=account.address if account else "",
        unit_name=case.unit.name, unit_path=case.unit.path, worker=row.worker, issuer=row.issuer or "", written_at=row.written_at,
        written_by=row.written_by, issued_at=row.issued_at, valid_from=row.valid_from, valid_to=row.valid_to,
        closed_at=row.closed_at, closed_by=row.closed_by, note=row.note,
        dangers=tuple((one["zh"], one["en"]) for one in json.loads(row.dangers)),
        checks=tuple(
            CheckShown(one.code, one.words_zh, one.words_en, one.seen_at, one.seen_by) for one in row.checks.order_by("place")
        ),
        checklist_path=row.checklist_path, citation=listed.citation if listed else "",
    )  # fmt: skip


def is_reached(scope: Scope, number: str) -> bool:
    """Whether a permit lies in the unit or hands of who asks."""
    return reach.limit_permits(scope, WorkPermit.objects.filter(number=number)).exists()


def permits_of(scope: Scope, case: str) -> tuple[tuple[str, str, str], ...]:
    """Number, state and step of the permits of a case, the newest first."""
    rows = reach.limit_permits(scope, WorkPermit.objects.filter(case__number=case)).order_by("-id")
    return tuple(rows.values_list("number", "state", "step"))


def is_wanted(scope: Scope, case: str, *, charter: Charter) -> bool:
    """Whether the step a case stands at needs a permit. Raises :class:`NotFound`."""
    row = reach.one(scope, Case.objects.select_related("unit"), case)
    return row.state == "OPEN" and bool(row.step) and permitting.is_wanted(row, charter.body_of(row).step(row.step))


def job_kinds(*, charter: Charter, territory: str, on: date) -> tuple[JobKind, ...]:
    """The kinds of work there are lists of on a day. Raises :class:`NoRuleInForce`."""
    body = charter.rules.version(WorkPermits, on=on, territory=territory).body
    return tuple(JobKind(one.code, one.name_zh, one.name_en, one.most_hours) for one in body.jobs)
