"""Leads for those who may learn whom they name, and how often leads led to something."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Count, F, QuerySet

from wandeng.domains.losses import evidence
from wandeng.domains.losses.models import LossLead
from wandeng.domains.losses.types import Answer, HitRate, LeadShown
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

_UNIT = "transformer__unit__path"
Rows = QuerySet[Any, Any]


def leads_rows(scope: Scope) -> Rows:
    """Leads, for LEAD_READERS only: id, state, area_code, area_name, unit_id, unit_name, account_number, account_name, from_on, to_on,
    rank, attributed_ckwh, coefficient_e4, share_e4, days, whole_days, tests, case_number, made_at, answered_at."""
    rows = scope.limit(LossLead.objects.all(), _UNIT)
    return rows.values(
        "id", "state", "from_on", "to_on", "rank", "attributed_ckwh", "coefficient_e4", "share_e4", "days", "whole_days",
        "tests", "case_number", "made_at", "answered_at", area_code=F("transformer__code"),
        area_name=F("transformer__name"), unit_id=F("transformer__unit_id"), unit_name=F("transformer__unit__name"),
        account_number=F("account__account_number"), account_name=F("account__name"),
    )  # fmt: skip


def lead(scope: Scope, lead_id: int) -> LeadShown:
    """A lead with its evidence, for LEAD_READERS only. Raises :class:`NotFound`."""
    return _shown(scope.one(_related(), _UNIT, "lead", pk=lead_id))


def lead_of_case(case_number: str) -> int:
    """The lead a case was opened on. Raises :class:`NotFound`."""
    found = (
        LossLead.objects.filter(case_number=case_number).exclude(case_number="").values_list("pk", flat=True).first()
    )
    if found is None:
        raise NotFound(f"no lead has the case {case_number}")
    return found


def new_leads(scope: Scope) -> tuple[int, ...]:
    """Leads on which no case was opened and against which no neighbour speaks, the most energy first."""
    rows = scope.limit(LossLead.objects.filter(state="NEW"), _UNIT).order_by("-attributed_ckwh", "id")
    return tuple(pk for pk, tests in rows.values_list("pk", "tests") if evidence.MIRRORED not in tests.split(","))


def hit_rate(scope: Scope) -> HitRate:
    """How many leads were answered, and by what."""
    rows = scope.limit(LossLead.objects.all(), _UNIT).order_by().values_list("state").annotate(n=Count("id"))
    counted = dict(rows)
    of = {one: counted.get(one.value, 0) for one in Answer}
    return HitRate(
        sum(of.values()), of[Answer.CONFIRMED], of[Answer.WIRING], of[Answer.RELATION], of[Answer.NOTHING_FOUND]
    )


def _related() -> QuerySet[LossLead]:
    return LossLead.objects.select_related("transformer__unit", "usage_point", "account")


def _shown(row: LossLead) -> LeadShown:
    unit = row.transformer.unit
    return LeadShown(
        row.pk, row.state, row.transformer.code, row.transformer.name, unit.code, unit.path, row.usage_point.code,
        row.account.account_number, row.account.name, row.from_on, row.to_on, row.rank, row.attributed_ckwh,
        row.coefficient_e4, row.share_e4, row.explained_e4, row.correlation_e4, row.days, row.whole_days,
        tuple(one for one in row.tests.split(",") if one), json.loads(row.evidence), row.case_number, row.note,
        row.made_at, row.answered_at, row.answered_by,
    )  # fmt: skip
