"""What proves cases, and for how long it is kept: lists for those who answer for it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from wandeng.domains.cases.models import Case, CasePaper, EvidenceDestruction, EvidenceHold
from wandeng.domains.organization import queries as organization
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, Any]
ENDED = ("CLOSED", "WITHDRAWN")


def evidence_rows(scope: Scope, *, today: date) -> Rows:
    """Cases that were closed or withdrawn, or merged into such a case, whose evidence is kept for so many years and that have a file, or had one: number, process, grade,
    ended_at, kept_until, files (that are still there), standing, proposed_by, proposed_at, why (of the proposal or the hold),
    unit_id, unit_name. Standing is KEPT, DUE (the years are over), HELD, PROPOSED or DESTROYED. Lazy."""
    proposed = EvidenceDestruction.objects.filter(case=OuterRef("pk"), state="PROPOSED")
    held = EvidenceHold.objects.filter(
        Q(case=OuterRef("pk")) | Q(case=OuterRef("into")), released_at__isnull=True
    ).order_by("id")
    filed = CasePaper.objects.filter(case=OuterRef("pk")).exclude(file_hash="")
    destroyed = CasePaper.objects.filter(case=OuterRef("pk"), destroyed_at__isnull=False)
    here = filed.filter(destroyed_at__isnull=True).order_by().values("case").annotate(n=Count("pk")).values("n")
    ended = Q(state__in=ENDED) | Q(state="MERGED", into__state__in=ENDED)
    rows = Case.objects.filter(ended, kept_until__isnull=False)
    if scope.prefix:
        rows = rows.filter(unit_id__in=[one.unit_id for one in organization.unit_tree(scope)])
    rows = rows.filter(Exists(filed) | Exists(destroyed)).annotate(
        standing=Choose(
            When(Exists(held), then=Value("HELD")),
            When(Exists(proposed), then=Value("PROPOSED")),
            When(~Exists(filed.filter(destroyed_at__isnull=True)), then=Value("DESTROYED")),
            When(Q(kept_until__lt=today), then=Value("DUE")),
            default=Value("KEPT"),
            output_field=CharField(),
        ),
    )
    return rows.values(
        "id", "number", "process", "grade", "ended_at", "kept_until", "standing", "unit_id", unit_name=F("unit__name"),
        files=Subquery(here), proposed_by=Subquery(proposed.values("proposed_by")[:1]),
        proposed_at=Subquery(proposed.values("proposed_at")[:1]),
        why=Choose(
            When(Exists(held), then=Subquery(held.values("reason")[:1])),
            default=Subquery(proposed.values("reason")[:1]),
            output_field=CharField(),
        ),
    )  # fmt: skip


def destroyed(scope: Scope, number: str) -> list[dict[str, Any]]:
    """What was destroyed of a case, by whom and why: reason, proposed_by, proposed_at, decided_by, decided_at, what (a list of kind,
    step and hash).

    Raises :class:`NotFound`, also outside the scope.
    """
    row = scope.one(Case.objects.select_related("unit"), "unit__path", "case", number=number)
    rows = EvidenceDestruction.objects.filter(case=row, state="DONE").order_by("id")
    wanted = ("reason", "proposed_by", "proposed_at", "decided_by", "decided_at", "what")
    return [{**one, "what": json.loads(str(one["what"]))["files"]} for one in rows.values(*wanted)]
